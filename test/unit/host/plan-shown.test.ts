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

it('a key that ends in a slash is no prefix, and no prefix at all is everything', () => {
  const steps: Step[] = [
    { op: 'delete', key: '/a/', modRevision: '4' },
    { op: 'put', key: 'b/', value: Buffer.from('x'), modRevision: '0', from: { key: '/c/', moved: false } },
    { op: 'delete range', key: '/a/', rangeEnd: '/a0', revision: '9', count: 2 },
    { op: 'delete range', key: '\0', rangeEnd: '\0', revision: '9', count: 11 },
  ];
  const of = (...profiles: string[]): string[] =>
    showPlan({ title: 'delete', parts: profiles.map((profile) => ({ profile, plan: { steps } })) }).lines.slice(0, 4);
  expect(of('')).toEqual(['delete /a%2F', 'copy /c%2F -> b%2F', 'delete /a/ 2 keys', 'delete everything 11 keys']);
  expect(of('b', '')).toEqual([
    'delete etcd://b/a%2F',
    'copy etcd://b/c%2F -> etcd://b/./b%2F',
    'delete etcd://b/a/ 2 keys',
    'delete etcd://b/./ 11 keys',
  ]);
});
