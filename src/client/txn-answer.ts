/** Checks what etcd answers to a txn against the txn. Each answer must be of the kind of its operation, and none may contradict another. */
import type { Header, KeyValue, RangeAnswer, RangeKeys } from './codec.js';
import { decodeHeader, decodeKvs, fieldsOf, flagOf, holdHeader, int64Of, listOf, wrong } from './decoders.js';
import type { Compare, CompareAndPut, Operation, RangeRequest, Txn } from './txn.js';
import { compareAndPutTxn } from './txn.js';

/** One answer for each operation of the branch that was taken, in its order. */
export type OperationAnswer =
  | { op: 'put' }
  /** How many keys were deleted. */
  | { op: 'delete'; deleted: number }
  | ({ op: 'range' } & Pick<RangeAnswer, 'kvs' | 'count' | 'more'>)
  | { op: 'txn'; succeeded: boolean; answers: OperationAnswer[] };

export interface TxnAnswer {
  /** Every change of the txn has the revision of this header. */
  header: Header;
  /** True: every compare held, and `then` was done. False: `else` was done. */
  succeeded: boolean;
  answers: OperationAnswer[];
}

export interface PutAnswer {
  header: Header;
  succeeded: boolean;
  /** The key as it is now, without its value if the put succeeded. undefined if it does not exist, or was not asked for. */
  kv: KeyValue | undefined;
}

/** The field in which each answer comes. */
const FIELD = { put: 'response_put', delete: 'response_delete_range', range: 'response_range', txn: 'response_txn' } as const;

/** A whole answer of `/v3/kv/txn`. @throws EtcdError unsupported, as all functions here */
export function decodeTxn(raw: unknown, txn: Txn): TxnAnswer {
  const header = decodeHeader(fieldsOf(raw, 'txn')['header']);
  const { succeeded, answers } = decodeBranch(raw, txn);
  if (succeeded) holdNew(header, txn, answers);
  else holdDenied(txn, answers);
  return { header, succeeded, answers };
}

/** The answer to `compareAndPutTxn(put, bare)`. */
export function decodePut(raw: unknown, put: CompareAndPut, bare = false): PutAnswer {
  const { header, succeeded, answers } = decodeTxn(raw, compareAndPutTxn(put, bare));
  return { header, succeeded, kv: kvsOf(answers)[0] };
}

/** The keys that the ranges of a txn have found. */
export function kvsOf(answers: readonly OperationAnswer[]): KeyValue[] {
  return answers.flatMap((answer) => (answer.op === 'range' ? answer.kvs : []));
}

/**
 * Several ranges, from the answer to a single range or to a txn of ranges.
 * @param decode turns each of them into the result
 */
export function decodeMany<Found = RangeKeys>(
  raw: unknown,
  requests: readonly RangeRequest[],
  decode: (raw: unknown, request: RangeRequest) => Found,
): { header: Header; ranges: Found[] } {
  const [first] = requests as [RangeRequest];
  const header = holdHeader(decodeHeader(fieldsOf(raw, 'range')['header']), first);
  const txn: Txn = { then: requests.map((request) => ({ op: 'range', ...request })) };
  const answers = requests.length === 1 ? [raw] : responsesOf(raw, txn).responses;
  return { header, ranges: requests.map((request, i) => decode(answers[i], request)) };
}

/** As many responses as there were operations, each of the kind of its operation. They are not decoded yet. */
function responsesOf(raw: unknown, { compare = [], then, else: otherwise = [] }: Txn): Responses {
  const txn = fieldsOf(raw, 'txn');
  const succeeded = flagOf(txn['succeeded'], 'succeeded');
  if (!succeeded && compare.length === 0) throw wrong('denies what had no condition');
  const operations = succeeded ? then : otherwise;
  const responses = listOf(txn['responses'], 'responses');
  if (responses.length !== operations.length) throw wrong('is not about what was asked');
  const ofKind = operations.map(({ op }, i) => fieldsOf(fieldsOf(responses[i], 'response')[FIELD[op]], op));
  return { succeeded, operations, responses: ofKind };
}

interface Responses {
  succeeded: boolean;
  operations: readonly Operation[];
  responses: unknown[];
}

function decodeBranch(raw: unknown, txn: Txn): { succeeded: boolean; answers: OperationAnswer[] } {
  const { succeeded, operations, responses } = responsesOf(raw, txn);
  return { succeeded, answers: operations.map((operation, i) => decodeOperation(responses[i], operation)) };
}

function decodeOperation(raw: unknown, operation: Operation): OperationAnswer {
  switch (operation.op) {
    case 'put':
      return { op: 'put' };
    case 'delete':
      return { op: 'delete', deleted: Number(int64Of(fieldsOf(raw, 'delete')['deleted'], 'deleted')) };
    case 'range':
      return { op: 'range', ...decodeKvs(raw, operation) };
    case 'txn':
      return { op: 'txn', ...decodeBranch(raw, operation) };
  }
}

/** A put has a revision that no key had when it was compared. Reads after it in the same txn are at that revision. */
function holdNew({ revision }: Header, { compare = [], then }: Txn, answers: readonly OperationAnswer[]): void {
  const put = new Set<string>();
  for (const [i, operation] of then.entries()) {
    const answer = answers[i];
    if (operation.op === 'put') put.add(operation.key);
    if (operation.op !== 'range' || answer?.op !== 'range' || operation.revision !== undefined) continue;
    const isMissing = put.has(operation.key) && operation.rangeEnd === undefined && !operation.countOnly && answer.kvs.length === 0;
    const isOther = answer.kvs.some(({ key, modRevision }) => put.has(key) && modRevision !== revision);
    if (isMissing || isOther) throw wrong(NOT_NEW);
  }
  const isKnown = compare.some((it) => isExactRevision(it) && BigInt(it.modRevision) >= BigInt(revision));
  if (put.size > 0 && isKnown) throw wrong(NOT_NEW);
}

const NOT_NEW = 'acknowledges a put without a revision of its own';

function isExactRevision(compare: Compare): compare is Compare & { target: 'MOD' } {
  return compare.target === 'MOD' && (compare.result ?? 'EQUAL') === 'EQUAL' && compare.rangeEnd === undefined;
}

/** An answer is wrong if every compare would hold for the keys that it shows. If it does not show a key, that compare may have failed. */
function holdDenied({ compare = [], else: otherwise = [] }: Txn, answers: readonly OperationAnswer[]): void {
  const shown = new Map<string, KeyValue | undefined>();
  for (const [i, operation] of otherwise.entries()) {
    const answer = answers[i];
    if (operation.op !== 'range') return;
    const { key, rangeEnd, revision, countOnly, keysOnly } = operation;
    const isWhole = rangeEnd === undefined && revision === undefined && !countOnly && !keysOnly;
    if (isWhole && answer?.op === 'range') shown.set(key, answer.kvs[0]);
  }
  const isHeld = (it: Compare): boolean => it.rangeEnd === undefined && shown.has(it.key) && holds(it, shown.get(it.key));
  if (compare.every(isHeld)) throw wrong('denies what it says itself');
}

/** Like applyCompare() in etcd's server/etcdserver/apply.go. */
function holds(compare: Compare, kv: KeyValue | undefined): boolean {
  if (compare.target === 'VALUE' && !kv) return false;
  const order = orderOf(compare, kv);
  switch (compare.result ?? 'EQUAL') {
    case 'EQUAL':
      return order === 0;
    case 'NOT_EQUAL':
      return order !== 0;
    case 'GREATER':
      return order > 0;
    case 'LESS':
      return order < 0;
  }
}

/** Below 0 if the key is less than what it is compared with. */
function orderOf(compare: Compare, kv: KeyValue | undefined): number {
  switch (compare.target) {
    case 'MOD':
      return difference(kv?.modRevision, compare.modRevision);
    case 'CREATE':
      return difference(kv?.createRevision, compare.createRevision);
    case 'VERSION':
      return difference(kv?.version, compare.version);
    case 'LEASE':
      return difference(kv?.lease, compare.lease);
    case 'VALUE':
      return Buffer.compare(kv?.value ?? Buffer.alloc(0), compare.value);
  }
}

function difference(is = '0', expected: string): number {
  const [a, b] = [BigInt(is), BigInt(expected)];
  return a < b ? -1 : a > b ? 1 : 0;
}
