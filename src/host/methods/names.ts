/** `names`: what has come and gone in a listing that is watched, since the editor was told so last. */
import * as v from 'valibot';
import { isEtcdError, type Client, type Revision } from '../../client/index.js';
import type { Address } from '../../keyspace/address.js';
import { firstKeys } from '../../keyspace/listing/first-keys.js';
import { lineOf } from '../lines.js';
import type { OpenedListing } from '../listings.js';
import type { Listed } from '../live/told.js';
import { int64 } from '../params.js';
import { defineMethod, type Host, type RequestOptions } from './method.js';

const params = v.object({
  /** The address of the listing. */
  name: v.string(),
  /** All names are wanted: those that the editor has are not what the newest listing had. */
  whole: v.boolean(),
  /** The revision at which the editor has them: what was told later, it has not taken. */
  revision: int64,
});
export type NamesWanted = v.InferOutput<typeof params>;

/** Names as they are at that revision, in etcd's byte order; those that are not in it have not changed. */
export interface NamesChanged {
  revision: Revision;
  /** They are there, and may have been before. */
  come: string[];
  /** They are not. */
  gone: string[];
}

export const names = defineMethod({ failure: 'cannot list again', timeout: 'list', params, run: namesNow });

/** All names, if it is not known which of them have changed. */
async function namesNow(
  { name, whole, revision }: NamesWanted,
  host: Host,
  options: RequestOptions,
): Promise<NamesChanged | OpenedListing> {
  const { session, live, listings } = host;
  const address = session.address(name);
  const client = session.client(address.profile);
  const listed = live.listed(address);
  if (listed && BigInt(revision) < BigInt(listed.given)) listed.names.lose();
  const began = performance.now();
  try {
    const changed = listed && (await namesChanged(client, address, listed, whole, options));
    const answer = changed ?? (await listings.open(client, address, false, options));
    listed?.give(answer.revision, performance.now() - began);
    return answer;
  } catch (thrown) {
    listed?.fail(isEtcdError(thrown) && thrown.retryable);
    throw thrown;
  }
}

/** undefined: that is not known. */
async function namesChanged(
  client: Client,
  { key: prefix }: Address,
  { names: heard, at }: Listed,
  whole: boolean,
  options: RequestOptions,
): Promise<NamesChanged | undefined> {
  // Also if all are read: what was heard so far is in them.
  const known = heard.take();
  if (!known || whole) return undefined;
  const first = await firstKeys(client, { prefix, names: known.doubtful, revision: at }, options).catch((thrown: unknown) => {
    // The past can be compacted, or a range be more than the roles allow.
    if (isEtcdError(thrown, 'compacted', 'permission_denied')) return undefined;
    throw thrown;
  });
  if (!first) return undefined;
  for (const key of first) if (key !== undefined) heard.found(key);
  const has = (wanted: boolean): string[] => known.doubtful.filter((_, i) => (first[i] !== undefined) === wanted);
  return { revision: at, come: lines([...known.there, ...has(true)]), gone: lines([...known.gone, ...has(false)]) };
}

function lines(found: readonly string[]): string[] {
  return [...found].sort((one, other) => (one < other ? -1 : 1)).map(lineOf);
}
