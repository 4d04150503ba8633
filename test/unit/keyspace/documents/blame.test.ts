/** The lines on which the keys of a document stand, in every format. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/client/index.js';
import { blame } from '../../../../src/keyspace/documents/blame.js';
import { env } from '../../../../src/keyspace/documents/env.js';
import { json } from '../../../../src/keyspace/documents/json.js';
import { jsonl } from '../../../../src/keyspace/documents/jsonl.js';
import { yaml } from '../../../../src/keyspace/documents/yaml.js';

const known = (values: Record<string, [value: string, modRevision: string]>) =>
  new Map(
    Object.entries(values).map(([key, [value, modRevision]]) => [
      key,
      { modRevision, createRevision: '1', version: '1', lease: '0', digest: digestOf(Buffer.from(value)) },
    ]),
  );
const aName = fc.string({ unit: fc.constantFrom('a', 'b', '_'), minLength: 1, maxLength: 4 });
const aValue = fc.string({ unit: fc.constantFrom('x', '\n', ' ', '"', 'é', '𐐀'), maxLength: 8 });

describe('blame', () => {
  it.each(Object.entries({ yaml, json, jsonl, env }))('finds the line of each key in %s, whatever the values are', (_, codec) => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(aName, aValue), { selector: ([name]) => name }), (tree) => {
        const entries = tree.map(([key, value]) => ({ key, value: Buffer.from(value) })).sort((a, b) => (a.key < b.key ? -1 : 1));
        const text = codec.encode(entries);
        const rows = blame(
          codec,
          text,
          '/p/',
          known(Object.fromEntries(tree.map(([key, value], i) => [`/p/${key}`, [value, String(i + 7)]]))),
        );
        const lines = text.split('\n');
        expect(rows.map(({ revision }) => revision)).toEqual(
          entries.map(({ key }) => String(tree.findIndex(([name]) => name === key) + 7)),
        );
        rows.forEach(({ line, isChanged }, i) => {
          expect(lines[line - 1]).toMatch(new RegExp(`^\\W*(?:key":")?${entries[i]?.key ?? '!'}\\b`));
          expect(isChanged).toBe(false);
        });
      }),
    );
  });

  it('tells what is not in etcd, and what was changed since it was read', () => {
    const text = '# of ours\ndb:\n  host: here\n  user: me\n  log: |\n    one\n    two\nnew: x\n';
    const base = known({
      '/p/db/host': ['here', '4'],
      '/p/db/user': ['you', '5'],
      '/p/db/log': ['one\ntwo\n', '6'],
      '/p/gone': ['x', '9'],
    });
    expect(blame(yaml, text, '/p/', base)).toEqual([
      { line: 3, revision: '4', isChanged: false },
      { line: 4, revision: '5', isChanged: true },
      { line: 5, revision: '6', isChanged: false },
      { line: 8, revision: '0', isChanged: false },
    ]);
  });

  it('says where a text is no document', () => {
    expect(() => blame(json, '{"a": 1,\n}', '/p/', new Map())).toThrow('line 2');
  });
});
