import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap, parseDocument, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { prefixOf } from '../../../../src/keyspace/documents/branch.js';
import { yaml } from '../../../../src/keyspace/documents/yaml.js';
import { isPlain, readSimple } from '../../../../src/keyspace/documents/yaml-lines.js';
import { runs } from '../../../harness/runs.js';

interface Found {
  key: string;
  value: string;
  offset: number;
}

/** What the package reads; undefined if it refuses it, or finds something that is no text. */
function byPackage(text: string): Found[] | undefined {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  const read = (map: YAMLMap, prefix: string): Found[] =>
    (map.items as Pair<Scalar<string>, Scalar<string> | YAMLMap>[]).flatMap(({ key, value }) => {
      if (isMap(value)) return read(value, prefixOf(prefix, key.value));
      return [{ key: prefix + key.value, value: (value as Scalar<string>).value, offset: key.range?.[0] ?? -1 }];
    });
  return isMap(document.contents) ? read(document.contents, '') : [];
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
const document = fc
  .array(fc.oneof({ weight: 8, arbitrary: line }, fc.constantFrom('', '# note', '---', '...', '  # more')), { maxLength: 5 })
  .map((lines) => `${lines.join('\n')}\n`);

const segment = fc.oneof({ weight: 20, arbitrary: fc.constantFrom('a', 'b', 'c') }, fc.constant(''));
const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const tree = fc
  .uniqueArray(key, { minLength: 1, maxLength: 12 })
  .map((keys) => yaml.encode(keys.map((it) => ({ key: it, value: Buffer.from(`v ${it}`) }))));
/** A document, and what an edit makes of it: some of its lines, or some characters, are replaced. */
const edited = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: tree }, document),
    fc.oneof({ weight: 4, arbitrary: tree }, line, fragment(1)),
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

describe('simple lines of YAML', () => {
  it('are what the package reads in them, and where', () => {
    let seen = 0;
    fc.assert(
      fc.property(document, (text) => {
        const found = readSimple(text)?.lines.map(({ key, value, offset }) => ({ key, value: value.toString('latin1'), offset }));
        if (!found) return;
        seen += found.length;
        expect(found).toEqual(byPackage(text));
      }),
      { numRuns: runs(5000) },
    );
    expect(seen).toBeGreaterThan(100);
  });

  it('are the same if only those are read that an edit has changed', () => {
    let [seen, kept] = [0, 0];
    fc.assert(
      fc.property(edited, ([before, after]) => {
        const read = readSimple(before);
        const [anew, again] = [readSimple(after), readSimple(after, read)];
        expect(again?.lines).toEqual(anew?.lines);
        if (!anew || !again || !read) return;
        seen++;
        const known = new Set(read.lines.map(({ value }) => value));
        kept += again.lines.filter(({ value }) => known.has(value)).length;
      }),
      { numRuns: runs(5000) },
    );
    expect(seen).toBeGreaterThan(100);
    expect(kept).toBeGreaterThan(seen);
  });

  it('are read once if the text before and after them is the same', () => {
    const text = Array.from({ length: 100 }, (_, i) => `dir${i}:\n  a: ${i}\n  b: ${i}\n`).join('');
    const read = readSimple(text);
    const again = readSimple(text.replace('  a: 50\n', '  a: another\n'), read);
    expect(again?.lines[100]?.value.toString()).toBe('another');
    expect(again?.lines.filter((it, i) => it.value !== read?.lines[i]?.value)).toHaveLength(2);
  });

  it('are plain only if the package writes and reads them as they are', () => {
    fc.assert(
      fc.property(fragment(5), (text) => {
        if (isPlain(text, false)) expect(byPackage(`name: ${text}\n`)).toMatchObject([{ key: 'name', value: text }]);
        if (isPlain(text, true)) expect(byPackage(`${text}: value\n`)).toMatchObject([{ key: text, value: 'value' }]);
      }),
      { numRuns: runs(5000) },
    );
  });

  it('are all that most documents have', () => {
    const entries = ['a/b', 'a/c', 'a.b/c/d', 'port'].map((key) => ({ key, value: Buffer.from(`v of ${key}, 8080`) }));
    const text = yaml.encode(entries);
    expect(readSimple(text)?.lines.length).toBe(entries.length);
    const more = yaml.encode([...entries, { key: 'a/e', value: Buffer.from('two\n\n  lines\n') }]);
    expect(more).toBe(text.replace('  c: v of a/c, 8080\n', (it) => `${it}  e: |\n    two\n\n      lines\n`));
  });
});
