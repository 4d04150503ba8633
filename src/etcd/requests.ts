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
}

/** Put `value` if `key` is still at `modRevision` ('0': does not exist). */
export interface CompareAndPut {
  key: Key;
  value: Buffer;
  modRevision: Revision;
  /** The cluster that `modRevision` is a revision of; no other one is written to. */
  clusterId?: string;
}

/** A linearizable read without `serializable`. */
export function rangeBody(request: RangeRequest, serializable = false): object {
  return {
    key: encodeKey(request.key),
    ...(request.rangeEnd !== undefined && { range_end: encodeKey(request.rangeEnd) }),
    ...(request.limit !== undefined && { limit: String(request.limit) }),
    ...(request.keysOnly && { keys_only: true }),
    ...(request.countOnly && { count_only: true }),
    ...(request.revision !== undefined && { revision: request.revision }),
    ...(serializable && { serializable: true }),
  };
}

/**
 * A put without `ignore_lease` detaches the key's lease; with it, on a key that is not there, etcd refuses: so it is set
 * exactly where the compare says that the key exists. (etcd API reference "PutRequest", "Compare".)
 */
export function compareAndPutBody({ key, value, modRevision }: CompareAndPut): object {
  const name = encodeKey(key);
  const put = { key: name, value: value.toString('base64'), ...(modRevision !== '0' && { ignore_lease: true }) };
  return {
    compare: [{ key: name, target: 'MOD', result: 'EQUAL', mod_revision: modRevision }],
    success: [{ request_put: put }, { request_range: { key: name, keys_only: true } }],
    failure: [{ request_range: { key: name } }],
  };
}
