/**
 * What is asked of the key space, as data: ranges, compares, operations and transactions, and the body of each in one place.
 * (etcd API reference, "kv.proto"; the shape is that of clientv3's op.go.) The enums are the gateway's own names. Give constants
 * only: from 3.5 on, a name that the gateway does not know counts as VERSION, or as EQUAL.
 */
import { encodeKey, type Header, type Key, type Revision } from './codec.js';

/** The keys to read. */
export interface Range {
  key: Key;
  rangeEnd?: Key;
  limit?: number;
  keysOnly?: boolean;
  countOnly?: boolean;
  /** Read at this revision; the newest without it. */
  revision?: Revision;
  /** Only of keys that were created at this revision or before. */
  maxCreateRevision?: Revision;
  /** Of all that would be found, the key that was created first, or last. Give `limit: 1` with it. */
  only?: 'oldest' | 'newest';
}

export interface RangeRequest extends Range {
  /**
   * 'never' (the default): linearizable, or an error. 'allowed': if the quorum is lost, what one member has, said so in the
   * answer. 'only': what one member has at once, for the pages after such an answer.
   */
  stale?: 'never' | 'allowed' | 'only';
  /** Any member may answer from what it has: as good as the leader's word where a revision is given that it has reached. */
  serializable?: boolean;
  /** The cluster that has given what this goes on with; an answer of another one is an error. */
  clusterId?: string;
}

/** What one compare is about. A key that is not there has 0 as its revisions, its version and its lease, and no value at all. */
type Compared =
  | { target: 'MOD'; modRevision: Revision }
  | { target: 'CREATE'; createRevision: Revision }
  | { target: 'VERSION'; version: string }
  | { target: 'VALUE'; value: Buffer }
  | { target: 'LEASE'; lease: string };

/**
 * A condition on one key. With `rangeEnd` it is on each key of a range; an empty range counts as one key that is not there. VALUE
 * never holds for a key that is not there. No range tells of a key that was deleted.
 */
export type Compare = Compared & { key: Key; rangeEnd?: Key; /** EQUAL without it. */ result?: 'EQUAL' | 'GREATER' | 'LESS' | 'NOT_EQUAL' };

/**
 * Which lease the key has after a put. Without both fields its lease is detached. `ignoreLease` keeps the lease that it has; etcd
 * refuses that if the key is not there (not_found).
 */
type PutLease = { lease?: string; ignoreLease?: never } | { ignoreLease: true; lease?: never };

export type PutOperation = { op: 'put'; key: Key; value: Buffer } & PutLease;
export type RangeOperation = { op: 'range' } & Range;
export interface DeleteOperation {
  op: 'delete';
  key: Key;
  rangeEnd?: Key;
}
/** Its compares choose between its own two branches only: what must hold for all belongs into the txn at the top. */
export interface TxnOperation extends Txn {
  op: 'txn';
}
export type Operation = PutOperation | DeleteOperation | RangeOperation | TxnOperation;

/** At most `--max-txn-ops` (128 by default) in each list. A nested txn has what its parent has left of them. */
export interface Txn {
  compare?: readonly Compare[];
  /** Done if every compare holds. No key twice, also not in a range that is deleted. */
  then: readonly Operation[];
  /** Done if one does not. */
  else?: readonly Operation[];
}

/** A key as it was read. */
export interface Known {
  key: Key;
  /** '0': it did not exist. */
  modRevision: Revision;
  /** These two as well, if they are known: after a backup was restored, another value may be at the same revision. */
  createRevision?: Revision;
  version?: string;
  /** SHA-256 of the value that was read, as digestOf() gives it: looked at once on each new connection. */
  digest?: string;
}

/** What a txn was decided on. */
export interface Seen {
  /** Of the answer that the compares are from: no other cluster is written to. Without it any is. */
  seen?: Header;
}

/** Put `value` if `key` is still at `modRevision` ('0': does not exist). */
export interface CompareAndPut extends Known, Seen {
  value: Buffer;
}

export interface TxnRequest extends Txn, Seen {
  /** One of the keys of the compares, as it was read: it tells another cluster apart. Used with `seen` only. */
  known?: Known;
}

/** The body of `/v3/kv/txn`. */
export interface TxnBody {
  compare?: object[];
  success: object[];
  failure?: object[];
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
    ...(request.maxCreateRevision !== undefined && { max_create_revision: request.maxCreateRevision }),
    ...(request.only && { sort_target: 'CREATE', sort_order: request.only === 'oldest' ? 'ASCEND' : 'DESCEND' }),
  };
}

/** @returns the body of `/v3/kv/txn`, and of a nested txn; a list that is empty is left out, as the gateway would read it */
export function txnBody({ compare = [], then, else: otherwise = [] }: Txn): TxnBody {
  return {
    ...(compare.length > 0 && { compare: compare.map(compareBody) }),
    success: then.map(operationBody),
    ...(otherwise.length > 0 && { failure: otherwise.map(operationBody) }),
  };
}

/** The body of `/v3/kv/put` as well. */
export function putBody({ key, value, lease, ignoreLease }: Omit<PutOperation, 'op'>): object {
  return {
    key: encodeKey(key),
    value: value.toString('base64'),
    ...(lease !== undefined && { lease }),
    ...(ignoreLease && { ignore_lease: true }),
  };
}

function operationBody(operation: Operation): object {
  switch (operation.op) {
    case 'put':
      return { request_put: putBody(operation) };
    case 'delete':
      return { request_delete_range: endsOf(operation) };
    case 'range':
      return { request_range: rangeBody(operation) };
    case 'txn':
      return { request_txn: txnBody(operation) };
  }
}

function compareBody(compare: Compare): object {
  return { ...endsOf(compare), result: compare.result ?? 'EQUAL', target: compare.target, ...operandOf(compare) };
}

function operandOf(compare: Compare): object {
  switch (compare.target) {
    case 'MOD':
      return { mod_revision: compare.modRevision };
    case 'CREATE':
      return { create_revision: compare.createRevision };
    case 'VERSION':
      return { version: compare.version };
    case 'VALUE':
      return { value: compare.value.toString('base64') };
    case 'LEASE':
      return { lease: compare.lease };
  }
}

function endsOf({ key, rangeEnd }: { key: Key; rangeEnd?: Key }): object {
  return { key: encodeKey(key), ...(rangeEnd !== undefined && { range_end: encodeKey(rangeEnd) }) };
}

/** Whether a branch of it changes anything. */
export function writes({ then, else: otherwise = [] }: Txn): boolean {
  return [...then, ...otherwise].some((operation) => (operation.op === 'txn' ? writes(operation) : operation.op !== 'range'));
}

/** The compares that hold as long as the key is what was read. */
export function unchangedSince({ key, modRevision, createRevision, version }: Known): Compare[] {
  const known = modRevision !== '0';
  return [
    { key, target: 'MOD', modRevision },
    ...(known && createRevision !== undefined ? [{ key, target: 'CREATE' as const, createRevision }] : []),
    ...(known && version !== undefined ? [{ key, target: 'VERSION' as const, version }] : []),
  ];
}

/**
 * A put without `ignore_lease` detaches the key's lease; with it, on a key that is not there, etcd refuses: so it is set
 * exactly where the compare says that the key exists. (etcd API reference "PutRequest", "Compare".)
 * @param bare the smallest txn that compares: what the key is then has to be asked for afterwards
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
