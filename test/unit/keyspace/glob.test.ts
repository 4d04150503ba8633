import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globSource, globTest } from '../../../src/keyspace/glob.js';

const asIs = (part: string): string => part;
const over = (letters: readonly string[]) => fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((all) => all.join(''));

describe('a glob', () => {
  it('means in our own walk what it means as an expression', () => {
    fc.assert(
      fc.property(over(['a', 'b', '/', '*', '**', '**/', '?', '.']), over(['a', 'b', '/', '.']), (glob, name) => {
        expect(globTest(glob, asIs)(name)).toBe(new RegExp(`^${globSource(glob)}$`, 'su').test(name));
      }),
      { numRuns: 5000 },
    );
  });

  it('of many stars comes to an end', () => {
    const name = 'a'.repeat(4000);
    expect(globTest(`${'*a'.repeat(40)}b`, asIs)(name)).toBe(false);
    expect(globTest(`${'**/a*'.repeat(20)}b`, asIs)('a/'.repeat(2000))).toBe(false);
    expect(globTest('*a'.repeat(40), asIs)(name)).toBe(true);
  });

  it.each([
    ['?', '\u00c3\u00b6', true],
    ['?', '\u00f0\u009f\u0090\u0098', true],
    ['??', '\u00c3\u00b6x', true],
    ['?', 'xy', false],
    ['?', '/', false],
  ])('%s takes a character of UTF-8 for one: %j %s', (glob, name, does) => {
    expect(globTest(glob, asIs)(name)).toBe(does);
  });
});
