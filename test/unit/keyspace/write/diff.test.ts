import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../../src/keyspace/write/diff.js';

const diff = (before: string, after: string) => unifiedDiff(Buffer.from(before, 'latin1'), Buffer.from(after, 'latin1')).toString('latin1');
const value = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\n', '\xff\0\n', '\n', 'a', ' x\n'), { maxLength: 30 })
  .map((lines) => lines.join(''));

/** Does what the manual of `patch` says: context and '-' must be what is there. */
function patched(before: string, hunks: string): string {
  const old = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const lines = hunks.replaceAll(/\n\\ No newline at end of value\n/g, '\r').match(/[^\n\r]*[\n\r]/g) ?? [];
  const out: string[] = [];
  let next = 0;
  for (const line of lines) {
    const head = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@\n$/.exec(line);
    const text = line.slice(1).replace(/\r$/, '');
    if (head) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      out.push(...old.slice(next, start));
      next = start;
      expect(out.length).toBe(Number(head[3]) - (head[4] === '0' ? 0 : 1));
    } else {
      if (line[0] !== '+') expect(old[next++]).toBe(text);
      if (line[0] !== '-') out.push(text);
    }
  }
  return [...out, ...old.slice(next)].join('');
}

/** The number of lines out and in, by the longest common subsequence. */
function fewest(before: string, after: string): number {
  const [a, b] = [before.match(/[^\n]*\n|[^\n]+$/g) ?? [], after.match(/[^\n]*\n|[^\n]+$/g) ?? []];
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const above = row;
    row = [0];
    for (let j = 0; j < b.length; j++) {
      row.push(b[j] === line ? (above[j] as number) + 1 : Math.max(above[j + 1] as number, row[j] as number));
    }
  }
  return a.length + b.length - 2 * (row[b.length] as number);
}

describe('unified diff', () => {
  it('is what diff -u prints', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `${i + 1}\n`);
    const changed = [...lines.slice(0, 4), 'five\n', ...lines.slice(5, 17), ...lines.slice(18)];
    expect(diff(lines.join(''), changed.join(''))).toBe(
      '@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -15,6 +15,5 @@\n 15\n 16\n 17\n-18\n 19\n 20\n',
    );
    expect(diff('', 'a\n')).toBe('@@ -0,0 +1,1 @@\n+a\n');
    expect(diff('a\n', '')).toBe('@@ -1,1 +0,0 @@\n-a\n');
    expect(diff('a', 'a\n')).toBe('@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of value\n+a\n');
  });

  it('leads from one value to the other, byte for byte, and is as short as can be', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const hunks = diff(before, after);
        expect(patched(before, hunks)).toBe(after);
        expect(hunks === '').toBe(before === after);
        expect(hunks.match(/^[+-]/gm)?.length ?? 0).toBe(fewest(before, after));
      }),
      { numRuns: 500 },
    );
  });

  it('does not look for ever for the shortest', () => {
    const many = (word: string) => Array.from({ length: 3000 }, (_, i) => `${word} ${i}\n`).join('');
    expect(diff(many('a'), many('b')).match(/^[+-]/gm)?.length).toBe(6000);
  });
});
