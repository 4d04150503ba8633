import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { mergeJson } from '../../../../src/keyspace/views/merge.js';
import { mergeYaml } from '../../../../src/keyspace/views/merge-yaml.js';

type Node = { [name: string]: Node | string | number | number[] };
const names = ['a', 'b', 'c', 'd'] as const;
const leaf = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom('x', '5', 'true', '', 'two\nlines\n', 'a: b', '# no comment', "it's"),
  fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
);
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.dictionary(fc.constantFrom(...names), fc.oneof({ depthSize: 'small' }, leaf, tie('node')), { maxKeys: 4 }) as fc.Arbitrary<Node>,
}));
const style = fc.record({
  indent: fc.constantFrom(2, 4),
  collectionStyle: fc.constantFrom('any', 'flow', 'block'),
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'BLOCK_LITERAL'),
} as const);
const written = fc.tuple(node, style).map(([value, how]) => ({ value, text: stringify(value, how) }));

describe('mergeYaml', () => {
  it('says what the merge of the same trees as JSON says, however each side is written', () => {
    fc.assert(
      fc.property(written, written, written, (base, ours, theirs) => {
        const expected = mergeJson(...([base, ours, theirs].map(({ value }) => JSON.stringify(value)) as [string, string, string]));
        const merged = mergeYaml(base.text, ours.text, theirs.text);
        if ('conflicts' in expected) expect('conflicts' in merged && merged.conflicts.sort()).toEqual(expected.conflicts.sort());
        else expect('text' in merged && parse(merged.text)).toEqual(JSON.parse(expected.text));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [
      'ttl: 30\nloop_wait: 10\n',
      'ttl: 30\nloop_wait: 5 # faster\n',
      '# by hand\nttl: 40\nloop_wait: 10\n',
      '# by hand\nttl: 40\nloop_wait: 5 # faster\n',
    ],
    // Neighbours, and each side has its own style.
    [
      "a:\n    x: '1'   # one\n    y: 2\n",
      "a:\n    x: '1'   # one\n    y: 3\n",
      "a:\n    x: '7'   # one\n    y: 2\n    z: [1,  2]\n",
      "a:\n    x: '7'   # one\n    y: 3\n    z: [1,  2]\n",
    ],
    ['a: 1\nb: 1\n', 'a: 1\n', 'a: 1\nb: 1\nc: 1\n', 'a: 1\nc: 1\n'],
    ['{a: 1, b: 1}\n', '{a: 2, b: 1}\n', '{a: 1, b: 3}\n', '{ a: 2, b: 3 }\n'],
    [`a: x\nb: 1\n`, `a: "x"\nb: 1\n`, `a: 'x'\nb: 2\n`, `a: "x"\nb: 2\n`],
    // Both sides mean the same; only a comment differs.
    ['a: 1 # old\n', 'a: 1 # mine\n', 'a: 1 # theirs\n', 'a: 1 # mine\n'],
    ['a: 1\n', 'a: 1\r\nb: 2\r\n', 'a: 1\nc: 3\n', undefined],
  ])('of %j, %j and %j makes %j', (base, ours, theirs, expected) => {
    const merged = mergeYaml(base, ours, theirs);
    if (expected === undefined) expect('text' in merged && parse(merged.text)).toEqual({ a: 1, b: 2, c: 3 });
    else expect(merged).toEqual({ text: expected });
  });

  it.each([
    ['a: 1\n', 'a: 2\n', 'a: 3\n', ['a']],
    ['a: 5\n', 'a: "5"\n', 'a: 6\n', ['a']],
    ['p: {m: 1}\n', 'p: {m: 2}\n', 'p:\n  m: 3\n', ['p.m']],
    ['l: [1]\n', 'l: [1, 2]\n', 'l: [1, 3]\n', ['l']],
    // Nobody knows what a change of one does to the other.
    ['a: &x {b: 1}\nc: *x\n', 'a: &x {b: 2}\nc: *x\n', 'a: &x {b: 1}\nc: *x\nd: 1\n', ['the whole value']],
    ['a: 1\n---\nb: 1\n', 'a: 2\n---\nb: 1\n', 'a: 1\n---\nb: 2\n', ['the whole value']],
    ['a: 1\na: 1\n', 'a: 1\na: 2\n', 'a: 3\na: 1\n', ['the whole value']],
  ])('of %j, %j and %j names what both have changed: %j', (base, ours, theirs, conflicts) => {
    expect(mergeYaml(base, ours, theirs)).toEqual({ conflicts });
  });
});
