/** Some keys, by name, with their values, at one revision: a txn of ranges, and more of them if there are many keys. */
import {
  isEtcdError,
  kvsOf,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyValue,
  type Revision,
} from '../../client/index.js';
import { learn, limitsOf } from './limits.js';

/** Values that are read by one request. */
const MOST_AT_ONCE = 64;

/** A key to read. */
export interface Wanted {
  key: Key;
  /** Read at this revision, not at that of all. */
  revision?: Revision;
}

/**
 * @param seen the cluster that is meant, and the revision to read at; the newest without it
 * @returns the keys that are there, in the order of `wanted`; the header is that of the first answer
 * @throws EtcdError those of Client.txn()
 */
export async function readKeys(
  client: Client,
  wanted: readonly Wanted[],
  options: CallOptions,
  seen?: Header,
): Promise<{ header: Header; kvs: KeyValue[] }> {
  const kvs: KeyValue[] = [];
  let header = seen;
  for (let [begin, size] = [0, Math.min(MOST_AT_ONCE, limitsOf(client).operations)]; begin < wanted.length;) {
    const at = header?.revision;
    const some = wanted.slice(begin, begin + size);
    const then = some.map(({ key, revision = at }) => ({ op: 'range' as const, key, ...(revision !== undefined && { revision }) }));
    try {
      const answer = await client.txn({ then, ...(header && { seen: header }) }, options);
      header ??= answer.header;
      kvs.push(...kvsOf(answer.answers));
      begin += size;
    } catch (thrown) {
      if (!isEtcdError(thrown, 'too_many_ops') || size === 1) throw thrown;
      size = Math.floor(size / 2);
      learn(client, { operations: size });
    }
  }
  return { header: header ?? (await client.range({ key: '\0', countOnly: true }, options)).header, kvs };
}
