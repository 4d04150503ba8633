/** The bodies of our requests (etcd API reference; enums as the gateway spells them, and never built from input). */
import { encodeKey, type Key, type Revision } from './codec.js';

export interface RangeRequest {
  key: Key;
  rangeEnd?: Key;
  limit?: number;
  keysOnly?: boolean;
  countOnly?: boolean;
  /** Read at this revision; the newest without it. */
  revision?: Revision;
  /**
   * 'never' (the default): linearizable, or an error. 'allowed': where the quorum is lost, what one member has, said so in the
   * answer. 'only': what one member has at once, for the pages behind such an answer.
   */
  stale?: 'never' | 'allowed' | 'only';
  /** Any member may answer from what it has: as good as the leader's word where a revision is given that it has reached. */
  serializable?: boolean;
}

/** Put `value` if `key` is still at `modRevision` ('0': does not exist). */
export interface CompareAndPut {
  key: Key;
  value: Buffer;
  modRevision: Revision;
  /** The cluster that `modRevision` is a revision of; no other one is written to. */
  clusterId?: string;
}

/** @param stale from one member, whatever it knows of the others; linearizable without it and without `serializable` */
export function rangeBody(request: RangeRequest, stale = false): object {
  return {
    key: encodeKey(request.key),
    ...(request.rangeEnd !== undefined && { range_end: encodeKey(request.rangeEnd) }),
    ...(request.limit !== undefined && { limit: String(request.limit) }),
    ...(request.keysOnly && { keys_only: true }),
    ...(request.countOnly && { count_only: true }),
    ...(request.revision !== undefined && { revision: request.revision }),
    ...((stale || request.serializable) && { serializable: true }),
  };
}

/**
 * A put without `ignore_lease` detaches the key's lease; with it, on a key that is not there, etcd refuses: so it is set
 * exactly where the compare says that the key exists. (etcd API reference "PutRequest", "Compare".)
 * @param bare the smallest txn that compares: what the key is then has to be asked for afterwards
 */
export function compareAndPutBody({ key, value, modRevision }: CompareAndPut, bare = false): object {
  const name = encodeKey(key);
  const put = { key: name, value: value.toString('base64'), ...(modRevision !== '0' && { ignore_lease: true }) };
  return {
    compare: [{ key: name, target: 'MOD', result: 'EQUAL', mod_revision: modRevision }],
    success: [{ request_put: put }, ...(bare ? [] : [{ request_range: { key: name, keys_only: true } }])],
    ...(!bare && { failure: [{ request_range: { key: name } }] }),
  };
}

/** @param keepLease only over a key that exists, whose lease stays attached; without it a lease is detached */
export function putBody(key: Key, value: Buffer, keepLease: boolean): object {
  return { key: encodeKey(key), value: value.toString('base64'), ...(keepLease && { ignore_lease: true }) };
}
