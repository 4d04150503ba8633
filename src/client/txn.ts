/**
 * What the key space is asked, as data: ranges, compares, operations and transactions. The body of each is made in one place. (etcd API
 * reference, "kv.proto"; the shape is that of clientv3's op.go.) The enums are the gateway's own names. Pass only constants: from 3.5
 * on, a name that the gateway does not know counts as VERSION, or as EQUAL.
 */
import { encodeKey, type Header, type Key, type Revision } from './codec.js';

/** The keys to read. */
export interface Range {
  key: Key;
  rangeEnd?: Key;
  limit?: number;
  keysOnly?: boolean;
  countOnly?: boolean;
  /** Read at this revision. The default is the newest. */
  revision?: Revision;
  /** Only of keys that were created at this revision or before. */
  maxCreateRevision?: Revision;
  /** Of all the keys that match, only the one that was created first, or last. Give `limit: 1` with it. */
  only?: 'oldest' | 'newest';
}

export interface RangeRequest extends Range {
  /**
   * 'never' (the default): linearizable, or an error. 'allowed': if the quorum is lost, what one member has, and the answer says so.
   * 'only': what one member has, at once; for the pages after such an answer.
   */
  stale?: 'never' | 'allowed' | 'only';
  /** Any member may answer from what it has. That is as good as the leader's word if it has reached the given revision. */
  serializable?: boolean;
  /** The cluster that earlier answers came from. An answer of another one is an error. */
  clusterId?: string;
}

/** What one compare is about. A key that does not exist has 0 as its revisions, version and lease, and no value at all. */
type Compared =
  | { target: 'MOD'; modRevision: Revision }
  | { target: 'CREATE'; createRevision: Revision }
  | { target: 'VERSION'; version: string }
  | { target: 'VALUE'; value: Buffer }
  | { target: 'LEASE'; lease: string };

/**
 * A condition on one key. With `rangeEnd` it applies to each key of a range. An empty range counts as one key that does not exist.
 * VALUE never holds for a key that does not exist. No range shows that a key was deleted.
 */
export type Compare = Compared & { key: Key; rangeEnd?: Key; /** EQUAL without it. */ result?: 'EQUAL' | 'GREATER' | 'LESS' | 'NOT_EQUAL' };

/**
 * Which lease the key has after a put. Without both fields the key loses its lease. `ignoreLease` keeps the lease that it has; etcd
 * refuses that if the key does not exist (not_found).
 */
type PutLease = { lease?: string; ignoreLease?: never } | { ignoreLease: true; lease?: never };

export type PutOperation = { op: 'put'; key: Key; value: Buffer } & PutLease;
export type RangeOperation = { op: 'range' } & Range;
export interface DeleteOperation {
  op: 'delete';
  key: Key;
  rangeEnd?: Key;
}
/** Its compares only choose between its own two branches. A condition for everything belongs in the outer txn. */
export interface TxnOperation extends Txn {
  op: 'txn';
}
export type Operation = PutOperation | DeleteOperation | RangeOperation | TxnOperation;

/** Each list has at most `--max-txn-ops` operations (128 by default). A nested txn may use what its parent has left of them. */
export interface Txn {
  compare?: readonly Compare[];
  /** Done if every compare holds. No key may occur twice, also not inside a range that is deleted. */
  then: readonly Operation[];
  /** Done if one compare does not hold. */
  else?: readonly Operation[];
}

/** A key as it was read. */
export interface Known {
  key: Key;
  /** '0': it did not exist. */
  modRevision: Revision;
  /** Both are also given, if they are known: after a backup was restored, the same revision may have another value. */
  createRevision?: Revision;
  version?: string;
  /** SHA-256 of the value that was read, as digestOf() gives it. It is compared once on each new connection. */
  digest?: string;
}

/** What a txn was decided on. */
export interface Seen {
  /** The header of the answer that the compares are from: no other cluster is written to. Without it, any cluster is. */
  seen?: Header;
}

/** Put `value` if `key` is still at `modRevision` ('0': does not exist). */
export interface CompareAndPut extends Known, Seen {
  value: Buffer;
}

export interface TxnRequest extends Txn, Seen {
  /** One of the keys of the compares, as it was read. Another cluster is told by it. Only used with `seen`. */
  known?: Known;
}

/** The body of `/v3/kv/txn`. */
export interface TxnBody {
  compare?: object[];
  success: object[];
  failure?: object[];
}

/** @param stale asks one member, whatever it knows of the others. Without it and without `serializable` the read is linearizable */
export function rangeBody(request: RangeRequest, stale = false): object {
  return {
    key: encodeKey(request.key),
    ...(request.rangeEnd !== undefined && { range_end: encodeKey(request.rangeEnd) }),
    ...(request.limit !== undefined && { limit: String(request.limit) }),
    ...(request.keysOnly && { keys_only: true }),
    ...(request.countOnly && { count_only: true }),
    ...(request.revision !== undefined && { revision: request.revision }),
    ...((stale || request.serializable) && { serializable: true }),
    ...(request.maxCreateRevision !== undefined && { max_create_revision: request.maxCreateRevision }),
    ...(request.only && { sort_target: 'CREATE', sort_order: request.only === 'oldest' ? 'ASCEND' : 'DESCEND' }),
  };
}

/** @returns the body of `/v3/kv/txn`, and of a nested txn. An empty list is left out, which means the same to the gateway */
export function txnBody({ compare = [], then, else: otherwise = [] }: Txn): TxnBody {
  return {
    ...(compare.length > 0 && { compare: compare.map(compareBody) }),
    success: then.map(operationBody),
    ...(otherwise.length > 0 && { failure: otherwise.map(operationBody) }),
  };
}

/** The body of `/v3/kv/put` as well. */
export function putBody({ key, value, lease, ignoreLease }: Omit<PutOperation, 'op'>): object {
  return { key: encodeKey(key), value: value.toString('base64'), lease, ignore_lease: ignoreLease };
}

function operationBody(operation: Operation): object {
  switch (operation.op) {
    case 'put':
      return { request_put: putBody(operation) };
    case 'delete':
      return { request_delete_range: { key: encodeKey(operation.key), range_end: encodedEnd(operation) } };
    case 'range':
      return { request_range: rangeBody(operation) };
    case 'txn':
      return { request_txn: txnBody(operation) };
  }
}

function encodedEnd({ rangeEnd }: { rangeEnd?: Key }): string | undefined {
  return rangeEnd === undefined ? undefined : encodeKey(rangeEnd);
}

/**
 * A txn may have thousands of these. So each is one literal, and what is undefined is left out of the JSON: V8 puts objects with a spread
 * where only a full collection finds them.
 */
function compareBody(compare: Compare): object {
  const { key, result = 'EQUAL', target } = compare;
  return {
    key: encodeKey(key),
    range_end: encodedEnd(compare),
    result,
    target,
    mod_revision: target === 'MOD' ? compare.modRevision : undefined,
    create_revision: target === 'CREATE' ? compare.createRevision : undefined,
    version: target === 'VERSION' ? compare.version : undefined,
    value: target === 'VALUE' ? compare.value.toString('base64') : undefined,
    lease: target === 'LEASE' ? compare.lease : undefined,
  };
}

/** Whether any branch of it changes anything. */
export function writes({ then, else: otherwise = [] }: Txn): boolean {
  return [...then, ...otherwise].some((operation) => (operation.op === 'txn' ? writes(operation) : operation.op !== 'range'));
}

/** The compares that are true as long as the key is what was read. */
export function unchangedSince({ key, modRevision, createRevision, version }: Known): Compare[] {
  const known = modRevision !== '0';
  return [
    { key, target: 'MOD', modRevision },
    ...(known && createRevision !== undefined ? [{ key, target: 'CREATE' as const, createRevision }] : []),
    ...(known && version !== undefined ? [{ key, target: 'VERSION' as const, version }] : []),
  ];
}

/**
 * A put without `ignore_lease` takes the lease from the key. With it, etcd refuses a key that does not exist. So it is set only if the
 * compare says that the key exists. (etcd API reference "PutRequest", "Compare".)
 * @param bare the smallest txn that compares; what the key is then has to be asked for afterwards
 */
export function compareAndPutTxn(put: CompareAndPut, bare = false): Txn {
  const { key, value, modRevision } = put;
  const operation: PutOperation = { op: 'put', key, value, ...(modRevision !== '0' && { ignoreLease: true }) };
  if (bare) return { compare: unchangedSince({ key, modRevision }), then: [operation] };
  return {
    compare: unchangedSince(put),
    then: [operation, { op: 'range', key, keysOnly: true }],
    else: [{ op: 'range', key }],
  };
}
