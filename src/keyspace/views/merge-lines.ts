/** Merges two changes of one text line by line, if they change different lines. */
import { diffArrays } from 'diff';

/** The most changed lines of one side for which it is tried. */
const MOST_EDITS = 1000;

/** Lines `from` to `to` of the base (without `to`) become `lines`. */
interface Hunk {
  from: number;
  to: number;
  lines: string[];
}

/** @returns undefined if both have changed the same line, or too many lines */
export function mergeLines(base: string, ours: string, theirs: string): string | undefined {
  const before = linesOf(base);
  const [mine, other] = [hunksOf(before, linesOf(ours)), hunksOf(before, linesOf(theirs))];
  if (!mine || !other) return undefined;
  // If both have added something in one place, ours comes first.
  const all = [...mine, ...other].sort((one, two) => one.from - two.from || one.to - two.to);
  const merged: string[] = [];
  let done = 0;
  for (const [at, { from, to, lines }] of all.entries()) {
    const last = all[at - 1];
    // Both have made the same change.
    if (last?.from === from && last.to === to && last.lines.join('') === lines.join('')) continue;
    if (from < done) return undefined;
    merged.push(...before.slice(done, from), ...lines);
    done = to;
  }
  return [...merged, ...before.slice(done)].join('');
}

function hunksOf(before: string[], after: string[]): Hunk[] | undefined {
  const changes = diffArrays(before, after, { maxEditLength: MOST_EDITS });
  if (!changes) return undefined;
  const hunks: Hunk[] = [];
  let at = 0;
  let open: Hunk | undefined;
  for (const { added, removed, value } of changes) {
    if (!added && !removed) {
      at += value.length;
      open = undefined;
      continue;
    }
    if (!open) hunks.push((open = { from: at, to: at, lines: [] }));
    if (added) open.lines.push(...value);
    else open.to = at += value.length;
  }
  return hunks;
}

/** Each with its newline; the last one may have none. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
