/** The changes before and after what a view of the past shows. */
import type { CallOptions, Client, Revision } from '../../client/index.js';
import { rangeOf, readPast, type PastRequest } from './past.js';

export interface Neighbour {
  /** The revision at which the key, or the prefix, can be read as it was after that change; undefined: there are not so many. */
  revision: Revision | undefined;
  /** etcd has nothing from before this revision; '1': it has everything. */
  since: Revision;
}

/**
 * The change that is `steps` before the last one at `revision`.
 * @throws EtcdError as readPast()
 */
export async function changeBefore(
  client: Client,
  request: PastRequest,
  revision: Revision,
  steps: number,
  options: CallOptions,
): Promise<Neighbour> {
  const found = new Set<Revision>();
  for await (const { changes, since } of readPast(client, { ...request, until: revision }, options)) {
    for (const { at } of changes) {
      found.add(at);
      if (found.size > steps) return { revision: at, since: since ?? '1' };
    }
    if (since !== undefined) return { revision: undefined, since };
  }
  return { revision: undefined, since: '1' };
}

/**
 * The change that is `steps` after `revision`.
 * @throws EtcdError as Client.replay()
 */
export async function changeAfter(
  client: Client,
  request: PastRequest,
  revision: Revision,
  steps: number,
  options: CallOptions,
): Promise<Neighbour> {
  const found = new Set<Revision>();
  const from = String(BigInt(revision) + 1n);
  let known = from;
  for await (const { events, since } of client.replay({ ...rangeOf(request), from }, options)) {
    known = since;
    for (const { kv } of events) {
      found.add(kv.modRevision);
      if (found.size === steps) return { revision: kv.modRevision, since };
    }
  }
  return { revision: undefined, since: known };
}
