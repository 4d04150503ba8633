import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, parseDocument } from 'yaml';
import { yaml } from '../../../../src/keyspace/documents/yaml.js';
import { isBlank, isJson, isPlain, readSimple } from '../../../../src/keyspace/documents/yaml-lines.js';
import { runs } from '../../../harness/runs.js';

const parts = [
  'a',
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
  '|',
  '{',
  ',',
  '&a',
  '*a',
  '!',
  '%',
  '@',
  '.',
];
const fragment = fc
  .array(fc.constantFrom(...parts, '...', '\\', '? ', '=', 'true', '\t', 'é', '\r'), { maxLength: 5 })
  .map((some) => some.join(''));

const byPackage = (text: string): unknown => parseDocument(text, { schema: 'failsafe' }).toJS();

describe('simple lines of YAML', () => {
  it('are plain only if the package writes and reads them as they are', () => {
    fc.assert(
      fc.property(fragment, (text) => {
        if (isPlain(text, false)) expect(byPackage(`name: ${text}\n`)).toEqual({ name: text });
        if (isPlain(text, true)) expect(byPackage(`${text}: value\n`)).toEqual({ [text]: 'value' });
      }),
      { numRuns: runs(5000) },
    );
  });

  it('are all that most documents have', () => {
    const entries = ['a/b', 'a/c', 'a.b/c/d', 'port'].map((key) => ({ key, value: Buffer.from(`v of ${key}, 8080`) }));
    const text = yaml.encode(entries);
    expect(text.trimEnd().split('\n').every(readSimple)).toBe(true);
    const more = yaml.encode([...entries, { key: 'a/e', value: Buffer.from('two\n\n  lines\n') }]);
    expect(more).toBe(text.replace('  c: v of a/c, 8080\n', (it) => `${it}  e: |\n    two\n\n      lines\n`));
  });

  it('are written as the package writes them', () => {
    const json = fc.tuple(fc.constantFrom('{', '[', '"', '{}', '[1]', '[1, "', '{"'), fragment).map((both) => both.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          fc.json().map((text) => text.slice(0, 80)),
        ),
        (text) => {
          const lines = (it: string): string => new Document({ k: it }, { schema: 'failsafe' }).toString({ lineWidth: 0 });
          if (isJson(text)) expect(yaml.encode([{ key: 'k', value: Buffer.from(text) }])).toBe(lines(text));
        },
      ),
      { numRuns: runs(3000) },
    );
    expect(['{"a": [1, "b"]}', '["a"]', '"a"', '[{"a": 1}]'].every(isJson)).toBe(true);
  });

  it.each(['', '  ', '# note', '  # é\u4e2d', '\r', '# x\r'])('%j means nothing', (line) => {
    expect(isBlank(line)).toBe(true);
  });
  it.each(['a', '\t', '# a\rb: c', '# \u2028', '\ufeff# x', '# \u0085'])('%j may mean something', (line) => {
    expect(isBlank(line)).toBe(false);
  });
});
