// Numbers that look random, and are the same again for the same seed (mulberry32). It is JavaScript, because garbling-host.mjs runs without
// a build.

/**
 * @typedef {object} Random
 * @property {() => number} next 0 <= number < 1
 * @property {(low: number, high: number) => number} within a whole number, low <= number < high
 * @property {(low: number, high: number) => number} magnitude as within(), every magnitude as likely as the next
 * @property {<T>(list: readonly T[]) => T} oneOf
 */

/**
 * @param {number} seed any whole number
 * @returns {Random}
 */
export function randomOf(seed) {
  let state = seed >>> 0;
  function next() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /** @param {number} low @param {number} high */
  const within = (low, high) => low + Math.floor(next() * (high - low));
  return {
    next,
    within,
    magnitude: (low, high) => Math.round(low * (high / low) ** next()),
    oneOf: (list) => /** @type {(typeof list)[number]} */ (list[within(0, list.length)]),
  };
}
