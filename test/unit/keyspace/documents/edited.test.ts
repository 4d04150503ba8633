import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../../src/client/index.js';
import type { Codec } from '../../../../src/keyspace/documents/entry.js';
import { env } from '../../../../src/keyspace/documents/env.js';
import { json } from '../../../../src/keyspace/documents/json.js';
import { jsonl } from '../../../../src/keyspace/documents/jsonl.js';
import { yaml } from '../../../../src/keyspace/documents/yaml.js';

const entries = (tree: Record<string, string>) =>
  Object.entries(tree).map(([key, value]) => ({ key: keyOf(key), value: Buffer.from(value, 'utf8') }));
const read = (codec: Codec, text: string) =>
  Object.fromEntries(codec.decode(text).map(({ key, value }) => [key, value.toString('latin1')]));
const failure = (codec: Codec, text: string): string => {
  try {
    codec.decode(text);
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return 'nothing is wrong';
};

const patroni = {
  'batman/config': '{"ttl":30,"loop_wait":10}',
  'batman/history': '[\n [1, 25165984]\n]',
  'batman/leader': 'pg-0',
  'batman/members/pg-0': '{"role":"primary"}',
  'batman/optime/leader': '50331968',
};

describe('a document as it is shown', () => {
  it('is YAML that one would write by hand', () => {
    const tree = { ...patroni, db: 'x', 'db/host': 'h', '': 'own', 'a//b': '1.0', yes: 'no', 'apisix/routes/1': '{"uri":"/*"}\n' };
    expect(yaml.encode(entries(tree))).toBe(`"": own
a:
  /:
    b: "1.0"
apisix:
  routes:
    1: |
      {"uri":"/*"}
batman:
  config: '{"ttl":30,"loop_wait":10}'
  history: |-
    [
     [1, 25165984]
    ]
  leader: pg-0
  members:
    pg-0: '{"role":"primary"}'
  optime:
    leader: 50331968
db: x
db/:
  host: h
"yes": "no"
`);
  });

  it('has the same names in JSON, and every byte', () => {
    const bytes = { key: 'db', value: Buffer.from('6b38730000ff', 'hex') };
    expect(json.encode([bytes, ...entries({ 'db/host': '!!x' })])).toBe(`{
  "db": "!!binary azhzAAD/",
  "db/": {
    "host": "!!str !!x"
  }
}
`);
    expect(yaml.encode([{ ...bytes, key: '\xff' }])).toBe('!!binary /w==: !!binary azhzAAD/\n');
    expect(jsonl.encode([{ ...bytes, lease: '255', ttl: 9 }])).toBe('{"key":"db","value_base64":"azhzAAD/","lease":"ff","ttl":9}\n');
    expect(env.encode(entries({ A: '1', B: "it's $5\n" }))).toBe("A=1\nB='it'\\''s $5\n'\n");
  });
});

describe('a document that was edited', () => {
  it.each([
    [
      'reordered, requoted, with comments and another indentation',
      `# of mine\ndb:\n    port:   '8080' # here\n    host: "h"\nb: |-\n     x\n      y\n`,
    ],
    ['in flow style', '{b: "x\\n y", db: {"port": 8080, host: h}}'],
    ['with flat names', 'b: "x\\n y"\ndb/port: 8080\ndb/host: h\n'],
    ['with an anchor', 'db: {host: &h h, port: 8080}\nb: "x\\n\\\n  \\ y"\n'],
    ['with the ends of lines of another system', 'db:\r\n  host: h\r\n  port: 8080\r\nb: |-\r\n  x\r\n   y\r\n'],
  ])('says the same: %s', (_, text) => {
    expect(read(yaml, text)).toEqual({ 'db/host': 'h', 'db/port': '8080', b: 'x\n y' });
  });

  it('takes an alias for the text that it stands for, and a comment for nothing', () => {
    expect(read(yaml, 'a: &x one\nb: *x\n')).toEqual({ a: 'one', b: 'one' });
    expect(read(yaml, '# all gone\n')).toEqual({});
    expect(read(yaml, 'a: {}\n')).toEqual({});
    expect(read(json, '{"a": {}, "n": 8080, "t": true}')).toEqual({ n: '8080', t: 'true' });
    expect(read(env, '# c\nexport A="x \\"y\\"" # c\n\nB=a\'b\'c\n')).toEqual({ A: 'x "y"', B: 'abc' });
  });

  it.each<[string, Codec, string, string]>([
    ['a name twice', yaml, 'a: 1\nb: 2\na: 3\n', 'line 3, column 1: the key "a" is there twice, first in line 1'],
    [
      'a key twice, in two ways',
      yaml,
      'db: {host: 1}\ndb/host: 2\n',
      'line 2, column 1: the key "db/host" is there twice, first in line 1',
    ],
    ['merge keys', yaml, 'x: &x {a: b}\ny:\n  <<: *x\n', 'line 3, column 3: merge keys are not understood'],
    ['an alias of names', yaml, 'x: &x {a: b}\ny: *x\n', 'line 2, column 4: *x is no text'],
    ['a list', yaml, 'a:\n  - 1\n', 'line 2, column 3: a list is no text'],
    ['nothing', yaml, 'a: 1\ndb:\n', 'line 2, column 1: this name has no value'],
    ['a tag', yaml, 'a: !!int 1\n', 'line 1, column 10: the tag !!int is not understood'],
    ['a tag of names', yaml, 'a: !!omap {b: c}\n', 'line 1, column 11: the tag !!omap is not understood'],
    ['an alias of nothing', yaml, 'a: *x\nb: &x c\n', 'line 1, column 4: there is no &x above'],
    ['an empty name', yaml, 'a: 1\n: b\n', 'line 2, column 1: this value has no name: "" is the key that equals the prefix'],
    ['an empty name in braces', yaml, 'a: {: b}\n', 'line 1, column 5: this value has no name'],
    ['an empty name of a list', yaml, '?\n: [b]\n', 'line 1, column 2: this value has no name'],
    ['no base64', yaml, 'a: !!binary x\n', 'line 1, column 13: that is no base64'],
    ['half a letter', yaml, 'a: "\\ud800"\n', 'line 1, column 4: half a surrogate pair is no text'],
    ['what is no YAML', yaml, 'a: "x\nb: 1\n', 'line 3, column 1: '],
    ['two documents', yaml, 'a: 1\n---\nb: 1\n', 'line 2, column 1: a second document begins here, and a prefix is one'],
    ['two documents after an end', yaml, 'a: 1\n...\nb: 1\n', 'line 3, column 1: a second document begins here'],
    ['no name', yaml, 'hello\n', 'line 1, column 1: names with values are expected here'],
    ['a name twice', json, '{"a": "1",\n "a": "2"}', 'line 2, column 2: the key "a" is there twice, first in line 1'],
    ['a list', json, '{"é👍": [1]}', 'line 1, column 8: a list is no value'],
    ['null', json, '{"a": null}', 'line 1, column 7: null is no value'],
    ['a comma too many', json, '{"a": "1",}', 'line 1, column 11: that is no JSON'],
    ['a text alone', json, '"a"', 'line 1, column 1: the document is no object'],
    [
      'a key twice',
      jsonl,
      '{"key":"a","value":"1"}\n\n{"key":"a","value":"2"}\n',
      'line 3, column 1: the key "a" is there twice, first in line 1',
    ],
    ['an unknown field', jsonl, '{"key":"a","val":"1"}', 'line 1, column 1: the field "val" is not understood'],
    ['no value', jsonl, '{"key":"a"}', 'line 1, column 1: no value nor value_base64'],
    ['what would be expanded', env, 'A=1\nB=$HOME\n', 'line 2, column 3: a shell would expand that'],
    ['no variable', env, 'A=1\nb c\n', 'line 2, column 1: NAME=value is expected here'],
  ])('is refused with line and column: %s', (_, codec, text, said) => {
    expect(failure(codec, text)).toContain(said);
  });
});
