/** A plan as one txn. It is nested if it has more steps than etcd takes in one list. */
import { isBefore, unchangedSince, type Compare, type Key, type Operation, type Txn, type TxnRequest } from '../../client/index.js';
import { chunks } from '../chunks.js';
import { keySteps, type DeleteRangeStep, type Guard, type Plan, type PutStep, type Step } from './plan.js';

/** `--max-txn-ops` of etcd, if nobody has set it. */
export const OPERATIONS = 128;
/** A revision that no cluster has reached. etcd refuses to read it, and with it the whole txn. */
const NEVER = '9223372036854775807';
/** The most bytes that an operation or a compare needs besides its key and value. */
const OVERHEAD = 48;

/** What one step compares and does. It stays together. */
interface Unit {
  compare: Compare[];
  then: Operation[];
}

/** The txn that does a plan. If it cannot be done, a flat one says what the keys are, and a nested one ends in `future_revision`. */
export interface PlannedTxn extends TxnRequest {
  nested: boolean;
}

/**
 * @param operations as many as the server takes in one list
 * @returns undefined if one txn cannot hold so many steps
 */
export function planTxn(plan: Plan, operations = OPERATIONS): PlannedTxn | undefined {
  const units = unitsOf(plan);
  const flat = joined(units);
  const nested = Math.max(units.length, flat.compare.length, flat.then.length) > operations;
  const txn = nested ? nest(units, operations) : { ...flat, else: readsOf(plan) };
  const [known] = keySteps(plan);
  return txn && { ...txn, ...(known && { known }), ...(plan.seen && { seen: plan.seen }), nested };
}

/** About how many bytes the request of these steps has, but never too few. */
export function sizeOf(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + sizeOfStep(step), 1024);
}

function sizeOfStep(step: Step): number {
  const { compare, then } = unitOf(step);
  const keys = [...compare, ...then].reduce((sum, it) => sum + keysOf(it) + OVERHEAD, 0);
  return keys + (step.op === 'put' ? step.value.length : 0);
}

function keysOf(it: Compare | Operation): number {
  const { key = '', rangeEnd = '' } = it as { key?: Key; rangeEnd?: Key };
  return key.length + rangeEnd.length;
}

/** Reads each key that has a step of its own, in order. */
export function readsOf(plan: Plan): Operation[] {
  return keySteps(plan).map(({ key }) => ({ op: 'range', key }));
}

/**
 * A nested txn may use the operations that its parent has left. Its compares only choose between its own branches. So its other branch
 * reads a revision that does not exist: etcd then refuses the outer txn before it has changed anything.
 */
function nest(units: readonly Unit[], operations: number): Txn | undefined {
  const half = Math.floor(operations / 2);
  const two = leavesOf(units, half);
  if (two.then.length <= half) return two;
  const third = Math.floor(operations / 3);
  const { compare, then } = leavesOf(units, third);
  const branches = chunks(then, third);
  return branches.length > third ? undefined : { compare, then: branches.map((leaves) => ({ op: 'txn', then: leaves })) };
}

/** The first compares stay in the outer txn, because a client resends only a txn that compares there. */
function leavesOf(units: readonly Unit[], share: number): { compare: Compare[]; then: Operation[] } {
  const [top, leaves]: [Compare[], Operation[]] = [[], []];
  let leaf: Unit = { compare: [], then: [] };
  const close = (): void => {
    const [first] = leaf.compare;
    if (leaf.then.length > 0 || first) leaves.push({ op: 'txn', ...leaf, ...(first && { else: [refusal(first.key)] }) });
    leaf = { compare: [], then: [] };
  };
  for (const { compare, then } of units) {
    const isTop = leaves.length === 0 && leaf.compare.length === 0 && top.length + compare.length <= share;
    if (isTop) top.push(...compare);
    const own = isTop ? [] : compare;
    if (leaf.compare.length + own.length > share || leaf.then.length + then.length > share) close();
    leaf.compare.push(...own);
    leaf.then.push(...then);
  }
  close();
  return { compare: top, then: leaves };
}

function refusal(key: Key): Operation {
  return { op: 'range', key, revision: NEVER };
}

function joined(units: readonly Unit[]): Unit {
  return { compare: units.flatMap(({ compare }) => compare), then: units.flatMap(({ then }) => then) };
}

/** If a guard already covers a key, the key's own step does not compare it again: each compare costs the server as much as a read. */
function unitsOf({ steps, guards = [] }: Plan): Unit[] {
  const empty = guards.filter(({ revision }) => revision === '0');
  const isFree = (step: Step): boolean =>
    step.op === 'put' && step.modRevision === '0' && empty.some((guard) => guard.key <= step.key && isBefore(step.key, guard.rangeEnd));
  return [...guards.map(unitOfGuard), ...steps.map((step) => unitOf(step, empty.length > 0 && isFree(step)))];
}

function unitOfGuard({ key, rangeEnd, revision }: Guard): Unit {
  const empty: Compare = { key, rangeEnd, target: 'CREATE', result: 'EQUAL', createRevision: '0' };
  return { compare: [revision === '0' ? empty : notNewer(key, rangeEnd, revision)], then: [] };
}

/** A compare with a range means that it holds for each key: etcd docs "Txn", Compare.range_end. */
function notNewer(key: Key, rangeEnd: Key, revision: string): Compare {
  return { key, rangeEnd, target: 'MOD', result: 'LESS', modRevision: String(BigInt(revision) + 1n) };
}

/** @param free a guard ensures that the key does not exist */
function unitOf(step: Step, free = false): Unit {
  const { key } = step;
  switch (step.op) {
    case 'put':
      return {
        compare: [...(free ? [] : unchangedSince(step)), ...sourceOf(step)],
        then: [{ op: 'put', key, value: step.value, ...leaseOf(step) }],
      };
    case 'delete':
      return { compare: unchangedSince(step), then: [{ op: 'delete', key }] };
    case 'delete range':
      return deleteRange(step);
  }
}

function deleteRange({ key, rangeEnd, revision }: DeleteRangeStep): Unit {
  return { compare: [notNewer(key, rangeEnd, revision)], then: [{ op: 'delete', key, rangeEnd }] };
}

function sourceOf({ from }: PutStep): Compare[] {
  return from?.modRevision === undefined ? [] : [{ key: from.key, target: 'MOD', modRevision: from.modRevision }];
}

/** A put without a lease takes the lease from the key. etcd refuses to keep the lease of a key that does not exist. */
function leaseOf({ lease, modRevision }: PutStep): { lease: string } | { ignoreLease: true } | object {
  if (lease === '0') return {};
  if (lease !== undefined) return { lease };
  return modRevision === '0' ? {} : { ignoreLease: true };
}
