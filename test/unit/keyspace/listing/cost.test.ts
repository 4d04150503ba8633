/** Listings must not become dearer: counts on the simulator, which no machine's noise can change, beside the floor and FULL. */
import { describe, expect, it } from 'vitest';
import { median } from '../../../../bench/numbers.mjs';
import { seeded, shapes } from '../../../../bench/listing/shapes.js';
import { simulate } from '../../../../bench/listing/simulator.js';
import { listLevel, type Hints } from '../../../../src/keyspace/listing.js';
import { namesByDefinition } from '../../../harness/model.js';

interface Cost {
  /** Times the floor: on the simulator's clock, and in walks over all keys. */
  time: number;
  walks: number;
  /** Times what one range of everything takes, on the same clock. */
  full: number;
  requests: number;
  keys: number;
  children: number;
}

async function costOf(keys: string[], prefix: string, hints?: Hints): Promise<{ cost: Cost; hints: Hints | undefined }> {
  const { client, counts, elapsed, floor } = simulate(keys);
  const level = await listLevel(client, { prefix, ...(hints && { hints }) }, { budget: 1000 });
  expect(level.names).toEqual(namesByDefinition(keys, prefix));
  const full = simulate(keys);
  await full.client.range({ key: prefix, rangeEnd: '\0', keysOnly: true }, { budget: 1000 });
  const children = level.names.length;
  const walks = counts.walked / keys.length;
  const cost = {
    time: elapsed() / floor(children),
    walks,
    full: elapsed() / full.elapsed(),
    requests: counts.requests,
    keys: keys.length,
    children,
  };
  return { cost, hints: level.hints };
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
      expect(cost.requests, shape.about).toBeLessThan(20 + cost.keys / 250);
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
    const { cost } = await costOf(
      [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1)),
      '/',
    );
    expect(cost.full, JSON.stringify(cost)).toBeLessThan(2);
    expect(cost.requests, JSON.stringify(cost)).toBeLessThan(20 + cost.keys / 250);
  });
});
