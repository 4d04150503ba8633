import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globSource, globTest } from '../../../src/keyspace/glob.js';

const asIs = (part: string): string => part;
const over = (letters: readonly string[]) => fc.array(fc.constantFrom(...letters), { maxLength: 9 }).map((all) => all.join(''));

const WILD: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]', '.': '\\.' };

/** What a glob means, as short as possible. It takes for ever if there are many stars. */
const plain = (glob: string): RegExp => new RegExp(`^${glob.replace(/\*\*\/|\*\*|[*?.]/g, (part) => WILD[part] ?? '')}$`, 'su');
const quick = (glob: string): RegExp => new RegExp(`^${globSource(glob)}$`, 'su');

describe('a glob', () => {
  it('means the same as an expression, in our own walk, and as a plain expression', () => {
    fc.assert(
      fc.property(over(['a', 'b', '/', '*', '**', '**/', '?', '.']), over(['a', 'b', '/', '.']), (glob, name) => {
        const does = plain(glob).test(name);
        expect(globTest(glob, asIs)(name)).toBe(does);
        expect(quick(glob).test(name)).toBe(does);
      }),
      { numRuns: 5000 },
    );
  });

  it('of many stars comes to an end', () => {
    const name = 'a'.repeat(4000);
    expect(globTest(`${'*a'.repeat(40)}b`, asIs)(name)).toBe(false);
    expect(globTest(`${'**/a*'.repeat(20)}b`, asIs)('a/'.repeat(2000))).toBe(false);
    expect(globTest('*a'.repeat(40), asIs)(name)).toBe(true);
    expect(quick(`${'*a'.repeat(40)}b`).test(name)).toBe(false);
    expect(quick(`${'**/a*'.repeat(20)}b`).test('a/'.repeat(2000))).toBe(false);
    expect(quick(`${'**a'.repeat(20)}b`).test(name)).toBe(false);
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
