import { describe, expect, it } from 'vitest';
import { learnAlphabet } from '../../../../src/keyspace/listing/alphabet.js';
import type { Question } from '../../../../src/keyspace/listing/gaps.js';
import { planRest, type Known, type Rest } from '../../../../src/keyspace/listing/plan.js';
import { openSiblings } from '../../../../src/keyspace/listing/siblings.js';

const known = (): Known => ({
  prefix: '/',
  alphabet: learnAlphabet(),
  siblings: openSiblings(),
  children: 9,
  total: 9000,
  hopeless: false,
});
const asked: Question = { start: '/a', end: '/z', keys: 500, limit: 8 };
const rest = (change: Partial<Rest>): Rest => ({
  ...{ start: '/b0', end: '/z', keys: 500, asked, returned: 8, children: 1, last: 'b/' },
  ...change,
});
const limitsOf = (left: Rest): number[] => planRest(left, known()).map(({ limit }) => limit);

describe('the plan', () => {
  it('reads what is so little that skipping it would cost more, and more of it where nothing else is asked beside it', () => {
    expect(limitsOf(rest({ keys: 64 }))).toEqual([0]);
    expect(limitsOf(rest({ keys: 65 }))).toEqual([4]);
    const first = { ...asked, limit: 1000, first: true };
    expect(limitsOf(rest({ keys: 3000, asked: first, returned: 1000 }))).toEqual([0]);
    expect(limitsOf(rest({ keys: 3001, asked: first, returned: 1000 }))).not.toContain(0);
  });

  it('asks for more where an answer was full of children, for less where it was of one, and never for both by turns', () => {
    const limitAfter = (limit: number, children: number): number | undefined =>
      limitsOf(rest({ asked: { ...asked, limit }, returned: limit, children }))[0];
    expect(limitAfter(8, 4)).toBe(32);
    expect(limitAfter(8, 1)).toBe(4);
    expect([2, 1].map((limit) => limitAfter(limit, 1))).toEqual([1, 1]);
  });
});
