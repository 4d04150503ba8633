/** One budget for several requests. */
import type { CallOptions } from './connection.js';

/** @returns a function that gives the options with what is left of the budget, at least 1 ms. The budget runs from now on */
export function spending(options: CallOptions): () => CallOptions {
  const end = performance.now() + options.budget;
  return () => ({ ...options, budget: Math.max(1, end - performance.now()) });
}
