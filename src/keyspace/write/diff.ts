/** What a write would change, as people read it: a unified diff of two values, line by line. */
import { structuredPatch, type StructuredPatchHunk } from 'diff';

/** Lines around a change. */
const CONTEXT = 3;
/** The shortest diff is looked for up to so many changed lines. More are shown as one block out and one block in. */
const MOST_EDITS = 500;

/** @returns the hunks of `diff -u`, without the two lines that name files; '' if the values are the same bytes */
export function unifiedDiff(before: Buffer, after: Buffer): Buffer {
  // Bytes as characters, so that no encoding can change them.
  const [old, fresh] = [before.toString('latin1'), after.toString('latin1')];
  const patch = structuredPatch('', '', old, fresh, '', '', { context: CONTEXT, maxEditLength: MOST_EDITS });
  const hunks = patch?.hunks ?? [oneBlock(linesOf(old), linesOf(fresh))];
  return Buffer.from(hunks.map(shown).join(''), 'latin1');
}

/** Everything between the first and the last difference, out and in. */
function oneBlock(before: string[], after: string[]): StructuredPatchHunk {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const [first, last] = [Math.max(0, head - CONTEXT), Math.max(0, tail - CONTEXT)];
  const signed = (sign: string, lines: string[]): string[] => lines.flatMap((line) => signedLine(sign, line));
  return {
    oldStart: first + 1,
    oldLines: before.length - last - first,
    newStart: first + 1,
    newLines: after.length - last - first,
    lines: [
      ...signed(' ', before.slice(first, head)),
      ...signed('-', before.slice(head, before.length - tail)),
      ...signed('+', after.slice(head, after.length - tail)),
      ...signed(' ', before.slice(before.length - tail, before.length - last)),
    ],
  };
}

/** The lines, each with its newline. The last one may have none, and then it is a different line. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Lines as structuredPatch() gives them: without a newline. If there was none, a mark follows. */
function signedLine(sign: string, line: string): string[] {
  return line.endsWith('\n') ? [sign + line.slice(0, -1)] : [sign + line, '\\'];
}

function shown({ oldStart, oldLines, newStart, newLines, lines }: StructuredPatchHunk): string {
  // Only the mark begins with a backslash. It speaks of a file, but this is a value.
  const text = lines.map((line) => (line.startsWith('\\') ? '\\ No newline at end of value' : line));
  return `@@ -${span(oldStart, oldLines)} +${span(newStart, newLines)} @@\n${text.join('\n')}\n`;
}

/** Counts like `diff -u`: from 1, and the line before if there are none. */
function span(start: number, count: number): string {
  return `${count === 0 ? start - 1 : start},${count}`;
}
