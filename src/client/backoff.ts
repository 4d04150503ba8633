/** Waiting between attempts that fail, longer each time. */
import { pause } from './timer.js';

export interface Backoff {
  /** @returns after a while, or at once when the signal aborts */
  wait(signal: AbortSignal): Promise<void>;
  /** The next wait is a short one again. */
  reset(): void;
}

/** The most ms that the first wait takes, and that the longest one takes. */
const FIRST = 50;
export const LONGEST = 5000;

/** The first wait is up to 50 ms and the longest up to 5 s. Half of each is random, so that clients do not all come back at once. */
export function openBackoff(): Backoff {
  let most = FIRST;
  return {
    async wait(signal) {
      const ms = most * (0.5 + Math.random() / 2);
      most = Math.min(LONGEST, 2 * most);
      await pause(ms, signal);
    },
    reset() {
      most = FIRST;
    },
  };
}
