/** Numbers stay with their names when an edited listing is listed again. */
import { describe, expect, it } from 'vitest';
import { numbered, settledNumbers } from '../../../../src/keyspace/edit/numbers.js';

const again = (names: string[], texts: { base?: string; text: string }[], own = 0, last = 9, prefix = '/app/') =>
  numbered(
    names,
    settledNumbers(
      texts.map((text) => ({ prefix, ...text })),
      own,
    ),
    last,
  );

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
  it('stay with names that are written in another way than the listing shows them', () => {
    const text = '1\t%2Fx\n2\t./plain\n3\t%c3%bc\n4\t..Z/\n5\t../app/up\n6\t../other\n7\tend\u00a0\n8\t../app/\n';
    expect(again(['.//', 'plain', 'ü', '%2E.Z/', '..Z/', 'up', 'other', 'end%C2%A0', '%2F'], [{ text }]).lines).toEqual([
      '10\t.//',
      '2\tplain',
      '3\tü',
      '11\t%2E.Z/',
      '4\t..Z/',
      '5\tup',
      '12\tother',
      '7\tend%C2%A0',
      '13\t%2F',
    ]);
  });
});
