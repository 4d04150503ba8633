/** How much of a plan is said: of what has no room, how much that is. */
import { expect, it } from 'vitest';
import { showPlan } from '../../../src/host/plan-shown.js';
import type { Step } from '../../../src/keyspace/write/plan.js';

const puts = (count: number, begin: string): Step[] =>
  Array.from({ length: count }, (_, i) => ({ op: 'put', key: `${begin}${i}`, value: Buffer.from('x'), modRevision: '0' }));

it.each([
  [499, 0, '…', 500],
  [500, 0, '… and 1 more', 501],
  [2000, 0, '… and 1,501 more', 2001],
  [400, 400, '… and 301 more', 801],
])('of %d steps and %d in another cluster the last line says what is left: %s', (one, other, last, all) => {
  const parts = [one, other]
    .filter((count) => count > 0)
    .map((count, i) => ({ profile: i === 0 ? '' : 'b', plan: { steps: puts(count, 'k') } }));
  const shown = showPlan({ title: 'copy', parts, notes: ['a note'] });
  expect([shown.lines[0], shown.all, shown.keys]).toEqual(['a note', all, one + other]);
  if (all > 500) expect([shown.lines.length, shown.lines.at(-1)]).toEqual([501, last]);
  else expect(shown.lines).toHaveLength(all);
});
