/** The order of a plan that is done in steps: wherever it stops, every value is somewhere. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, nextBatch } from '../../../../src/keyspace/plan/order.js';
import { firstLines, firstNames, wordsOf } from '../../../../src/keyspace/plan/words.js';
import { planTxn } from '../../../../src/keyspace/write/plan-txn.js';
import type { Step } from '../../../../src/keyspace/write/plan.js';
import { runs } from '../../../harness/runs.js';

const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
/** Where each key goes: to another one, or nowhere. No two go to the same place. */
const moves = fc
  .shuffledSubarray(keys, { minLength: 1 })
  .chain((from) =>
    fc
      .shuffledSubarray([...keys, 'x', 'y'], { minLength: from.length, maxLength: from.length })
      .map((to) => from.map((key, i): [string, string] => [key, to[i] as string])),
  );

function planOf(pairs: [string, string][]): Step[] {
  const real = pairs.filter(([from, to]) => from !== to);
  const puts = real.map(([from, to]): Step => ({
    op: 'put',
    key: to,
    value: Buffer.from(from),
    modRevision: '1',
    from: { key: from, moved: true },
  }));
  const taken = new Set(real.map(([, to]) => to));
  const gone = real.filter(([from]) => !taken.has(from)).map(([key]): Step => ({ op: 'delete', key, modRevision: '1' }));
  return [...puts, ...gone];
}

describe('the steps of a plan', () => {
  it('lose no value that is moved, after any of them', () => {
    fc.assert(
      fc.property(moves, (pairs) => {
        const overwritten = new Set(pairs.map(([, to]) => to));
        const moved = pairs.map(([from]) => from);
        const tree = new Map(keys.map((key) => [key, key]));
        for (const { steps, whole } of inOrder({ steps: planOf(pairs) })) {
          for (const some of whole ? [steps] : steps.map((step) => [step])) {
            for (const step of some) {
              if (step.op === 'put') tree.set(step.key, step.value.toString());
              else tree.delete(step.key);
            }
            const values = new Set(tree.values());
            for (const value of keys.filter((key) => moved.includes(key) || !overwritten.has(key))) expect(values).toContain(value);
          }
        }
      }),
      { numRuns: runs(500) },
    );
  });

  it('are taken as many at once as bytes and operations allow, and at least one', () => {
    const steps = Array.from({ length: 5 }, (_, i): Step => ({ op: 'put', key: `${i}`, value: Buffer.alloc(1000), modRevision: '0' }));
    expect(nextBatch(steps, 0, 1, 10).length).toBe(1);
    expect(nextBatch(steps, 1, 1_000_000, 3).map(named)).toEqual(['1', '2', '3']);
    expect(nextBatch(steps, 4, 1_000_000, 3).length).toBe(1);
  });
});

it('a plan of too many steps for one list is nested, within what the lists hold, and compares at the top', () => {
  const steps = Array.from({ length: 500 }, (_, i): Step => ({ op: 'put', key: `${i}`, value: Buffer.alloc(0), modRevision: '0' }));
  const txn = planTxn({ steps }, 64);
  expect(txn?.nested).toBe(true);
  expect(txn?.then.length).toBeLessThanOrEqual(32);
  expect(txn?.compare?.length).toBeLessThanOrEqual(32);
  const leaves = (txn?.then ?? []).map((leaf) => (leaf.op === 'txn' ? leaf.then.length : 0));
  expect(leaves.reduce((sum, count) => sum + count, 0)).toBe(500);
  expect(planTxn({ steps }, 8)).toBeUndefined();
});

const named = ({ key }: { key: string }): string => key;

it('a plan is told in words, a move as one line', () => {
  const [a, b] = [
    { key: 'a', modRevision: '1' },
    { key: 'b', modRevision: '0' },
  ];
  const steps: Step[] = [
    { op: 'put', ...b, value: Buffer.from('x'), from: { key: 'a', moved: true } },
    { op: 'delete', ...a },
    { op: 'put', key: 'c', modRevision: '4', value: Buffer.from('long'), was: { value: Buffer.from('x'), lease: '0' } },
    { op: 'delete range', key: 'd/', rangeEnd: 'd0', revision: '9', count: 1204 },
  ];
  expect(wordsOf({ steps }, named)).toEqual({
    lines: ['rename a -> b', 'change c "x" -> "long"', 'delete d/ 1,204 keys'],
    all: 3,
    counts: { put: 1, delete: 1204, move: 1, copy: 0 },
    keys: 1206,
  });
  const change = (old: string | Buffer, value: string) =>
    wordsOf(
      { steps: [{ op: 'put', key: 'c', modRevision: '4', value: Buffer.from(value), was: { value: Buffer.from(old), lease: '0' } }] },
      named,
    ).lines[0];
  expect(change('5432', 'é')).toBe('change c "5432" -> "é"');
  // Two lines, an escape, bytes, and a long value.
  for (const old of ['5432\n', '\x1b[2J!', Buffer.from([53, 0xff, 51, 50, 33]), 'x'.repeat(41)])
    expect(change(old, '5')).toBe(`change c ${old.length}B -> 1B`);
  const leased = (value: string, lease: string) =>
    wordsOf(
      {
        steps: [{ op: 'put', key: 'c', modRevision: '4', lease, value: Buffer.from(value), was: { value: Buffer.from('1'), lease: '26' } }],
      },
      named,
    ).lines[0];
  expect(leased('1', '0')).toBe('change the lease of c 1a -> none');
  expect(leased('2', '27')).toBe('change c "1" -> "2", lease 1a -> 1b');
  expect(leased('2', '26')).toBe('change c "1" -> "2"');
  const swap = planOf([
    ['a', 'b'],
    ['b', 'a'],
    ['c', 'd'],
  ]);
  expect(wordsOf({ steps: swap }, named).lines).toEqual(['rename a -> b', 'rename b -> a', 'rename c -> d, over what is there']);
  const { lines, all } = wordsOf({ steps }, named, 1);
  expect([lines, firstLines(lines, 1, all), firstLines(lines, 1)]).toEqual([['rename a -> b'], ['rename a -> b', '… and 2 more'], lines]);
});

it('names the first of them in one line, and counts the others', () => {
  const name = (key: string): string => key.toUpperCase();
  const many = Array.from({ length: 1003 }, () => 'a');
  expect([['a', 'b', 'c'], ['a', 'b', 'c', 'd'], many].map((all) => firstNames(all, name))).toEqual([
    'A, B, C',
    'A, B, C and 1 more',
    'A, A, A and 1,000 more',
  ]);
});
