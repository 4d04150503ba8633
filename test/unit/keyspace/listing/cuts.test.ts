import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../harness/listing/shapes.js';
import { isBefore, prefixEnd } from '../../../../src/client/index.js';
import { learnAlphabet } from '../../../../src/keyspace/listing/alphabet.js';
import { cutsOf } from '../../../../src/keyspace/listing/cuts.js';
import { behindChild, childOf } from '../../../../src/keyspace/listing/names.js';

const name = fc
  .array(fc.constantFrom('a', 'b', 'Q', '-', '.', '0', '7', '\xff', '\x00', '\xc3', 'word'), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''));

function learned(names: Iterable<string>) {
  const alphabet = learnAlphabet();
  for (const each of names) alphabet.learn(each);
  return alphabet;
}

describe('cuts', () => {
  it('lie in order inside of the interval, never inside of a child, about as many as wanted', () => {
    const prefixes = fc.constantFrom('', '/', 'p/', '\xff/');
    fc.assert(
      fc.property(fc.array(name), name, prefixes, fc.nat(600), (known, first, prefix, wanted) => {
        const interval = { start: prefix + first, end: prefixEnd(prefix) };
        const cuts = cutsOf(interval, prefix, wanted, learned(known.map((each) => `${each}/`)));
        const all = [interval.start, ...cuts, interval.end];
        all.slice(1).forEach((end, i) => expect(isBefore(all[i] as string, end)).toBe(true));
        expect(new Set(cuts).size).toBe(cuts.length);
        for (const cut of cuts) expect(cut.slice(prefix.length, -1)).not.toContain('/');
        expect(cuts.length).toBeLessThanOrEqual(1.5 * wanted + 30);
      }),
      { numRuns: 300 },
    );
  });

  it('split the children of every kind of name, once a few of them are known', () => {
    for (const seed of [101, 106, 107, 110, 111, 114]) {
      const shape = seeded(seed);
      const names = [...new Set(shape.keys(0.05).map((key) => childOf(shape.prefix, key)))];
      const alphabet = learned(names.filter((_, i) => i % 7 === 0));
      const cuts = cutsOf(
        { start: behindChild(shape.prefix, names[0] as string), end: prefixEnd(shape.prefix) },
        shape.prefix,
        600,
        alphabet,
      );
      const pieces = new Set(names.map((each) => cuts.filter((cut) => cut <= shape.prefix + each).length));
      expect(pieces.size, shape.about).toBeGreaterThan(10);
    }
  });
});
