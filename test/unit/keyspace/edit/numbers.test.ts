/** Numbers stay with their names when an edited listing is listed again. */
import { describe, expect, it } from 'vitest';
import { numbered, settledNumbers } from '../../../../src/keyspace/edit/numbers.js';

const again = (names: string[], texts: { base?: string; text: string }[], own = 0, last = 9) =>
  numbered(names, settledNumbers(texts, own), last);

describe('the numbers of a listing that is listed again', () => {
  it('stay with the names that they were given, and new names get new ones', () => {
    const text = '3\tc\n1\tb  \n2 \ta\nnew\n\n';
    expect(again(['a', 'b', 'c', 'new'], [{ text }])).toEqual({ lines: ['2\ta', '1\tb', '3\tc', '10\tnew'], last: 10 });
  });

  it('stand once each, and first where they were', () => {
    expect(again(['a', 'b'], [{ text: '1\ta\n1\tb\n2\tb\n' }]).lines).toEqual(['1\ta', '2\tb']);
    const texts = [
      { base: '1\ta\n', text: '2\tx\n3\ty\n1\ta\n' },
      { base: '2\tx\n3\ty\n', text: '2\tx\n' },
    ];
    expect(again(['a', 'x', 'y'], texts, 0).lines).toEqual(['1\ta', '10\tx', '3\ty']);
    expect(again(['x'], texts, 1).lines).toEqual(['2\tx']);
  });
});
