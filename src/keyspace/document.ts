/** One key's value: what an address opens, and what a write of it compares with. */
import {
  digestOf,
  keyObjection,
  objection,
  prefixEnd,
  type CallOptions,
  type Client,
  type CompareAndPut,
  type Header,
  type Key,
  type KeyValue,
  type Revision,
} from '../client/index.js';
import { refuseOther } from './write/other-cluster.js';

export { digestOf } from '../client/index.js';

/** What a reader keeps of the value that it has read. It is enough to write it back safely. */
export interface Base {
  /** '0': there was no such key. */
  modRevision: Revision;
  /** Of the value's bytes. Unchanged bytes are not sent. */
  digest: string;
  /** '': any cluster that answers is meant. */
  clusterId: string;
  /** Compared as well, if they are known. */
  createRevision?: Revision;
  version?: string;
  /** The lease tells why a key is not what it was. */
  lease?: string;
  /** The header of the answer that it was read from, or written with. */
  seen?: Header;
}

/** What a put compares with. */
export type Expected = Omit<CompareAndPut, 'key' | 'value'>;

/** What a write of `kv` has to know. Without `kv` the key does not exist. */
export function baseOf({ header, kv }: { header: Header; kv: KeyValue | undefined }): Base {
  const { clusterId } = header;
  if (!kv) return { modRevision: '0', digest: '', clusterId, seen: header };
  const { modRevision, createRevision, version, lease } = kv;
  return { modRevision, createRevision, version, lease, digest: digestOf(kv.value), clusterId, seen: header };
}

/**
 * @param stale whether one member's own data will do if the quorum is lost (`stale` of the answer says so)
 * @returns no kv if the key does not exist (at that revision)
 */
export async function readKey(
  client: Client,
  key: Key,
  revision: Revision | undefined,
  options: CallOptions,
  stale = false,
): Promise<{ header: Header; kv: KeyValue | undefined; stale: boolean }> {
  const answer = await client.range({ key, ...(revision !== undefined && { revision }), ...(stale && { stale: 'allowed' }) }, options);
  return { header: answer.header, kv: answer.kvs[0], stale: answer.stale };
}

/** Whether anything lies under `prefix`, in that cluster and at that revision. */
export async function isPrefix(
  client: Client,
  prefix: Key,
  { revision, clusterId }: Header,
  options: CallOptions,
  stale = false,
): Promise<boolean> {
  const range = { key: prefix, rangeEnd: prefixEnd(prefix), limit: 1, keysOnly: true, revision, clusterId };
  const answer = await client.range({ ...range, stale: stale ? 'only' : 'never' }, options);
  return answer.count > 0;
}

/**
 * What a put of `base` compares with. Without a base it is meant for the cluster that has answered so far, if any has. After the user
 * was told that another cluster answers and has forced the write, base has no clusterId. Then any cluster that answers is meant.
 */
export function expectedOf(client: Client, base: Base | undefined): Expected {
  if (base) return expectedAs(base);
  const seen = client.latest();
  return { modRevision: '0', ...(seen && { seen }) };
}

/** What a write compares with if the key was read as this base. */
export function expectedAs({ modRevision, createRevision, version, digest, clusterId, seen }: Base): Expected {
  if (clusterId === '') return { modRevision };
  return {
    modRevision,
    digest,
    ...(createRevision !== undefined && { createRevision }),
    ...(version !== undefined && { version }),
    seen: seen ?? { clusterId, revision: modRevision },
  };
}

/**
 * Reads the key as it is now, so that it can be written to.
 * @param base what was read, if anything was
 * @throws EtcdError cluster_changed if the key in this cluster cannot be the one that was read; without a base only once
 */
export async function readForWrite(
  client: Client,
  key: Key,
  base: Base | undefined,
  options: CallOptions,
): Promise<{ header: Header; kv: KeyValue | undefined }> {
  const expected = expectedOf(client, base);
  const { header, kv } = await readKey(client, key, undefined, options);
  if (expected.seen) {
    const isPast = client.isPast(expected.seen) ? 'another cluster has answered there since the key was read' : undefined;
    refuseOther(client, objection(expected.seen, header) ?? keyObjection(expected, kv) ?? isPast);
  }
  return { header, kv };
}
