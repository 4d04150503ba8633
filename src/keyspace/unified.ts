/** What a write would change, as people read it: a unified diff of two values, line by line. */

/** Lines around a change. */
const CONTEXT = 3;
/** Changed lines up to which the shortest diff is looked for; more are shown as one block out, one block in. */
const PATIENCE = 500;

interface Edit {
  /** ' ' in both, '-' only in the old value, '+' only in the new one. */
  sign: ' ' | '-' | '+';
  line: string;
}

/**
 * @returns the hunks of `diff -u`, without the two lines that name files; '' where the values are the same bytes
 */
export function unifiedDiff(before: Buffer, after: Buffer): Buffer {
  // Bytes as characters, so that no encoding can change them.
  const edits = editsOf(linesOf(before.toString('latin1')), linesOf(after.toString('latin1')));
  return Buffer.from(hunksOf(edits).join(''), 'latin1');
}

/** Each with its newline; the last one may have none, which makes it another line. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function editsOf(before: string[], after: string[]): Edit[] {
  let head = 0;
  while (head < before.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const both = (lines: string[]): Edit[] => lines.map((line) => ({ sign: ' ', line }));
  return [
    ...both(before.slice(0, head)),
    ...shortest(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...both(before.slice(before.length - tail)),
  ];
}

/** E. W. Myers, An O(ND) Difference Algorithm (1986): the furthest point of each diagonal, one edit more each round. */
function shortest(before: string[], after: string[]): Edit[] {
  const rounds: Map<number, number>[] = [];
  let reached = new Map([[1, 0]]);
  for (let edits = 0; edits <= PATIENCE; edits++) {
    rounds.push(reached);
    const next = new Map<number, number>();
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = stepsDown(reached, diagonal, edits) ? at(reached, diagonal + 1) : at(reached, diagonal - 1) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkBack(rounds, before, after);
    }
    reached = next;
  }
  const all = (sign: '-' | '+', lines: string[]): Edit[] => lines.map((line) => ({ sign, line }));
  return [...all('-', before), ...all('+', after)];
}

function walkBack(rounds: Map<number, number>[], before: string[], after: string[]): Edit[] {
  const found: Edit[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = rounds.length - 1; edits >= 0; edits--) {
    const reached = rounds[edits] as Map<number, number>;
    const down = stepsDown(reached, x - y, edits);
    const from = down ? x - y + 1 : x - y - 1;
    const [fromX, fromY] = edits === 0 ? [0, 0] : [at(reached, from), at(reached, from) - from];
    for (; x > fromX && y > fromY; x--, y--) found.push({ sign: ' ', line: before[x - 1] as string });
    if (edits > 0) found.push(down ? { sign: '+', line: after[--y] as string } : { sign: '-', line: before[--x] as string });
  }
  return found.reverse();
}

/** Whether the furthest way to `diagonal` takes a line of the new value, rather than dropping one of the old. */
function stepsDown(reached: Map<number, number>, diagonal: number, edits: number): boolean {
  return diagonal === -edits || (diagonal !== edits && at(reached, diagonal - 1) < at(reached, diagonal + 1));
}

function at(reached: Map<number, number>, diagonal: number): number {
  return reached.get(diagonal) ?? 0;
}

function hunksOf(edits: Edit[]): string[] {
  const out: string[] = [];
  let [old, fresh, shown] = [0, 0, 0];
  for (let i = 0; i < edits.length; i++) {
    if ((edits[i] as Edit).sign === ' ') continue;
    const first = Math.max(shown, i - CONTEXT);
    let last = i;
    for (let j = i; j < edits.length && j <= last + 2 * CONTEXT; j++) if ((edits[j] as Edit).sign !== ' ') last = j;
    const hunk = edits.slice(first, last + 1 + CONTEXT);
    const skipped = first - shown;
    const [fromOld, fromNew] = [old + skipped, fresh + skipped];
    const [inOld, inNew] = [hunk.filter(({ sign }) => sign !== '+').length, hunk.filter(({ sign }) => sign !== '-').length];
    out.push(`@@ -${span(fromOld, inOld)} +${span(fromNew, inNew)} @@\n`, ...hunk.map(shownLine));
    [old, fresh, shown] = [fromOld + inOld, fromNew + inNew, first + hunk.length];
    i = shown - 1;
  }
  return out;
}

/** As `diff -u` counts: from 1, and the line before where there are none. */
function span(from: number, count: number): string {
  return `${count === 0 ? from : from + 1},${count}`;
}

function shownLine({ sign, line }: Edit): string {
  return line.endsWith('\n') ? sign + line : `${sign}${line}\n\\ No newline at end of value\n`;
}
