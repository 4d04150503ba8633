/** The setting that somebody meant whose spelling is wrong. */

/** @returns the one of `known` that `word` is most likely meant to be, whatever its case; undefined if none is like it */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const near = known.map((name) => ({ name, slips: slipsOf(word.toLowerCase(), name) }));
  const [best] = near.sort((a, b) => a.slips - b.slips || (a.name < b.name ? -1 : 1));
  return best && best.slips <= 1 + Math.floor(word.length / 3) ? best.name : undefined;
}

/** Counts letters that are too many, missing, wrong, or swapped. */
function slipsOf(one: string, other: string): number {
  let [before, last] = [[] as number[], Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1));
      const isSwapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(isSwapped ? Math.min(least, at(before, j - 2) + 1) : least);
    }
    [before, last] = [last, row];
  }
  return at(last, other.length);
}

const at = (row: readonly number[], i: number): number => row[i] ?? Infinity;
