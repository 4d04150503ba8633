import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBase, isText, parseBase, type DocumentBase, type Known } from '../../../../src/keyspace/documents/base.js';

const knownAt = (revision: number): Known => ({
  ...{ modRevision: String(revision), createRevision: '1', version: '2', lease: '0' },
  digest: 'd'.repeat(64),
});

/** More keys than two lines have. */
function baseOf(keys: number): DocumentBase {
  return new Map(Array.from({ length: keys }, (_, i) => [`/b/${i}`, knownAt(i)]));
}

const textOf = (base: DocumentBase): string => [...formatBase(base)].join('');

describe('the base of a document', () => {
  it('is the same text, whatever is used again of an earlier one', () => {
    const change = fc.record({
      keys: fc.integer({ min: 0, max: 2500 }),
      others: fc.integer({ min: 0, max: 2500 }),
      changed: fc.array(fc.nat(2500), { maxLength: 3 }),
      gone: fc.array(fc.nat(2500), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(change, ({ keys, others, changed, gone }) => {
        const all = baseOf(Math.max(keys, others));
        const earlier: DocumentBase = new Map([...all].slice(0, others));
        const next: DocumentBase = new Map([...all].slice(0, keys));
        for (const i of changed) if (next.has(`/b/${i}`)) next.set(`/b/${i}`, knownAt(9999));
        for (const i of gone) next.delete(`/b/${i}`);
        const before = { base: earlier, pieces: [...formatBase(earlier)] };
        expect([...formatBase(next, before)].join('')).toBe(textOf(next));
        expect(parseBase(textOf(next))).toEqual(next);
      }),
      { numRuns: 50 },
    );
  });

  it('takes the lines of an earlier one that are the same, and makes the others anew', () => {
    const earlier = baseOf(2500);
    const pieces = [...formatBase(earlier)].map((piece) => `${piece.trimEnd()} \n`);
    const next: DocumentBase = new Map(earlier).set('/b/1500', knownAt(9999));
    const made = [...formatBase(next, { base: earlier, pieces })];
    expect([made[0], made[2]]).toEqual([pieces[0], pieces[2]]);
    expect(made[1]).toContain('"9999"');
  });

  it('knows its text, and no other', () => {
    const base = baseOf(1200);
    const written = { base, pieces: [...formatBase(base)] };
    const text = textOf(base);
    expect(isText(text, written)).toBe(true);
    expect(['', text.slice(1), `${text}\n`, text.slice(0, -1), text.replace('"7"', '"8"')].map((other) => isText(other, written))).toEqual(
      Array(5).fill(false),
    );
  });
});
