import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstKey, prefixEnd, TO_THE_END, type KeyRange } from '../../../../src/client/index.js';
import { scopeOf } from '../../../../src/keyspace/listing/scope.js';
import { namesByDefinition } from '../../../harness/listing/model.js';

const key = fc.array(fc.constantFrom('/', 'a', 'b', '\0', '\xff'), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
const range: fc.Arbitrary<KeyRange> = fc.oneof(
  key.map((k) => ({ key: k, rangeEnd: undefined })),
  key.map((k) => ({ key: k, rangeEnd: prefixEnd(k) })),
  fc.tuple(key, key).map(([k, rangeEnd]) => ({ key: k, rangeEnd })),
  key.map((k) => ({ key: k, rangeEnd: TO_THE_END })),
);
const within = (k: string, { key: start, rangeEnd }: KeyRange): boolean =>
  rangeEnd === undefined ? k === start : k >= start && (rangeEnd === TO_THE_END || k < rangeEnd);

describe('the scope of a user', () => {
  it('is all that the roles show of a level, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(range, { maxLength: 4 }),
        fc.constantFrom('', '/', '/a/', 'a/'),
        fc.array(key, { maxLength: 30 }),
        (ranges, prefix, keys) => {
          const whole = { start: firstKey(prefix), end: prefixEnd(prefix) };
          const { names, spans } = scopeOf(ranges, prefix, whole);
          const readable = keys.filter((k) => ranges.some((r) => within(k, r)));
          const read = keys.filter((k) => spans.some(({ start, end }) => within(k, { key: start, rangeEnd: end })));
          // No span goes beyond the roles, because that would be refused.
          expect(read.every((k) => readable.includes(k) && k.startsWith(prefix))).toBe(true);
          const shown = new Set([...namesByDefinition(read, prefix), ...names]);
          for (const name of namesByDefinition(readable, prefix)) expect(shown).toContain(name);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('names a prefix that only a role knows, once', () => {
    const ranges = ['/app/web/', '/app/db/'].map((k) => ({ key: k, rangeEnd: prefixEnd(k) }));
    expect(scopeOf(ranges, '/', { start: '/', end: '0' })).toEqual({ names: ['app/'], spans: [] });
  });
});
