/** What a buffer was given, and gives back to be compared with: translated from the seam's names to the keyspace's, and back. */
import { isEtcdError, type CallOptions, type Client, type Header, type Key, type KeyValue, type RangeRequest } from '../client/index.js';
import { readForWrite, readKey, type Base } from '../keyspace/document.js';
import type { PutBase } from './protocol.js';
import { formatSeen, parseSeen } from './seen.js';

/** @throws EtcdError internal if `seen` was not made by us */
export function asBase({ mod_revision, digest, cluster_id, seen, create_revision, version, lease }: PutBase): Base {
  return {
    modRevision: mod_revision,
    digest,
    clusterId: cluster_id,
    ...(seen !== undefined && { seen: parseSeen(cluster_id, seen) }),
    ...(create_revision !== undefined && { createRevision: create_revision }),
    ...(version !== undefined && { version }),
    ...(lease !== undefined && { lease }),
  };
}

/** @param address canonical */
export function describeBase(address: string, { modRevision, digest, clusterId, seen, createRevision, version, lease }: Base): PutBase {
  return {
    address,
    mod_revision: modRevision,
    digest,
    cluster_id: clusterId,
    ...(seen !== undefined && { seen: formatSeen(seen) }),
    ...(createRevision !== undefined && { create_revision: createRevision }),
    ...(version !== undefined && { version }),
    ...(lease !== undefined && { lease }),
  };
}

/**
 * The key as it is now, and whether its cluster is another one than that of `own`. It is shown beside a buffer; the put itself tells
 * the buffer.
 * @param own what the buffer was read at; undefined if the key is not its own
 * @throws EtcdError those of reading a key, and cluster_changed for a key that is not the buffer's own
 */
export async function readBeside(
  client: Client,
  key: Key,
  own: Base | undefined,
  options: CallOptions,
): Promise<{ header: Header; kv: KeyValue | undefined; foreign: boolean }> {
  try {
    return { ...(await readForWrite(client, key, own, options)), foreign: false };
  } catch (thrown) {
    if (!own || !isEtcdError(thrown, 'cluster_changed')) throw thrown;
    return { ...(await readKey(client, key, undefined, options)), foreign: true };
  }
}

/** The key as it was then; undefined: it did not exist, or the history is gone. */
export async function valueAsOf(client: Client, past: RangeRequest, options: CallOptions): Promise<KeyValue | undefined> {
  try {
    return (await client.range(past, options)).kvs[0];
  } catch (thrown) {
    // The history is gone, or of another cluster.
    if (isEtcdError(thrown, 'compacted', 'future_revision')) return undefined;
    throw thrown;
  }
}
