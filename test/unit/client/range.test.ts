import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixEnd, TO_THE_END } from '../../../src/client/range.js';
import { decodeKey, encodeKey, hexadecimal } from '../../../src/client/codec.js';

const key = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

describe('range', () => {
  it('ends a prefix right after its last key', () => {
    fc.assert(
      fc.property(key, key, (prefix, other) => {
        const end = prefixEnd(prefix);
        const inside = other >= prefix && (end === TO_THE_END || other < end);
        expect(inside).toBe(other.startsWith(prefix));
      }),
      { numRuns: 20_000 },
    );
  });

  it('drops trailing 0xFF bytes, and has no end where all are', () => {
    expect(prefixEnd('a\xff\xff')).toBe('b');
    expect(prefixEnd('\xff')).toBe(TO_THE_END);
    expect(prefixEnd('')).toBe(TO_THE_END);
  });
});

describe('codec', () => {
  it('gives every key back', () => {
    fc.assert(fc.property(key, (k) => decodeKey(encodeKey(k)) === k));
  });

  it.each([
    ['0', '0'],
    ['7587882033465034505', '694d9281d2408709'],
    ['-1', 'ffffffffffffffff'],
    ['18446744073709551615', 'ffffffffffffffff'],
  ])('shows the id %s as %s', (id, shown) => {
    expect(hexadecimal(id)).toBe(shown);
  });
});
