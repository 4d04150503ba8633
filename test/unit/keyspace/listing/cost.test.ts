/**
 * Listings must not cost more than before. We count on the simulator, where no machine's noise can change anything, and compare with the
 * floor and FULL.
 */
import { describe, expect, it } from 'vitest';
import { median } from '../../../harness/quantile.js';
import { countLevel, type Counted } from '../../../harness/listing/count.js';
import { namesOf } from '../../../harness/listing/kinds.js';
import { randomOf } from '../../../harness/random.mjs';
import { seeded, shapes } from '../../../harness/listing/shapes.js';
import type { Hints } from '../../../../src/keyspace/listing/level.js';
import { namesByDefinition } from '../../../harness/listing/model.js';

async function costOf(keys: string[], prefix: string, hints?: Hints): Promise<{ cost: Omit<Counted, 'names' | 'hints'>; hints?: Hints }> {
  const { names, hints: found, ...cost } = await countLevel(keys, prefix, hints);
  expect(names).toEqual(namesByDefinition(keys, prefix));
  return { cost, ...(found && { hints: found }) };
}

const inOrder = (keys: string[]): string[] => [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1));

/** The most that a listing may cost: its present cost, and a tenth for changes that mean well. */
const most: Record<string, [scale: number, time: number, walks: number]> = {
  A: [0.1, 2.2, 1.1],
  B: [0.1, 3.1, 1.1],
  C1: [0.5, 1, 3.3],
  D2: [0.3, 6.5, 9.4],
  E: [0.3, 5.2, 4.5],
  G: [1, 1.4, 3.4],
  H: [0.2, 7.9, 7.1],
  X1: [0.5, 3.5, 2.6],
  X4: [0.3, 5.2, 6.4],
};

describe('what a listing costs', () => {
  it.each(Object.entries(most))('stays where it is for shape %s', async (name, [scale, time, walks]) => {
    const shape = shapes.find((it) => it.name === name) as (typeof shapes)[number];
    const { cost } = await costOf(shape.keys(scale), shape.prefix);
    expect(cost.time, JSON.stringify(cost)).toBeLessThan(time);
    expect(cost.walks, JSON.stringify(cost)).toBeLessThan(walks);
    expect(cost.full, JSON.stringify(cost)).toBeLessThan(1.1);
  });

  it('stays where it is at the median of shapes that nobody has seen, never above FULL, in a bounded number of requests', async () => {
    const times: number[] = [];
    for (const seed of [11, 12, 13, 14, 15]) {
      const shape = seeded(seed);
      const keys = shape.keys(1);
      const { cost, hints } = await costOf(keys, shape.prefix);
      times.push(cost.time);
      expect(cost.full, `${shape.about}: ${JSON.stringify(cost)}`).toBeLessThan(1.1);
      expect(cost.requests, shape.about).toBeLessThan(20 + keys.length / 250);
      const again = await costOf(keys, shape.prefix, hints);
      expect(again.cost.time, `${shape.about}: ${JSON.stringify(again.cost)}`).toBeLessThan(1.05 * cost.time);
    }
    expect(median(times), JSON.stringify(times)).toBeLessThan(4.5);
  }, 120_000);

  it.each([1200, 1600, 2500, 4000, 6000, 10_000, 20_000, 40_000].flatMap((total) => [11, 40].map((each) => [total, each] as const)))(
    'is little more than FULL where there is little to skip: words, %i keys, %i to a child',
    async (total, each) => {
      const names = namesOf('words', Math.round(total / each), randomOf(total + each));
      const keys = names.flatMap((name) => Array.from({ length: each }, (_, i) => `/small/${name}/key${100 + i}`));
      const { cost } = await costOf(inOrder(keys), '/small/');
      expect(cost.full, JSON.stringify(cost)).toBeLessThan(1.12);
      expect(cost.requests, JSON.stringify(cost)).toBeLessThan(total <= 3000 ? 3 : 12 + total / 350);
    },
  );

  it.each([100, 300, 1000, 3000])('stays below twice FULL where names are such that no cut can be foreseen: %i of them', async (count) => {
    const random = randomOf(count);
    const byte = (): string => String.fromCharCode(random.within(1, 40));
    // They differ only after more bytes than are looked at to find where to cut.
    const names = Array.from({ length: count }, () => 'long'.repeat(32) + Array.from({ length: 6 }, byte).join(''));
    const sorted = inOrder(names.flatMap((name) => Array.from({ length: 30 }, (_, i) => `/${name}/${i}`)));
    const { cost } = await costOf(sorted, '/');
    expect(cost.full, JSON.stringify(cost)).toBeLessThan(1.5);
    expect(cost.requests, JSON.stringify(cost)).toBeLessThan(20 + sorted.length / 250);
  });
});
