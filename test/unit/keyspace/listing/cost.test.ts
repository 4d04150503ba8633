/** Listings must not become dearer: counts on the simulator, which no machine's noise can change, beside the floor and FULL. */
import { describe, expect, it } from 'vitest';
import { median } from '../../../../bench/numbers.mjs';
import { countLevel, type Counted } from '../../../../bench/listing/count.js';
import { seeded, shapes } from '../../../../bench/listing/shapes.js';
import type { Hints } from '../../../../src/keyspace/listing.js';
import { namesByDefinition } from '../../../harness/model.js';

async function costOf(keys: string[], prefix: string, hints?: Hints): Promise<{ cost: Omit<Counted, 'names' | 'hints'>; hints?: Hints }> {
  const { names, hints: found, ...cost } = await countLevel(keys, prefix, hints);
  expect(names).toEqual(namesByDefinition(keys, prefix));
  return { cost, ...(found && { hints: found }) };
}

/** The most that a listing may cost: what it does cost, and a tenth for changes that mean well. */
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

  it('stays below twice FULL where names are such that no cut can be foreseen', async () => {
    const keys: string[] = [];
    for (let i = 0; i < 3000; i++) {
      const name = Array.from({ length: 6 }, (_, j) => String.fromCharCode(1 + ((i * 7919 + j * j * 104_729 + i * j) % 40)))
        .join('')
        .replaceAll('/', '!');
      for (let j = 0; j < 30; j++) keys.push(`/${'long/'.slice(0, 4).repeat(20)}${name}/${j}`);
    }
    const sorted = [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1));
    const { cost } = await costOf(sorted, '/');
    expect(cost.full, JSON.stringify(cost)).toBeLessThan(2);
    expect(cost.requests, JSON.stringify(cost)).toBeLessThan(20 + sorted.length / 250);
  });
});
