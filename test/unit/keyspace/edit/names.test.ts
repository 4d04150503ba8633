import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../../src/client/index.js';
import { nameOf, placeOf, type Place } from '../../../../src/keyspace/edit/names.js';
import { runs } from '../../../harness/runs.js';

const part = fc.oneof(
  fc.constantFrom(
    ...['/', '//', '.', '..', './', '../', '%', '%2F', '?', 'a', 'é', '\u202e', ' ', '\n', '\t', '1', '12\t', '\0'].map(keyOf),
  ),
  fc.uint8Array({ maxLength: 6 }).map((array) => Buffer.from(array).toString('latin1')),
);
const bytes = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
const prefix = fc.oneof(
  fc.constant(''),
  bytes.map((key) => `${key}/`),
);

describe('a name in an edited listing', () => {
  it('stands for one place, and is on one line without spaces (5,000 random keys)', () => {
    fc.assert(
      fc.property(prefix, bytes, fc.boolean(), (start, rest, isPrefix) => {
        const key = start + rest;
        fc.pre(key !== '' && (!isPrefix || rest !== ''));
        const place: Place = isPrefix ? { kind: 'prefix', key: key.endsWith('/') ? key : `${key}/` } : { kind: 'key', key };
        const name = nameOf(start, place);
        expect(name).not.toMatch(/[\s\0]/);
        expect(placeOf(start, name, 'line 1')).toEqual(place);
      }),
      { numRuns: runs(5_000) },
    );
  });
});
