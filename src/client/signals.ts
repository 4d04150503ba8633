/** Signals that end work. */

/** @returns aborts with the first of the two, and its reason */
export function either(signal: AbortSignal | undefined, own: AbortSignal): AbortSignal {
  return signal ? AbortSignal.any([signal, own]) : own;
}
