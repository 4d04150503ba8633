/** The pauses of -restart, each longer than the last. */
import type { Ended } from './child.js';

/** ms between two starts of a command that ends by itself: the first pause, and the longest. */
const [SOONEST, LATEST] = [1000, 30_000];
/** If a command has run for so many ms, the pauses begin anew. */
const STABLE = 10_000;

export interface Pauses {
  /** @param ran ms. @param then is called after the pause, unless it is cancelled */
  begin(ran: number, ended: Ended, then: () => void): void;
  /** @returns how the command ended for which we paused; undefined if there was no pause */
  cancel(): Ended | undefined;
}

/** @returns at most one pause at a time */
export function openPauses(): Pauses {
  let delay = 0;
  let pending: { timer: NodeJS.Timeout; ended: Ended } | undefined;
  return {
    begin(ran, ended, then) {
      delay = ran > STABLE ? SOONEST : Math.min(LATEST, Math.max(SOONEST, delay * 2));
      const timer = setTimeout(() => {
        pending = undefined;
        then();
      }, delay);
      pending = { timer, ended };
    },
    cancel() {
      clearTimeout(pending?.timer);
      const ended = pending?.ended;
      pending = undefined;
      return ended;
    },
  };
}
