/** Timers of any length. */

/** ms, 24.8 days: the most that a timer of Node takes. A longer one fires at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** @returns after `ms`, or when the signal aborts. Most programs wait for nothing, so Node's module is loaded with the first wait. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  const { setTimeout } = process.getBuiltinModule('node:timers/promises');
  await setTimeout(Math.min(ms, LONGEST_TIMER), undefined, { ...(signal && { signal }) }).catch(() => undefined);
}

/**
 * Calls `then` when nothing is left.
 * @param left ms; asked now, and again each time that they were thought to be over
 * @returns ends it
 */
export function whenOver(left: () => number, then: () => void): () => void {
  const tick = (): void => {
    if (left() > 0) timer = start();
    else then();
  };
  const start = (): NodeJS.Timeout => setTimeout(tick, Math.min(left(), LONGEST_TIMER));
  let timer = start();
  return () => clearTimeout(timer);
}
