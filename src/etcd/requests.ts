/** The bodies of our requests (etcd API reference; enums as the gateway spells them, and never built from input). */
import { encodeKey, type Header, type Key, type Revision } from './codec.js';

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
  /** The cluster that has given what this goes on with; an answer of another one is an error. */
  clusterId?: string;
}

/** Put `value` if `key` is still at `modRevision` ('0': does not exist). */
export interface CompareAndPut {
  key: Key;
  value: Buffer;
  modRevision: Revision;
  /** These two as well, where they are known: after a backup was restored, another value may be at the same revision. */
  createRevision?: Revision;
  version?: string;
  /** SHA-256 of the value that was read, as digestOf() gives it: looked at once on each new connection. */
  digest?: string;
  /** Of the answer that `modRevision` is from: no other cluster is written to. Without it any is. */
  seen?: Header;
}

type Operation = { request_put: object } | { request_range: object };

export interface TxnBody {
  compare?: object[];
  success: Operation[];
  failure?: Operation[];
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
export function compareAndPutBody({ key, value, modRevision, createRevision, version }: CompareAndPut, bare = false): TxnBody {
  const name = encodeKey(key);
  const equal = { key: name, result: 'EQUAL' };
  const known = modRevision !== '0' && !bare;
  const put = { key: name, value: value.toString('base64'), ...(modRevision !== '0' && { ignore_lease: true }) };
  return {
    compare: [
      { ...equal, target: 'MOD', mod_revision: modRevision },
      ...(known && createRevision !== undefined ? [{ ...equal, target: 'CREATE', create_revision: createRevision }] : []),
      ...(known && version !== undefined ? [{ ...equal, target: 'VERSION', version }] : []),
    ],
    success: [{ request_put: put }, ...(bare ? [] : [{ request_range: { key: name, keys_only: true } }])],
    ...(!bare && { failure: [{ request_range: { key: name } }] }),
  };
}

/** @param keepLease only over a key that exists, whose lease stays attached; without it a lease is detached */
export function putBody(key: Key, value: Buffer, keepLease: boolean): object {
  return { key: encodeKey(key), value: value.toString('base64'), ...(keepLease && { ignore_lease: true }) };
}
