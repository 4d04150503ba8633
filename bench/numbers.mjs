// Samples and what is said of them.
import { setTimeout as pause } from 'node:timers/promises';

/** ms before each sample: people pause, too, and then no process is hotter than another. */
const REST = 10;

/** @param {number[]} values @param {number} share 0 to 1 @returns {number} */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  return sorted[low] + ((sorted[low + 1] ?? sorted[low]) - sorted[low]) * (at - low);
}

/** @param {number[]} values @returns {number} */
export const median = (values) => quantile(values, 0.5);

/**
 * Where the median of what was sampled lies, at 95 %, whatever the distribution (the sign test's interval).
 * @param {number[]} values
 * @returns {[number, number]}
 */
export function medianInterval(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const margin = 0.98 * Math.sqrt(sorted.length);
  const low = Math.max(0, Math.floor(sorted.length / 2 - margin));
  return [sorted[low], sorted[sorted.length - 1 - low]];
}

/**
 * Takes the variants in turns, so that a noise of the machine meets all of them; every other round goes backwards.
 * @param {number} rounds
 * @param {number} warmUp rounds before those that count
 * @param {Record<string, (round: number) => Promise<number | Record<string, number>>>} variants each gives ms, or several by name
 * @returns {Promise<Record<string, number[]>>} the samples, by variant or by `variant.name`
 */
export async function interleave(rounds, warmUp, variants) {
  const samples = {};
  for (let round = 0; round < warmUp + rounds; round++) {
    const order = Object.entries(variants);
    for (const [name, take] of round % 2 ? order.reverse() : order) {
      await pause(REST);
      const got = await take(round);
      if (round < warmUp) continue;
      for (const [part, ms] of typeof got === 'number' ? [[name, got]] : Object.entries(got)) {
        (samples[typeof got === 'number' ? name : `${name}.${part}`] ??= []).push(ms);
      }
    }
  }
  return samples;
}
