/** Whether there is anything below some of the names of a level. */
import { prefixEnd, type CallOptions, type Client, type Key, type Revision } from '../../client/index.js';
import { openReader } from './reader.js';

export interface FirstKeysRequest {
  prefix: Key;
  /** Children of the prefix that are prefixes themselves. */
  names: readonly Key[];
  /** How they were at this revision. */
  revision: Revision;
}

/**
 * One request for 128 names.
 * @returns the first key below each name, undefined if there is none
 * @throws EtcdError as Client.rangeMany()
 */
export async function firstKeys(
  client: Client,
  { prefix, names, revision }: FirstKeysRequest,
  options: CallOptions,
): Promise<(Key | undefined)[]> {
  const reader = openReader(client, { revision, clusterId: undefined, mayBeStale: false }, options);
  const found: (Key | undefined)[] = [];
  while (found.length < names.length) {
    const some = names.slice(found.length, found.length + reader.most());
    const questions = some.map((name) => ({ start: prefix + name, end: prefixEnd(prefix + name), keys: 1, limit: 1 }));
    for (const { keys } of await reader.ask(questions)) found.push(keys[0]);
  }
  return found;
}
