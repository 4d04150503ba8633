import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behindChild, childOf } from '../../../../src/keyspace/listing/names.js';
import { hintsOf, MOST_HINTS } from '../../../../src/keyspace/listing/hints.js';
import { openGaps, type Gap } from '../../../../src/keyspace/listing/gaps.js';
import { openOutline, type Piece } from '../../../../src/keyspace/listing/outline.js';
import { openSiblings, siblingsOf } from '../../../../src/keyspace/listing/siblings.js';

const key = fc.array(fc.constantFrom('/', 'a', 'b', '0', '.', '\x00', '\xff'), { minLength: 1, maxLength: 6 }).map((all) => all.join(''));

describe('the names of a level', () => {
  it('stand in the order of their keys, and nothing of a child lies behind its end', () => {
    fc.assert(
      fc.property(key, key, fc.constantFrom('', 'p/'), (one, other, prefix) => {
        const [low, high] = [prefix + one, prefix + other].sort((a, b) => (a < b ? -1 : 1)) as [string, string];
        const [first, second] = [childOf(prefix, low), childOf(prefix, high)];
        expect(first <= second).toBe(true);
        expect(behindChild(prefix, first) <= high).toBe(first !== second);
      }),
    );
  });
});

describe('the outline', () => {
  it('moves its front over names that are final, and never over a gap', () => {
    const outline = openOutline();
    outline.whole.names.push('a');
    const [left, right] = outline.resolve(outline.whole, 2) as [Piece, Piece];
    expect(outline.advance()).toEqual(['a']);
    right.names.push('y');
    outline.resolve(right, 0);
    expect(outline.advance()).toEqual([]);
    left.names.push('c');
    expect(outline.advance()).toEqual(['c']);
    left.names.push('d');
    const [inner] = outline.resolve(left, 1) as [Piece];
    expect(outline.advance()).toEqual(['d']);
    expect(outline.isComplete()).toBe(false);
    outline.resolve(inner, 0);
    expect(outline.advance()).toEqual(['y']);
    expect(outline.isComplete()).toBe(true);
    expect(outline.names).toEqual(['a', 'c', 'd', 'y']);
  });
});

describe('gaps', () => {
  const piece: Piece = { names: [], firstKeys: [], open: true, next: undefined };
  const gap = (start: string, keys: number, limit: number): Gap => ({ start, end: `${start}z`, keys, limit, piece });
  const starts = (gaps: Gap[]): string => gaps.map(({ start }) => start).join('');

  it('are taken from the left, as many as the quota allows and one at the least', () => {
    const gaps = openGaps();
    gaps.add([gap('c', 100_000, 8), gap('d', 10, 8)]);
    gaps.add([gap('a', 10, 8), gap('b', 10, 8)]);
    expect(starts(gaps.take(200, 128))).toBe('ab');
    expect(starts(gaps.take(200, 128))).toBe('c');
    expect(starts(gaps.take(200, 128))).toBe('d');
    expect(gaps.cost()).toBeCloseTo(0);
  });

  it('are taken alone where the answer is large, and no more than a txn may hold', () => {
    const gaps = openGaps();
    gaps.add([gap('a', 10, 8), gap('b', 5000, 0), ...['c', 'd', 'e'].map((start) => gap(start, 10, 8))]);
    expect(starts(gaps.take(Infinity, 2))).toBe('a');
    expect(starts(gaps.take(Infinity, 2))).toBe('b');
    expect(starts(gaps.take(Infinity, 2))).toBe('cd');
  });
});

describe('siblings', () => {
  it('are the next numbers of the same width', () => {
    expect(siblingsOf('svc-098/', 3)).toEqual(['svc-099/', 'svc-100/', 'svc-101/']);
    expect(siblingsOf('a8/', 5)).toEqual(['a9/']);
    expect(siblingsOf('a9/', 5)).toEqual([]);
    expect(siblingsOf('a/', 5)).toEqual([]);
    expect(siblingsOf('a7', 5)).toEqual([]);
  });

  it('are looked for as long as they are mostly there', () => {
    const siblings = openSiblings();
    siblings.tell(true);
    for (let i = 0; i < 5; i++) siblings.tell(false);
    expect(siblings.arePromising()).toBe(true);
    siblings.tell(false);
    expect(siblings.arePromising()).toBe(false);
  });
});

describe('hints', () => {
  it('are kept where they pay, and only so many', () => {
    expect(hintsOf('/', ['a', 'b/', 'c', 'd', 'e/'], ['/b/x', '/e/y'], 100)).toMatchObject({ values: [1, 2, 0] });
    expect(hintsOf('/', ['a', 'b'], [], 2)).toBeUndefined();
    expect(hintsOf('/', ['a', 'b', 'c/'], ['/c/1'], 4)).toBeUndefined();
    const many = Array.from({ length: MOST_HINTS + 1 }, (_, i) => `k${i}/`);
    expect(hintsOf('/', many, many, 1e6)).toBeUndefined();
  });
});
