import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { putBetween } from '../../../bench/markers.mjs';

const document = 'a\n<!-- run -->\n\nold\n\n<!-- end -->\nb\n<!-- run: large -->\n<!-- end: large -->\n';

it('puts a table in its own place and leaves the others alone', () => {
  expect(putBetween(document, 'run', 'end', '$1 new')).toBe(document.replace('old', () => '$1 new'));
  expect(putBetween(document, 'run: large', 'end: large', 'new')).toBe(document.replace('<!-- end: large', '\nnew\n\n<!-- end: large'));
});

it('says so where there is no such place, and there is one for every table', () => {
  expect(() => putBetween(document, 'rum', 'end', '')).toThrow('rum');
  expect(() => putBetween(document, 'run', 'fin', '')).toThrow('fin');
  const readme = readFileSync(new URL('../../../bench/README.md', import.meta.url), 'utf8');
  for (const [begin, end] of [
    ['run', 'end'],
    ['run: large', 'end: large'],
    ['listing', 'end of listing'],
    ['counted', 'end of counted'],
  ] as const) {
    expect(putBetween(readme, begin, end, 'a table')).toContain('a table');
  }
});
