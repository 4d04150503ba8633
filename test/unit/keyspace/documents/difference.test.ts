import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Key } from '../../../../src/client/index.js';
import type { DocumentBase } from '../../../../src/keyspace/documents/base.js';
import { differenceIn, differenceOf } from '../../../../src/keyspace/documents/difference.js';
import { digestIn, type Entry } from '../../../../src/keyspace/documents/entry.js';
import { yaml } from '../../../../src/keyspace/documents/yaml.js';
import { runs } from '../../../harness/runs.js';

const PREFIX = '/p/';
const key = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const entry = fc.record({ key, value: fc.constantFrom('1', '2', 'x y').map((text) => Buffer.from(text)) });
const tree = fc.uniqueArray(entry, { selector: (it) => it.key, maxLength: 12 });
const lines = fc.array(fc.constantFrom('a: 1', 'b:', '  a: 2', '  c: 1', '# note', 'c: "1"', ''), { maxLength: 4 });

function baseOf(entries: readonly Entry[]): DocumentBase {
  const rest = { modRevision: '1', createRevision: '1', version: '1', lease: '0' };
  return new Map(entries.map((it) => [PREFIX + it.key, { ...rest, digest: digestIn(it) }]));
}

function decode(text: string): Entry[] | undefined {
  try {
    return yaml.decode(text);
  } catch {
    return undefined;
  }
}

const shown = (difference: ReadonlyMap<Key, Entry | undefined> | undefined) =>
  difference && [...difference].map(([name, it]) => `${name}=${it?.value.toString() ?? 'gone'}`).sort();

it('a text that is compared with the one that was read has the difference that all of it has', () => {
  let [same, twice] = [0, 0];
  fc.assert(
    fc.property(tree, lines, fc.nat(), fc.nat(3), (entries, more, at, length) => {
      const text = yaml.encode(entries);
      const rows = text.split('\n');
      rows.splice(at % (rows.length + 1), length, ...more);
      const edited = rows.join('\n');
      const compared = yaml.decodeHeld?.(text).held?.compare(edited);
      const base = baseOf(entries);
      const difference = compared && differenceIn(PREFIX, compared, base);
      const all = decode(edited);
      // A key that is there twice is refused by decode().
      if (compared && !difference) twice++;
      if (!all) expect(difference).toBeUndefined();
      if (!all || !compared || !difference) return;
      same++;
      expect(shown(difference)).toEqual(shown(differenceOf(PREFIX, all, base)));
      const again = compared.other.compare(text);
      expect(again && shown(differenceIn(PREFIX, again, baseOf(all)))).toEqual(shown(differenceOf(PREFIX, entries, baseOf(all))));
    }),
    { numRuns: runs(3000) },
  );
  expect(same).toBeGreaterThan(500);
  expect(twice).toBeGreaterThan(20);
});
