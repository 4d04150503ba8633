/** Transactions of any kind. Everything in one is done at one revision, or nothing is done. */
import {
  kvsOf,
  type CallOptions,
  type Client,
  type Compare,
  type Operation,
  type OperationAnswer,
  type Revision,
} from '../client/index.js';
import { isList, toBytes, toInt64, toKey, toRange, wrongArgument, type Bytes, type RangeOf } from './check.js';
import type { Call } from './call.js';
import { entryOf, type Entry } from './entry.js';
import { putOf } from './writes.js';

/** A condition on a key, or on every key of a range. A key that does not exist has '0' as its numbers, and no value. */
export type Condition = { range: RangeOf; /** The default is 'equal'. */ result?: 'equal' | 'not_equal' | 'greater' | 'less' } & (
  { modRevision: Revision } | { createRevision: Revision } | { version: string } | { lease: string } | { value: Bytes }
);

export type Step =
  | { put: Bytes; value: Bytes; lease?: string; /** true only for a key that is there: etcd refuses it else. */ keepLease?: boolean }
  | { delete: RangeOf }
  | { get: RangeOf; limit?: number };

/** Each list has at most --max-txn-ops steps, 128 by default. */
export interface Transaction {
  compare?: readonly (Condition | Compare)[];
  /** Done if all conditions hold. No key may occur twice. */
  then: readonly Step[];
  /** Done if one condition does not hold. */
  else?: readonly Step[];
}

export type StepAnswer = { put: true } | { deleted: number } | { entries: Entry[]; count: number; more: boolean };

export interface Transacted {
  succeeded: boolean;
  revision: Revision;
  /** One for each step of the branch that was done. */
  answers: StepAnswer[];
  /** An answer was lost, and the txn was sent again. So if `succeeded` is false, an earlier attempt may have been done. */
  uncertain: boolean;
}

/**
 * @throws EtcdError invalid_value for a key that occurs twice; too_many_ops; outcome_unknown if it compares nothing and the answer was lost
 */
export async function transact(
  client: Client,
  request: Transaction,
  patience: (call: Call | undefined) => CallOptions,
  call: Call = {},
): Promise<Transacted> {
  if (typeof request !== 'object' || !isList(request.then)) throw wrongArgument('then', 'a list of steps');
  const { header, succeeded, answers, uncertain } = await client.txn(
    {
      compare: (request.compare ?? []).map((each, i) => ('target' in each ? each : compareOf(each, `compare[${i}]`))),
      then: request.then.map((step, i) => operationOf(step, `then[${i}]`)),
      else: (request.else ?? []).map((step, i) => operationOf(step, `else[${i}]`)),
    },
    patience(call),
  );
  return { succeeded, revision: header.revision, answers: answers.map(answerOf), uncertain };
}

const RESULTS = { equal: 'EQUAL', not_equal: 'NOT_EQUAL', greater: 'GREATER', less: 'LESS' } as const;

function compareOf(condition: Condition, name: string): Compare {
  const { result = 'equal' } = condition;
  if (!Object.hasOwn(RESULTS, result)) throw wrongArgument(`${name}.result`, Object.keys(RESULTS).join(', '));
  const common = { ...toRange(condition.range, `${name}.range`), result: RESULTS[result] };
  if ('modRevision' in condition) return { ...common, target: 'MOD', modRevision: toInt64(condition.modRevision, `${name}.modRevision`) };
  if ('createRevision' in condition)
    return { ...common, target: 'CREATE', createRevision: toInt64(condition.createRevision, `${name}.createRevision`) };
  if ('version' in condition) return { ...common, target: 'VERSION', version: toInt64(condition.version, `${name}.version`) };
  if ('lease' in condition) return { ...common, target: 'LEASE', lease: toInt64(condition.lease, `${name}.lease`) };
  if ('value' in (condition as object)) return { ...common, target: 'VALUE', value: toBytes(condition.value, `${name}.value`) };
  throw wrongArgument(name, 'about a modRevision, createRevision, version, lease or value');
}

function operationOf(step: Step, name: string): Operation {
  if ('put' in step) return putOf(toKey(step.put, `${name}.put`), step.value, { keepLease: false, ...step });
  if ('delete' in step) return { op: 'delete', ...toRange(step.delete, `${name}.delete`) };
  if ('get' in (step as object)) {
    return { op: 'range', ...toRange(step.get, `${name}.get`), ...(step.limit !== undefined && { limit: step.limit }) };
  }
  throw wrongArgument(name, '{ put, value }, { delete } or { get }');
}

function answerOf(answer: OperationAnswer): StepAnswer {
  switch (answer.op) {
    case 'put':
    case 'txn':
      return { put: true };
    case 'delete':
      return { deleted: answer.deleted };
    case 'range':
      return { entries: kvsOf([answer]).map(entryOf), count: answer.count, more: answer.more };
  }
}
