/** The table of fidelity says what the tests found, and why for each dash. */
import { expect, it } from 'vitest';
import { tables } from '../../tools/fidelity.js';

/** The lines of the part `move`, for tests given as [editor, title, status]. */
function lines(...tests: [string, string, string][]): string[] {
  const assertionResults = tests.map(([editor, title, status]) => ({
    ancestorTitles: ['all', `fidelity: move ('${editor}')`],
    title,
    status,
  }));
  const text = tables({ testResults: [{ assertionResults }] });
  return text.slice(text.indexOf('## move')).split('\n').slice(4);
}

it('holds, fails, has not run', () => {
  expect(lines(['a', 'x', 'passed'], ['b', 'x', 'failed'], ['a', 'y', 'pending'])).toEqual(['| x | ● | ✗ |', '| y | ? | ? |', '']);
});

it('a dash has its reason below the table, with the editors that it is about', () => {
  expect(lines(['a', 'x <CR> | y', 'passed'], ['b', 'x <CR> | y (– no (such) thing)', 'pending'])).toEqual([
    '| x &lt;CR> \\| y | ● | – |',
    '',
    '- – x &lt;CR> \\| y: no (such) thing (b)',
    '',
  ]);
  expect(lines(['a', 'x (– why)', 'passed'], ['b', 'x (– why)', 'pending'])).toEqual(['| x | – | – |', '', '- – x: why', '']);
});

it('where the proof that it cannot be had fails, so does the cell', () => {
  expect(lines(['a', 'x (– why)', 'failed'])[0]).toBe('| x | ✗ |');
});
