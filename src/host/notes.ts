/** What rules say of keys, as lines. */
import type { Key } from '../client/index.js';
import { encodeSegments } from '../keyspace/address.js';

/** Notes of keys, each of them once. */
export function openNotes(): { add(key: Key, note: string | undefined): void; lines(): string[] } {
  const known = new Map<string, { key: Key; more: number }>();
  return {
    add(key, note) {
      const before = note === undefined ? undefined : known.get(note);
      if (before) before.more++;
      else if (note !== undefined) known.set(note, { key, more: 0 });
    },
    lines: () => [...known].map(([note, { key, more }]) => noteLine(key, note, more)),
  };
}

/** `/x/leader: never edit` */
export function noteLine(key: Key, note: string, more = 0): string {
  return `${encodeSegments(key)}${more === 0 ? '' : ` and ${more} more`}: ${note}`;
}
