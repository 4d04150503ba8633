/** Reads. Each is linearizable: it sees everything that was written before it began. */
import { EtcdError, kvsOf, type CallOptions, type Client, type Revision } from '../client/index.js';
import { readSubtree } from '../keyspace/subtree.js';
import { toInt64, toKey, toRange, type Bytes, type RangeOf } from './check.js';
import { entryOf, type Entry } from './entry.js';
import type { Call } from './call.js';

export interface ReadOptions extends Call {
  /** Read the past, at this revision. The default is the newest. */
  revision?: Revision;
}

export interface Reads {
  /** @returns undefined if there is no such key @throws EtcdError compacted, future_revision */
  get(key: Bytes, options?: ReadOptions): Promise<Entry | undefined>;
  /** Several keys at one revision, in the order of `keys`. @throws EtcdError too_many_ops for more than --max-txn-ops, 128 by default */
  getMany(keys: readonly Bytes[], options?: ReadOptions): Promise<(Entry | undefined)[]>;
  /**
   * All entries of a range, in etcd's order (by bytes), at one revision. There may be any number of them: they come in pages, and two
   * pages are in memory. The timeout is that of one page.
   * @throws EtcdError compacted if that takes longer than etcd keeps the revision; permission_denied if any key may not be read
   */
  entries(range: RangeOf, options?: ReadOptions): AsyncIterable<Entry>;
  /** How many keys a range has. */
  count(range: RangeOf, options?: ReadOptions): Promise<number>;
}

/** @param patience what a call may take */
export function openReads(client: Client, patience: (call: Call | undefined) => CallOptions): Reads {
  const at = ({ revision }: ReadOptions): { revision?: Revision } =>
    revision === undefined ? {} : { revision: toInt64(revision, 'revision') };
  return {
    async get(key, options = {}) {
      const { kvs } = await client.range({ key: toKey(key), ...at(options) }, patience(options));
      return kvs[0] && entryOf(kvs[0]);
    },
    async getMany(keys, options = {}) {
      if (keys.length === 0) return [];
      const names = keys.map((key, i) => toKey(key, `keys[${i}]`));
      const then = names.map((key) => ({ op: 'range' as const, key, ...at(options) }));
      const { answers } = await client.txn({ then }, patience(options));
      return answers.map((answer) => kvsOf([answer])[0]).map((kv) => kv && entryOf(kv));
    },
    async *entries(range, options = {}) {
      const { key, rangeEnd = `${key}\0` } = toRange(range);
      for await (const page of readSubtree(client, { start: key, end: rangeEnd, ...at(options) }, patience(options))) {
        if (page.scoped) throw new EtcdError('permission_denied', 'the roles of the user do not allow to read the whole range');
        for (const kv of page.kvs) yield entryOf(kv);
      }
    },
    async count(range, options = {}) {
      return (await client.range({ ...toRange(range), countOnly: true, ...at(options) }, patience(options))).count;
    },
  };
}
