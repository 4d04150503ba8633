/** Numbers that look drawn at random, and are the same again for the same seed (mulberry32). */
export interface Random {
  /** 0 <= number < 1 */
  next(): number;
  /** A whole number, low <= number < high. */
  within(low: number, high: number): number;
  /** As within(), every magnitude as likely as the next. */
  magnitude(low: number, high: number): number;
  oneOf<T>(list: readonly T[]): T;
}

/** @param seed any whole number */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    within: (low, high) => low + Math.floor(next() * (high - low)),
    magnitude: (low, high) => Math.round(low * (high / low) ** next()),
    oneOf: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number],
  };
}
