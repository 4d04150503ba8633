/** What a buffer gives back of what it was given, to be compared with: the seam's words for the keyspace's. */
import type { Base } from '../keyspace/document.js';
import type { PutBase } from './protocol.js';
import { formatSeen, parseSeen } from './seen.js';

/** @throws EtcdError internal where `seen` is none of ours */
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
