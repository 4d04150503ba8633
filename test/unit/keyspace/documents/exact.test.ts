import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../../src/client/index.js';
import type { Codec, Entry } from '../../../../src/keyspace/documents/entry.js';
import { env } from '../../../../src/keyspace/documents/env.js';
import { json } from '../../../../src/keyspace/documents/json.js';
import { jsonl } from '../../../../src/keyspace/documents/jsonl.js';
import { yaml } from '../../../../src/keyspace/documents/yaml.js';
import { runs } from '../../../harness/runs.js';

/** Texts that some parser somewhere takes for something else. */
const HOSTILE = [
  ...[
    '/',
    '//',
    'a',
    'b',
    'db',
    '.',
    ' ',
    '\t',
    '\n',
    '\r',
    '\r\n',
    '"',
    "'",
    '\\',
    ':',
    ': ',
    ' #',
    '#',
    '-',
    '- ',
    '? ',
    '|',
    '>',
    '&a',
    '*a',
  ],
  ...[
    '!',
    '!!',
    '!!binary ',
    '!!str ',
    '%',
    '@',
    '`',
    '{',
    '}',
    '[',
    ']',
    ',',
    '<<',
    '=',
    '~',
    'null',
    'true',
    'yes',
    '0',
    '08',
    '1e3',
    '0x1',
  ],
  ...[
    '1.0',
    '2001-01-01',
    '12:30',
    '---',
    '...',
    '__proto__',
    '\u0000',
    '\u0001',
    '\u001a',
    '\u007f',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\uffff',
  ],
  ...['é', '日本', '👍', '\u202e', '$', '$(x)', '\\n', '\\u0041', '\n\n', '  x', 'x  \n', '\n '],
];
const raw = (maxLength: number) => fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const hostile = fc.array(fc.constantFrom(...HOSTILE), { maxLength: 6 }).map((parts) => keyOf(parts.join('')));
const text = fc.string({ unit: 'binary', maxLength: 30 }).map(keyOf);
const bytes = fc.oneof({ weight: 4, arbitrary: hostile }, text, raw(12));
const entry = fc.record({ key: bytes, value: bytes.map((it) => Buffer.from(it, 'latin1')) });
const tree = fc.uniqueArray(entry, { selector: ({ key }) => key, maxLength: 12 });

const sorted = (entries: readonly Entry[]): Entry[] => [...entries].sort((one, other) => (one.key < other.key ? -1 : 1));

function check(codec: Codec, entries: readonly Entry[]): void {
  const document = codec.encode(entries);
  const found = codec.decode(document).map(({ key, value }) => ({ key, value: value.toString('latin1') }));
  expect(sorted(found as never)).toEqual(sorted(entries).map(({ key, value }) => ({ key, value: value.toString('latin1') })));
  // An editor shows it: it has no control character except line ends and tabs, and nothing that looks like another encoding.
  // eslint-disable-next-line no-control-regex -- that is the point
  expect(document).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\ufeff]/);
}

describe.each(Object.entries({ yaml, json, jsonl }))('%s', (_, codec) => {
  it('gives back the very keys and values that it was made of (1,000 random trees)', () => {
    fc.assert(
      fc.property(tree, (entries) => check(codec, entries)),
      { numRuns: runs(1000) },
    );
  });

  it('is the same document whatever the order of the keys', () => {
    fc.assert(
      fc.property(tree, (entries) => {
        const [one, other] = [sorted(entries), sorted(entries).reverse()];
        if (codec !== jsonl) expect(codec.encode(other)).toBe(codec.encode(one));
      }),
    );
  });

  it('takes keys of very many slashes, and values of many lines', () => {
    const deep = ['a/'.repeat(5000), '/'.repeat(300), `${'b/'.repeat(30)}c`, 'b', 'b/', 'b/'.repeat(30)];
    check(
      codec,
      deep.map((key) => ({ key, value: Buffer.from('one\n  two\n\n\tthree\n'.repeat(50)) })),
    );
  });
});

describe('env', () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
  const value = fc.oneof(hostile, text).map((it) => Buffer.from(it.replaceAll('\0', ''), 'latin1'));

  it('gives back what a shell can hold (1,000 random trees)', () => {
    const held = fc.uniqueArray(fc.record({ key: name, value }), { selector: ({ key }) => key });
    fc.assert(
      fc.property(held, (entries) => {
        const found = env.decode(env.encode(entries)).map((it) => [it.key, it.value.toString('latin1')]);
        expect(found).toEqual(entries.map((it) => [it.key, it.value.toString('latin1')]));
      }),
      { numRuns: runs(1000) },
    );
  });

  it.each([
    ['db/host', 'x', '"db/host"'],
    ['', 'x', '""'],
    ['1A', 'x', '"1A"'],
    ['A', '\0', '"A"'],
    ['A', '\xff', '"A"'],
  ])('refuses %j = %j by its name', (key, held, said) => {
    expect(() => env.encode([{ key, value: Buffer.from(held, 'latin1') }])).toThrow(said);
  });
});
