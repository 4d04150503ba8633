/** One line of a value: it says something, fits, and can be shown, whatever the bytes are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf, isText, printableOf } from '../../../../src/keyspace/look/excerpt.js';

const of = (text: string, width = 40): string => excerptOf(Buffer.from(text), width);

describe('an excerpt', () => {
  it.each([
    ['the first line', 'one\ntwo\n', 'one'],
    ['of text that begins with empty lines', '\n\n  two\nthree', 'two'],
    ['of JSON the first line that says something', '{\n  "a": 1,\n  "b": 2\n}\n', '{ "a": 1,'],
    ['nothing of an empty value', '', ''],
    ['without tabs', 'a\tb', 'a b'],
    ['without what moves the cursor', 'a\x1b[2Jb', 'a\\x1b[2Jb'],
    ['without what turns the direction', 'a\u202eb', 'a\\u{202e}b'],
    ['in letters of all kinds', 'Grüße 東京 🚀', 'Grüße 東京 🚀'],
  ])('has %s', (_, value, expected) => expect(of(value)).toBe(expected));

  it('is cut by characters, with a mark', () => {
    expect(of('🚀'.repeat(50), 5)).toBe('🚀🚀🚀🚀…');
    expect(of('12345', 5)).toBe('12345');
  });

  it('shows what is no text byte for byte', () => {
    expect(excerptOf(Buffer.from('k8s\0\n\x0b\x0a\x02v1\xff', 'latin1'), 40)).toBe('k8s\\x00\\x0a\\x0b\\x0a\\x02v1\\xff');
  });

  it('does not mind a character that its window cuts in two', () => {
    expect(of('x'.repeat(2047) + 'é', 3000)).toBe('x'.repeat(2047));
    expect(isText(Buffer.from('é'))).toBe(true);
  });

  it('is printable, on one line, and fits, whatever the bytes are', () => {
    const letters = fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 100 });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      letters.map((codes) => Buffer.from(String.fromCodePoint(...codes))),
    );
    fc.assert(
      fc.property(bytes, fc.integer({ min: 2, max: 200 }), (value, width) => {
        for (const line of [excerptOf(Buffer.from(value), width), printableOf(Buffer.from(value), width)]) {
          expect(Array.from(line).length).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
        }
      }),
    );
  });
});

describe('a key', () => {
  it('is shown in full, its newlines too', () => expect(printableOf(Buffer.from('/a\nb/ç\xff', 'utf8'), 40)).toBe('/a\\x0ab/çÿ'));
});
