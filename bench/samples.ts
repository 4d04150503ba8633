/** Samples of several variants, taken in turns, and what can be said of them. */
import { setTimeout as pause } from 'node:timers/promises';
import { median, quantile } from '../test/harness/quantile.js';

export { median, quantile };

/** ms before each sample. People pause, too, and then no process is hotter than another. */
const REST = 10;

/**
 * Takes the variants in turns, so that noise of the machine hits all of them. Every other round goes backwards.
 * @param warmUp rounds before those that count
 * @param variants each takes one sample, in ms; those that are undefined are left out
 * @returns the samples of each variant, in the order of the rounds; none of one that was left out
 */
export async function interleave<Name extends string>(
  rounds: number,
  warmUp: number,
  variants: Record<Name, ((round: number) => Promise<number>) | undefined>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(variants) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  const order = names.filter((name) => variants[name]);
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of round % 2 ? order.toReversed() : order) {
      await pause(REST);
      const ms = (await variants[name]?.(round)) ?? NaN;
      if (round >= warmUp) samples[name].push(ms);
    }
  }
  return samples;
}

/**
 * The values between which the median of the sampled distribution lies, at 95 %, whatever that distribution is (the interval of the sign
 * test).
 */
export function medianInterval(values: readonly number[]): [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const low = Math.max(0, Math.floor(sorted.length / 2 - 0.98 * Math.sqrt(sorted.length)));
  return [sorted[low] ?? NaN, sorted[sorted.length - 1 - low] ?? NaN];
}
