/** One budget for several requests. */
import type { CallOptions } from './connection.js';

/** @returns the options with what is left of the budget, which runs from now on; at least 1 ms */
export function spending(options: CallOptions): () => CallOptions {
  const end = performance.now() + options.budget;
  return () => ({ ...options, budget: Math.max(1, end - performance.now()) });
}
