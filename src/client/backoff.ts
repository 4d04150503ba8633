/** Waiting between attempts that fail, longer each time. */
import { pause } from './timer.js';

export interface Backoff {
  /** @returns after a while, or at once when the signal aborts */
  wait(signal: AbortSignal): Promise<void>;
  /** The next wait is a short one again. */
  reset(): void;
}

/** ms, at the most, of the first wait and of the longest one. */
const FIRST = 50;
export const LONGEST = 5000;

/** The first wait is up to 50 ms, the longest up to 5 s; each is half by chance, so that not all clients come back at once. */
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
