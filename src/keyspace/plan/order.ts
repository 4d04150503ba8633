/**
 * The order of a plan that no single request can hold. At each moment, every value is in its old place or in its new one. If a value is
 * moved and its old key is put, the value first gets its new place. Deletes come last.
 */
import type { Key } from '../../client/index.js';
import { sizeOf } from '../write/plan-txn.js';
import type { Plan, PutStep, Step } from '../write/plan.js';

/** Steps that are done together. */
export interface Batch {
  steps: Step[];
  /** The steps cannot be done one after the other, because keys change places. */
  whole: boolean;
}

/** The puts in an order in which no value is lost, then the deletes. */
export function inOrder({ steps }: Plan): Batch[] {
  const puts = steps.filter((step) => step.op === 'put');
  const [ordered, circles] = ordering(puts);
  const others = steps.filter((step) => step.op !== 'put');
  return [
    { steps: ordered, whole: false },
    { steps: circles, whole: true },
    { steps: others, whole: false },
  ].filter((batch) => batch.steps.length > 0);
}

/**
 * The steps from `begin` on that fit into one request.
 * @param bytes the most that it may have
 * @param count the most steps that it may have
 * @returns at least one
 */
export function nextBatch(steps: readonly Step[], begin: number, bytes: number, count: number): Step[] {
  let [end, size] = [begin, 0];
  for (; end < steps.length && end - begin < count; end++) {
    size += sizeOf([steps[end] as Step]);
    if (size > bytes && end > begin) break;
  }
  return steps.slice(begin, end);
}

/** @returns the puts in order, and those that have no order because they form a circle */
function ordering(puts: readonly PutStep[]): [ordered: PutStep[], circles: PutStep[]] {
  const byKey = new Map(puts.map((put) => [put.key, put]));
  const overtaken = puts.filter(({ from }) => from && byKey.has(from.key));
  if (overtaken.length === 0) return [[...puts], []];
  /** By key: the puts that take its value. They have to come before the key gets another value. */
  const movers = new Map<Key, PutStep[]>();
  for (const put of overtaken) {
    const { key } = put.from as { key: Key };
    movers.set(key, [...(movers.get(key) ?? []), put]);
  }
  const waits = new Map(puts.map((put) => [put, movers.get(put.key)?.length ?? 0]));
  const ordered = puts.filter((put) => waits.get(put) === 0);
  // Puts that are appended here get their turn, too.
  for (const put of ordered) {
    const next = put.from ? byKey.get(put.from.key) : undefined;
    if (!next) continue;
    const left = (waits.get(next) as number) - 1;
    waits.set(next, left);
    if (left === 0) ordered.push(next);
  }
  return [ordered, puts.filter((put) => (waits.get(put) as number) > 0)];
}
