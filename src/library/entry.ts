/** A key with its value, as callers get it. */
import type { Key, KeyValue, Revision } from '../client/index.js';

export interface Entry {
  /** The key as text. If its bytes are not UTF-8, they become U+FFFD; then `keyBytes` is the key. */
  readonly key: string;
  readonly keyBytes: Uint8Array;
  /** The bytes of the value; `value.toString()` is its text. */
  readonly value: Buffer;
  /** Revision of the txn that created the key. */
  readonly createRevision: Revision;
  /** Revision of the txn that changed it last: compareAndPut() takes it. */
  readonly modRevision: Revision;
  /** Number of changes since it was created. */
  readonly version: string;
  /** Id of its lease; '0' if it has none. */
  readonly lease: string;
}

/** Turns the client's own form into an entry for callers. */
export function entryOf({ key, ...rest }: KeyValue): Entry {
  const keyBytes = Buffer.from(key, 'latin1');
  return { key: keyBytes.toString('utf8'), keyBytes, ...rest };
}

/** The text of a key; see Entry. */
export function textOf(key: Key): string {
  return Buffer.from(key, 'latin1').toString('utf8');
}
