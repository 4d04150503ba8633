/** What a document holds, gathered key by key while it is read. */
import { keyOf, type Key } from '../../client/index.js';
import { encodeSegments } from '../address.js';
import { fromBase64, unreadable, type Entry, type OnKey } from './entry.js';

export interface Reading {
  /** @param offset of the name in the document, in UTF-16 units, like all offsets here */
  add(entry: Entry, offset: number): void;
  /** The bytes of a text. @throws EtcdError invalid_value if half a character is in it */
  bytes(text: string, offset: number): Buffer;
  /** The text as a key. */
  key(text: string, offset: number): Key;
  /** @throws EtcdError invalid_value if that is no base64 */
  base64(text: string, offset: number): Buffer;
  /** @throws EtcdError invalid_value */
  refuse(offset: number, why: string): never;
  entries(): Entry[];
}

/** Nothing was read of this document yet. @param onKey as Codec.decode() */
export function beginReading(document: string, onKey?: OnKey): Reading {
  const entries: Entry[] = [];
  const offsets = new Map<Key, number>();

  function refuse(offset: number, why: string): never {
    throw unreadable(document, offset, why);
  }

  /** Half a surrogate pair, written as an escape, has no bytes. */
  function whole(text: string, offset: number): string {
    return /\p{Surrogate}/u.test(text) ? refuse(offset, 'half a surrogate pair is no text') : text;
  }

  return {
    add(entry, offset) {
      const before = offsets.get(entry.key);
      if (before !== undefined) {
        const [, line = ''] = /line (\d+)/.exec(unreadable(document, before, '').message) ?? [];
        refuse(offset, `the key ${JSON.stringify(encodeSegments(entry.key))} is there twice, first in line ${line}`);
      }
      offsets.set(entry.key, offset);
      entries.push(entry);
      onKey?.(entry, offset);
    },
    bytes: (text, offset) => Buffer.from(whole(text, offset), 'utf8'),
    key: (text, offset) => keyOf(whole(text, offset)),
    base64: (text, offset) => fromBase64(text) ?? refuse(offset, 'that is no base64'),
    refuse,
    entries: () => entries,
  };
}
