/** Listings on the simulator, as ratios that no machine's noise can change. */
import { listLevel, type Hints } from '../../../src/keyspace/listing/level.js';
import { simulate, type Counts } from './simulator.js';

export interface Counted extends Counts {
  /** The names that were found. */
  names: readonly string[];
  /** How many times the floor it took, on the simulator's clock. */
  time: number;
  /** How many times the floor all of the server's work was, on one core. */
  work: number;
  /** Walks over all keys. */
  walks: number;
  /** How many times what one range of everything takes, on the same clock. */
  full: number;
  hints: Hints | undefined;
}

/** @param keys in etcd's order */
export async function countLevel(keys: readonly string[], prefix: string, hints?: Hints): Promise<Counted> {
  const { client, counts, elapsed, work, floor } = simulate(keys);
  const level = await listLevel(client, { prefix, ...(hints && { hints }) }, { budget: 1000 });
  const children = level.names.length;
  const full = simulate(keys);
  await full.client.range({ key: prefix, rangeEnd: '\0', keysOnly: true }, { budget: 1000 });
  return {
    ...counts,
    names: level.names,
    time: elapsed() / floor(children).time,
    work: work() / floor(children).work,
    walks: counts.walked / keys.length,
    full: elapsed() / full.elapsed(),
    hints: level.hints,
  };
}
