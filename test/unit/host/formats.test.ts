/** What a value must be: the formats, the program, the rule for a key; and JSON with other white space. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFormat, indentJson, isJsonText } from '../../../src/host/formats.js';
import { ruleFor, validate } from '../../../src/host/validate.js';

const check = (format: 'json' | 'yaml' | 'toml', text: string) => checkFormat(format, Buffer.from(text));
const fence = { budget: 5000 };

describe('a format', () => {
  it.each([
    ['json', '{"a": 1}'],
    ['json', '12345678901234567890'],
    ['yaml', 'a: 1\n---\nb: [1, 2]\n'],
    ['yaml', ''],
    ['toml', 'a = 9223372036854775807\n[b]\nc = "d"\n'],
  ] as const)('%s takes %j', async (format, text) => expect(await check(format, text)).toBeUndefined());

  it.each([
    ['json', '{\n  "ä": 1\n  "b": 2\n}', { why: 'comma expected', line: 3, column: 3 }],
    ['json', '{"ä": x}', { why: 'invalid symbol', line: 1, column: 8 }],
    ['json', '', { why: 'value expected', line: 1, column: 1 }],
    ['json', '{"a": 1,}', { line: 1 }],
    ['json', '// no\n{}', { line: 1 }],
    ['yaml', 'a: 1\nb: [1, 2\nc: 3\n', { line: 3 }],
    ['toml', 'a = 1\nb = \n', { line: 2 }],
  ] as const)('%s refuses %j, and says where', async (format, text, fault) => expect(await check(format, text)).toMatchObject(fault));

  it('of bytes that are no text', async () => expect(await checkFormat('json', Buffer.from([0xff]))).toEqual({ why: 'it is no UTF-8' }));
});

describe('a rule', () => {
  const rules = { '/app/': 'json', '/app/raw': 'toml', '*.yaml': 'yaml', '/s/*/conf': 'json', '/t/**/x': 'toml' } as const;
  it.each([
    ['/app/x', 'json'],
    ['/app/raw', 'toml'],
    ['/app/raw/below', 'toml'],
    ['/apple', undefined],
    ['/any/where/a.yaml', 'yaml'],
    ['/s/one/conf', 'json'],
    ['/s/one/two/conf', undefined],
    ['/t/x', 'toml'],
    ['/t/a/b/x', 'toml'],
  ])('for %s is %s', (key, rule) => expect(ruleFor(rules, key)).toBe(rule));
});

describe('a program', () => {
  const run = (script: string, value = 'bytes') => validate({ '/': ['sh', '-c', script] }, '/x', Buffer.from(value), fence);

  it('gets the bytes, and is good with 0', () => run(`test "$(cat)" = bytes`));

  it('says why not, and where', async () => {
    await expect(run('echo "bad at line 3, column 7" >&2; exit 5')).rejects.toMatchObject({
      code: 'invalid_value',
      message: 'sh refuses it: bad at line 3, column 7',
      place: { line: 3, column: 7 },
    });
    await expect(run('exit 1')).rejects.toMatchObject({ message: 'sh refuses it: it ends with 1' });
  });

  it('that reads nothing of a long value is heard all the same', async () => {
    await expect(run('echo no; exit 1', 'x'.repeat(1_000_000))).rejects.toMatchObject({ message: 'sh refuses it: no' });
  });

  it('that is not there refuses as well', async () => {
    const missing = validate({ '/': ['/no/such/program'] }, '/x', Buffer.from(''), fence);
    await expect(missing).rejects.toMatchObject({ message: 'the validator "/no/such/program" cannot be run (ENOENT)' });
  });

  it('that does not end is ended', async () => {
    const slow = validate({ '/': ['sleep', '60'] }, '/x', Buffer.from(''), { budget: 100 });
    await expect(slow).rejects.toMatchObject({ message: 'the validator "sleep" took too long' });
  });
});

describe('JSON', () => {
  const two = { size: 2, spaces: true };

  it('is indented, and its tokens stay as they are', async () => {
    const text = '{"b":12345678901234567890,"a":[1.0,1e5,"\\u0041"],"c":{}}';
    const shown = '{\n  "b": 12345678901234567890,\n  "a": [\n    1.0,\n    1e5,\n    "\\u0041"\n  ],\n  "c": {}\n}';
    expect(await indentJson(text, two, undefined)).toBe(shown);
    expect(await indentJson(shown, two, undefined)).toBe(shown);
    expect(await indentJson('{"a":', two, undefined)).toMatchObject({ line: 1, column: 6 });
  });

  it('loses nothing but white space, whatever it is', async () => {
    const bare = (text: string): string => text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 4 }), async (text) => {
        const shown = await indentJson(text, { size: 3, spaces: false }, undefined);
        expect(typeof shown === 'string' && bare(shown)).toBe(bare(text));
      }),
      { numRuns: 50 },
    );
  });

  it('is known by what it begins with, and only if it is whole', () => {
    expect(['{"a":1}', ' [1]\n', '12', '{', 'text', ''].map((text) => isJsonText(Buffer.from(text)))).toEqual([
      ...[true, true],
      ...[false, false, false, false],
    ]);
  });
});
