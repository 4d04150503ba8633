/** A YAML document as items means what it means to the package, and is the same after an edit as if all of it were read. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../../src/client/index.js';
import type { Entry } from '../../../../src/keyspace/documents/entry.js';
import { beginReading } from '../../../../src/keyspace/documents/reading.js';
import { yaml } from '../../../../src/keyspace/documents/yaml.js';
import { readItems, type ItemDocument } from '../../../../src/keyspace/documents/yaml-items.js';
import { readDocument, readPiece } from '../../../../src/keyspace/documents/yaml-package.js';
import { runs } from '../../../harness/runs.js';

const shown = ({ key, value }: Entry, offset: number) => ({ key, value: value.toString('latin1'), offset });

/** What the package reads, or why it refuses that. */
function byPackage(text: string): ReturnType<typeof shown>[] | string {
  const found: ReturnType<typeof shown>[] = [];
  try {
    readDocument(
      beginReading(text, (entry, offset) => found.push(shown(entry, offset))),
      text,
    );
    return found;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

const parts = [
  'a',
  'b/',
  '1',
  '0x1',
  'null',
  '~',
  '<<',
  '- ',
  '-',
  ':',
  ': ',
  ' ',
  ' #',
  '#',
  '"',
  "'",
  "''",
  '|',
  '>',
  '{',
  '}',
  '[',
  ',',
  '&a',
  '*a',
  '!',
  '%',
  '@',
  '.',
  '...',
  '\\',
  '?',
  '? ',
  '=',
  'true',
  '\t',
  'é',
  '\r',
  '|-',
  '|2',
  '!!binary aGk=',
];
const fragment = (most: number) => fc.array(fc.constantFrom(...parts), { maxLength: most }).map((some) => some.join(''));
const simple = fc.constantFrom('a', 'a b', 'b/', '"a b"', "'it''s'", 'a:b', 'c', '"#"', 'x, y');
const line = fc
  .tuple(
    fc.constantFrom('', '', '', '', '', '  ', '  ', '    ', ' '),
    fc.oneof({ weight: 12, arbitrary: simple }, fragment(3)),
    fc.oneof({ weight: 12, arbitrary: simple }, { weight: 4, arbitrary: fc.constant('') }, fragment(3)),
  )
  .map(([indent, name, value]) => `${indent}${name}:${value === '' ? '' : ' '}${value}`);
const more = fc.tuple(fc.constantFrom('', '  ', '  ', '    ', '\t'), fc.oneof(simple, fragment(3))).map((both) => both.join(''));
const odd = fc.constantFrom(
  '',
  '  ',
  '# note',
  '# é',
  '---',
  '...',
  '%YAML 1.1',
  '  # more',
  'x: |',
  '  x: |-',
  'x: >',
  'x: "a',
  "x: 'a",
  'x:',
);
const document = fc
  .array(fc.oneof({ weight: 8, arbitrary: line }, { weight: 3, arbitrary: more }, { weight: 2, arbitrary: odd }), { maxLength: 6 })
  .map((lines) => `${lines.join('\n')}\n`);

const segment = fc.oneof({ weight: 20, arbitrary: fc.constantFrom('a', 'b', 'c') }, fc.constant(''));
const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const tree = fc
  .uniqueArray(key, { minLength: 1, maxLength: 12 })
  .map((keys) => yaml.encode(keys.map((it) => ({ key: it, value: Buffer.from(`v ${it}`) }))));

const name = fc.constantFrom('a', 'b c', 'é', '1', '', 'null', '#', 'x: y', '\t');
const hostile = fc.uniqueArray(
  fc.record({
    key: fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => keyOf(names.join('/'))),
    value: fc.constantFrom('1', 'two\nlines\n', ' \n', 'é', '', 'on', '\xff\0', '"').map((text) => Buffer.from(text, 'latin1')),
  }),
  { selector: ({ key: it }) => it, minLength: 1, maxLength: 8 },
);
/** Each has a piece that would mean something else without the lines around it. */
const strange = [
  'a: 1\n&a\n  b: 2\n',
  '{a: é}\nb: 2\n',
  'a:\n# é\u2028\n  b: 1\n',
  '  é: 1\n b: 1\n',
  'a: b\n\té: c\n',
  'é: |\n  x\n# y\n  z\n',
  'é: &x 1\nb: *x\n',
  '%TAG ! tag:x,2000:\n---\né: !a 1\n',
  '---\né: 1\n---\n',
  'é: "1\n2": 3\n',
  'a: 1\n\ufeffé: 2\n',
  'é: 1\rb: 2\n',
];
/** A document, and what an edit makes of it: some of its lines, or some characters, are replaced. */
const edited = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: tree }, document),
    fc.oneof(tree, document, line, more, fragment(1)),
    fc.nat(),
    fc.nat(20),
    fc.boolean(),
  )
  .map(([before, other, at, length, ofLines]): [string, string] => {
    const [pieces, between] = ofLines ? [before.split('\n'), '\n'] : [Array.from(before), ''];
    const after = [...pieces];
    after.splice(at % (pieces.length + 1), length % (ofLines ? 4 : 20), ...(ofLines ? other.split('\n') : [other]));
    return [before, after.join(between)];
  });

const places = (document: ItemDocument | undefined) =>
  document?.items.map(({ start, end, level, key, value }) => ({ start, end, level, key, value }));

describe('the items of a YAML document', () => {
  it('are what the package reads in it, and where', () => {
    let [seen, pieces] = [0, 0];
    fc.assert(
      fc.property(document, (text) => {
        const items = readItems(text, readPiece)?.items;
        if (!items) return;
        const found = items.map((item) => shown(item, item.offset));
        const whole = byPackage(text);
        if (new Set(found.map(({ key }) => key)).size < found.length) expect(whole).toMatch(/is there twice/);
        else expect(found).toEqual(whole);
        seen += items.length;
        pieces += items.filter(({ start, end }) => text.slice(start, end).trimEnd().includes('\n')).length;
      }),
      { numRuns: runs(5000), examples: strange.map((text) => [text]) },
    );
    expect(seen).toBeGreaterThan(100);
    expect(pieces).toBeGreaterThan(10);
  });

  it('are the same if only those are read that an edit has changed', () => {
    let [seen, kept] = [0, 0];
    fc.assert(
      fc.property(edited, ([before, after]) => {
        const read = readItems(before, readPiece);
        const [anew, again] = [readItems(after, readPiece), readItems(after, readPiece, read)];
        expect(places(again)).toEqual(places(anew));
        if (!anew || !again || !read) return;
        seen++;
        const known = new Set(read.items.map(({ value }) => value));
        kept += again.items.filter(({ value }) => known.has(value)).length;
      }),
      { numRuns: runs(5000) },
    );
    expect(seen).toBeGreaterThan(100);
    expect(kept).toBeGreaterThan(seen);
  });

  it('are known from writing it', () => {
    let seen = 0;
    fc.assert(
      fc.property(hostile, fc.nat(), fc.nat(2), (entries, at, length) => {
        const { text, held } = yaml.encodeHeld?.(entries) ?? { text: '' };
        const read = yaml.decodeHeld?.(text).held;
        const rows = text.split('\n');
        rows.splice(at % rows.length, length, 'zz: 1');
        const [one, other] = [held, read].map((it) => it?.compare(rows.join('\n')));
        const keys = (compared: typeof one) => compared && [compared.come, compared.gone].map((all) => all.map((it) => shown(it, 0)));
        expect(keys(one)).toEqual(keys(other));
        if (one) seen++;
      }),
      { numRuns: runs(1000) },
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('are read once if the text before and after them is the same', () => {
    const text = Array.from({ length: 100 }, (_, i) => `dir${i}:\n  a: ${i}\n  b: |\n    ${i}\n    x\n`).join('');
    const read = readItems(text, readPiece);
    const again = readItems(text.replace('  a: 50\n', '  a: another\n'), readPiece, read);
    expect(again?.items[100]?.value.toString()).toBe('another');
    expect(again?.items.filter((it, i) => it.value !== read?.items[i]?.value).length).toBeLessThan(5);
  });
});
