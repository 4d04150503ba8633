/** The sample in the middle, or at another share of the way up. */

/** @param share 0 to 1. Between two samples it interpolates; NaN if there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? NaN;
  return low + ((sorted[Math.floor(at) + 1] ?? low) - low) * (at % 1);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
