import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFolded, json } from '../../../../src/keyspace/views/json.js';
import { restyle } from '../../../../src/keyspace/views/restyle.js';
import { tokensOf } from '../../../../src/keyspace/views/tokens.js';

const SOME = { numRuns: 500 };
const space = fc.constantFrom('', '', '', ' ', '  ', '\t');
const name = fc.oneof(
  fc.constantFrom('"a"', '"b"', '"ttl"', '"\\u00e9"', '"é"', '"a\\"b"', '""'),
  fc.string().map((s) => JSON.stringify(s)),
);
const scalar = fc.oneof(name, fc.constantFrom('1', '1.0', '-0', '1E400', '12345678901234567890', '0.10', 'true', 'false', 'null'));

/** JSON of one line, with any white space in it. */
const { text: folded } = fc.letrec<{ text: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(fc.tuple(space, tie('text'), space), { maxLength: 4 }).map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
    fc
      .array(fc.tuple(space, name, space, fc.constant(':'), space, tie('text'), space), { maxLength: 4 })
      .map((items) => `{${items.map((item) => item.join('')).join(',')}}`),
  ),
}));
const value = fc.tuple(space, folded, fc.constantFrom('', '\n', ' ', '\r\n')).map((parts) => parts.join(''));
const shown = (text: string) => json.show(Buffer.from(text)).toString();
const written = (text: string, original: string) => json.write(Buffer.from(text), Buffer.from(original)).toString();
const texts = (text: string) => tokensOf(text).all.map((token) => token.text);

describe('the view of JSON', () => {
  it('writes the very bytes of which it is the view', () => {
    fc.assert(
      fc.property(value, (text) => {
        expect(written(shown(text), text)).toBe(text);
      }),
      SOME,
    );
  });

  it('writes the tokens of the text, whatever was there, and those again', () => {
    fc.assert(
      fc.property(value, value, (original, other) => {
        const once = written(shown(other), original);
        expect(texts(once)).toEqual(texts(other));
        expect(once.trim()).not.toContain('\n');
        expect(written(shown(other), once)).toBe(once);
        expect(written(shown(once), once)).toBe(once);
      }),
      SOME,
    );
  });

  it('changes one token, and no other byte', () => {
    fc.assert(
      fc.property(value, fc.nat(), scalar, (text, at, fresh) => {
        const { all, tail } = tokensOf(text);
        const places = all.flatMap((token, i) => (/^[^{}[\]:,"]/.test(token.text) ? [i] : []));
        const place = places[at % places.length];
        fc.pre(place !== undefined);
        const edited = all.map((token, i) => (i === place ? { ...token, text: fresh } : token));
        const expected = edited.map((token) => token.space + token.text).join('') + tail;
        expect(written(shown(expected), text)).toBe(expected);
      }),
      SOME,
    );
  });

  it.each([
    ['{"ttl":30,"loop_wait":10}', '"ttl": 30', '"ttl": 20', '{"ttl":20,"loop_wait":10}'],
    ['{"ttl": 30, "loop_wait": 10}', '"ttl": 30,', '"ttl": 30, "x": [1,{"y":2}],', '{"ttl": 30, "x": [1, {"y": 2}], "loop_wait": 10}'],
    ['{ "a": 1, "b": 2 }\n', '"a": 1,', '', '{ "b": 2 }\n'],
    ['{"n":12345678901234567890,"e":"\\u00e9\\/"}', '"e"', '"f"', '{"n":12345678901234567890,"f":"\\u00e9\\/"}'],
  ])('%s with %s as %s is written %s', (text, from, to, expected) => {
    expect(written(shown(text).replace(from, to), text)).toBe(expected);
  });

  it('is indented by two spaces', () => {
    expect(shown('{"a":[1,{}],"b":{"c":[]}}')).toBe('{\n  "a": [\n    1,\n    {}\n  ],\n  "b": {\n    "c": []\n  }\n}\n');
  });

  it('of several lines is the text itself, and is written as it stands', () => {
    const text = '{\n "a":   1\n}';
    expect(shown(text)).toBe(text);
    expect(written('{"a": 2}\n', text)).toBe('{"a": 2}\n');
  });

  it.each(['', '{', '{"a":1,}', '\ufeff{}', '{"a":1} x'])('%j is refused both ways', (text) => {
    expect(() => shown(text)).toThrow(/no valid JSON/);
    expect(() => written(text, '{}')).toThrow(/no valid JSON/);
  });

  it('refuses bytes that are no UTF-8, and what would be little else than indent', () => {
    expect(() => json.show(Buffer.from('"\xff"', 'latin1'))).toThrow(/no valid JSON/);
    const deep = 6000;
    expect(() => shown('['.repeat(deep) + ']'.repeat(deep))).toThrow(/too deep/);
  });

  it('of a megabyte is written in time though nothing of it is left', () => {
    const list = (from: number) => JSON.stringify(Array.from({ length: 100_000 }, (_, i) => i + from));
    expect(restyle(list(0), list(1_000_000))).toBe(list(1_000_000));
  });

  it.each([
    ['{"a":1}', true],
    ['[1]\n', true],
    ['{}', false],
    ['1', false],
    ['{\n"a":1}', false],
    ['{"a":1', false],
  ])('%j is folded: %s', (text, expected) => {
    expect(isFolded(Buffer.from(text))).toBe(expected);
  });
});
