/** Some keys, by name, with their values, at one revision. It is a txn of ranges, or several if there are many keys. */
import {
  isEtcdError,
  kvsOf,
  objection,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyValue,
  type Revision,
} from '../../client/index.js';
import { learn, limitsOf } from './limits.js';
import { refuseOther } from './other-cluster.js';

/** The most values that one request reads. */
const MOST_AT_ONCE = 64;

/** A key to read. */
export interface Wanted {
  key: Key;
  /** Read this key at this revision, not at that of the others. */
  revision?: Revision;
}

/** What to read at. */
export interface ReadAt {
  /** The header of the cluster that is meant. */
  seen: Header;
  /** The default is the newest. */
  revision?: Revision;
}

/**
 * @param at by default any cluster, and the newest revision
 * @returns the keys that exist, in the order of `wanted`. The header is that of the first answer, or `at.seen` if that was read at
 * @throws EtcdError cluster_changed, and those of Client.txn()
 */
export async function readKeys(
  client: Client,
  wanted: readonly Wanted[],
  options: CallOptions,
  at?: ReadAt,
): Promise<{ header: Header; kvs: KeyValue[] }> {
  const kvs: KeyValue[] = [];
  let header = at?.revision === undefined ? undefined : at.seen;
  let revisionOfAll = at?.revision;
  for (let [begin, size] = [0, Math.min(MOST_AT_ONCE, limitsOf(client).operations)]; begin < wanted.length;) {
    const some = wanted.slice(begin, begin + size);
    const then = some.map(({ key, revision = revisionOfAll }) => ({
      op: 'range' as const,
      key,
      ...(revision !== undefined && { revision }),
    }));
    const seen = header ?? at?.seen;
    try {
      const answer = await client.txn({ then, ...(seen && { seen }) }, options);
      if (at) refuseOther(client, objection(at.seen, answer.header));
      header ??= answer.header;
      revisionOfAll ??= answer.header.revision;
      kvs.push(...kvsOf(answer.answers));
      begin += size;
    } catch (thrown) {
      if (!isEtcdError(thrown, 'too_many_ops', 'too_large') || some.length === 1) throw thrown;
      size = Math.floor(some.length / 2);
      // How large these values are says nothing of the next ones.
      if (thrown.code === 'too_many_ops') learn(client, { operations: size });
    }
  }
  return { header: header ?? (await client.range({ key: '\0', countOnly: true }, options)).header, kvs };
}
