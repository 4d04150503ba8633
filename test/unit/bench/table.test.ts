import { expect, it } from 'vitest';
import { table, withSection, type Result } from '../../../bench/table.js';

const rounds = (ms: number): number[] => Array.from({ length: 20 }, (_, round) => ms + (round % 5) / 10);

function result(editor: string, ours: number[], beside: Result['beside'] = {}): Result {
  return { measure: 'open', editor, ours, floor: rounds(2), target: { times: 1.5, plus: 2 }, beside };
}

it('has a line for each measure and a column for each editor, and says what misses its target, and what cannot be known', () => {
  const noisy = rounds(5).map((ms, round) => (round % 2 ? ms + 3 : ms - 3));
  const [head, , line, more] = table([result('vim', rounds(4)), result('nvim', rounds(9)), result('old', noisy)]).split('\n');
  expect(head).toBe('| ours / floor, ms | vim | nvim | old | at most | beside, ms |');
  expect(line).toMatch(/^\| open \| 4\.2 \/ 2\.2 \| 9\.2 \/ 2\.2 ✗ \| [\d.]+ \/ 2\.2 \? \| 1\.5 × \+ 2 \| {2}\|$/);
  expect(more).toBeUndefined();
});

it('sets what was before beside ours round by round, and the rest as it is, of all editors together', () => {
  const beside = { before: rounds(4).map((ms) => ms / 2), 'local file': rounds(1), 'node host': [] };
  expect(table([result('vim', rounds(4), beside)])).toContain('| 2.00 × before (2.00 to 2.00), local file 1.2 |');
});

it('puts a section in the place of the one with its title, and keeps the others', () => {
  const document = '# Results\n\nhead\n\n## B\n\nold $1\n\n## C\n\nlast\n';
  expect(withSection(document, 'B', 'new $1')).toBe('# Results\n\nhead\n\n## B\n\nnew $1\n\n## C\n\nlast\n');
  expect(withSection(document, 'A', 'first')).toBe('# Results\n\nhead\n\n## A\n\nfirst\n\n## B\n\nold $1\n\n## C\n\nlast\n');
});
