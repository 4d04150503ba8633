import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeJson } from '../../../../src/keyspace/views/merge.js';

type Json = Record<string, unknown>;
const SOME = { numRuns: 500 };
const names = ['a', 'b', 'c', 'd'] as const;
const leaf = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }), fc.constant(null));
const { node } = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.dictionary(fc.constantFrom(...names), fc.oneof({ depthSize: 'small' }, leaf, tie('node')), { maxKeys: 4 }),
}));
const text = (value: unknown) => JSON.stringify(value);
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (one: unknown, other: unknown): boolean =>
  isObject(one) && isObject(other)
    ? names.every((name) => name in one === name in other && same(one[name], other[name]))
    : text(one) === text(other);

/** The fields that differ, by name. If all sides have an object, the fields inside of it. */
function model(base: unknown, ours: unknown, theirs: unknown, path: string, conflicts: string[]): unknown {
  if (same(ours, theirs) || same(base, theirs)) return ours;
  if (same(base, ours)) return theirs;
  if (!isObject(base) || !isObject(ours) || !isObject(theirs)) return void conflicts.push(path);
  const of = (side: Json, name: string): unknown => (name in side ? side[name] : undefined);
  const entries = names.map(
    (name) => [name, model(of(base, name), of(ours, name), of(theirs, name), `${path}.${name}`, conflicts)] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

describe('mergeJson', () => {
  it('agrees with a model, whatever the three are', () => {
    fc.assert(
      fc.property(node, node, node, (base, ours, theirs) => {
        const conflicts: string[] = [];
        const expected = model(base, ours, theirs, '', conflicts);
        const merged = mergeJson(text(base), text(ours), text(theirs));
        if ('conflicts' in merged) expect(merged.conflicts.map((name) => `.${name}`).sort()).toEqual(conflicts.sort());
        else {
          expect(conflicts).toEqual([]);
          expect(same(JSON.parse(merged.text), expected)).toBe(true);
        }
      }),
      SOME,
    );
  });

  it('is what one side says if the other has changed nothing', () => {
    fc.assert(
      fc.property(node, node, (base, changed) => {
        expect(mergeJson(text(base), text(changed), text(base))).toEqual({ text: text(changed) });
        const taken = mergeJson(text(base), text(base), text(changed));
        expect(same(JSON.parse('text' in taken ? taken.text : 'null'), changed)).toBe(true);
      }),
      SOME,
    );
  });

  it.each([
    ['{"ttl":30,"loop_wait":10}', '{"ttl":30,"loop_wait":5}', '{"ttl":40,"loop_wait":10}', '{"ttl":40,"loop_wait":5}'],
    ['{"a":{"x":1,"y":2}}', '{"a":{"x":1}}', '{"a":{"x":7,"y":2}}', '{"a":{"x":7}}'],
    ['{"a":1}', '{\n  "a": 2\n}\n', '{"a":1,"b":{"c":[1]}}', '{\n  "a": 2,\n  "b": {"c": [1]}\n}\n'],
    ['{"n":1}', '{"n":1,"m":12345678901234567890}', '{"n":1.50}', '{"n":1.50,"m":12345678901234567890}'],
  ])('of %s, %s and %s makes %s', (base, ours, theirs, expected) => {
    const merged = mergeJson(base, ours, theirs);
    expect('text' in merged && JSON.parse(merged.text)).toEqual(JSON.parse(expected));
    if (!expected.includes('\n')) expect(merged).toEqual({ text: expected });
  });

  it.each([
    ['{"ttl":30}', '{"ttl":20}', '{"ttl":40}', ['ttl']],
    ['{"p":{"max conns":1,"b":1}}', '{"p":{"max conns":2}}', '{"p":{"max conns":3,"b":2}}', ['p."max conns"', 'p.b']],
    ['{"l":[1,2]}', '{"l":[1]}', '{"l":[1,2,3]}', ['l']],
    ['{}', '{"a":1}', '{"a":2}', ['a']],
    ['[1]', '[2]', '[3]', ['the whole value']],
    ['{"a":1,"a":2}', '{"a":1,"a":3}', '{"a":1,"a":2,"b":1}', ['the whole value']],
  ])('of %s, %s and %s names what both have changed: %j', (base, ours, theirs, conflicts) => {
    expect(mergeJson(base, ours, theirs)).toEqual({ conflicts });
  });
});
