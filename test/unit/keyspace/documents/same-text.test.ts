import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commonEnd, commonStart } from '../../../../src/keyspace/documents/same-text.js';

const text = fc
  .array(fc.constantFrom('a', 'b', 'é', '\ud83d\ude00', 'x'.repeat(300), 'y'.repeat(70_000)), { maxLength: 4 })
  .map((it) => it.join(''));

/** One character after the other. */
function slowly(one: string, other: string): number {
  let at = 0;
  while (at < Math.min(one.length, other.length) && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  return at;
}

const reversed = (it: string): string => it.split('').reverse().join('');

it('two texts are the same up to the first difference, and from the last one on', () => {
  fc.assert(
    fc.property(text, text, text, (one, other, shared) => {
      expect(commonStart(shared + one, shared + other)).toBe(slowly(shared + one, shared + other));
      expect(commonEnd(one + shared, other + shared)).toBe(slowly(reversed(one + shared), reversed(other + shared)));
    }),
    { numRuns: 50 },
  );
});
