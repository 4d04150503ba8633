import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changeBase,
  changeLines,
  formatLine,
  inLines,
  parseBase,
  type BaseChanges,
  type BaseLines,
  type DocumentBase,
  type Known,
} from '../../../../src/keyspace/documents/base.js';

const knownAt = (revision: number): Known => ({
  ...{ modRevision: String(revision), createRevision: '1', version: '2', lease: '0' },
  digest: 'd'.repeat(64),
});

function baseOf(keys: number): DocumentBase {
  return new Map(Array.from({ length: keys }, (_, i) => [`/b/${i}`, knownAt(i)]));
}

const textsOf = (of: BaseLines): string[] => of.lines.map((_, line) => formatLine(of, line));

describe('the base of a document', () => {
  it('is in lines, and a change is in as few of them as can be', () => {
    const change = fc.record({
      keys: fc.integer({ min: 0, max: 350 }),
      changed: fc.array(fc.tuple(fc.nat(400), fc.boolean()), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(change, ({ keys, changed }) => {
        const of = inLines(baseOf(keys));
        expect(of.lines.every(({ length }) => length <= 100)).toBe(true);
        const before = textsOf(of);
        const changes: BaseChanges = new Map(changed.map(([i, isGone]) => [`/b/${i}`, isGone ? undefined : knownAt(9999)]));
        const expected = changeBase(baseOf(keys), changes);
        const lines = changeLines(of, changes);
        const after = textsOf(of);
        expect(new Map([...parseBase(after.join(''))].sort())).toEqual(new Map([...expected].sort()));
        expect(of.base).toEqual(expected);
        expect(lines).toEqual(after.flatMap((text, line) => (text === before[line] ? [] : [line])));
      }),
      { numRuns: 100 },
    );
  });

  it('keeps each line as it is if a key is gone from another one', () => {
    const of = inLines(baseOf(250));
    const before = textsOf(of);
    expect(changeLines(of, new Map([['/b/3', undefined]]))).toEqual([0]);
    expect(textsOf(of).slice(1)).toEqual(before.slice(1));
    expect(parseBase(textsOf(of).join('')).has('/b/3')).toBe(false);
  });
});
