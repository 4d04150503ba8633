/** What a document wants to change in what was read. */
import type { Key } from '../../client/index.js';
import type { DocumentBase, Known } from './base.js';
import { digestIn, type Compared, type Entry } from './entry.js';

/** By whole key: what it is to become, undefined if it is not in the document any more. */
export type Difference = ReadonlyMap<Key, Entry | undefined>;

/** Of all that the document holds. Without a base all of it is new, and nothing is gone. */
export function differenceOf(prefix: Key, entries: readonly Entry[], base: DocumentBase | undefined): Difference {
  const difference = new Map<Key, Entry | undefined>();
  const wanted = new Set<Key>();
  for (const entry of entries) {
    const key = prefix + entry.key;
    wanted.add(key);
    if (!base || isChanged(entry, base.get(key))) difference.set(key, entry);
  }
  for (const key of base?.keys() ?? []) if (!wanted.has(key)) difference.set(key, undefined);
  return difference;
}

/**
 * The same if only the lines are known that differ from the text that was read.
 * @param base holds exactly what that text holds
 * @returns undefined if a key is there twice
 */
export function differenceIn(prefix: Key, { come, gone }: Compared, base: DocumentBase): Difference | undefined {
  const difference = new Map<Key, Entry | undefined>();
  const left = new Set(gone.map(({ key }) => prefix + key));
  for (const entry of come) {
    const key = prefix + entry.key;
    if (difference.has(key) || (base.has(key) && !left.has(key))) return undefined;
    difference.set(key, entry);
  }
  for (const [key, entry] of difference) {
    left.delete(key);
    if (entry && !isChanged(entry, base.get(key))) difference.delete(key);
  }
  for (const key of left) difference.set(key, undefined);
  return difference;
}

function isChanged(entry: Entry, known: Known | undefined): boolean {
  return digestIn(entry) !== known?.digest || (entry.lease !== undefined && entry.lease !== known.lease);
}
