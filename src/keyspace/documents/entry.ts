/** What a document is made of: the keys below a prefix, each with its value. */
import { digestOf, EtcdError, type Key } from '../../client/index.js';

export interface Entry {
  /** What follows the prefix. */
  key: Key;
  value: Buffer;
  /** SHA-256 of the value, once digestIn() has made it. */
  digest?: string | undefined;
  /** The lease, '0' for none, if the format has it. */
  lease?: string;
  /** Seconds until the lease expires. It is shown, and never read back. */
  ttl?: number;
}

/** A document in a format that needs all of it in memory. */
export interface Codec {
  /** @throws EtcdError invalid_value that names the key, if the format cannot hold it or its value */
  encode(entries: Iterable<Entry>): string;
  /**
   * The keys, in any order. None of them comes twice.
   * @param onKey gets each of them, and the offset of its name in the text, in UTF-16 units
   * @throws EtcdError invalid_value with line and column
   */
  decode(text: string, onKey?: OnKey): Entry[];
  /** encode(), and the text in a form with which others are compared, if it has one. Absent if the format has none. */
  encodeHeld?(entries: Iterable<Entry>): { text: string; held?: HeldText | undefined };
  /** decode(), and the same. */
  decodeHeld?(text: string): { entries: Entry[]; held?: HeldText | undefined };
}

/** A text with which others are compared. That takes less time than decode(). */
export interface HeldText {
  /** @returns what is different in another one; undefined if only decode() can tell */
  compare(text: string): Compared | undefined;
}

export interface Compared {
  /** What is in the other text only. A line that has moved is in both. Nobody has looked whether a key is there twice. */
  come: Entry[];
  /** What is in the text that was read only. */
  gone: Entry[];
  /** The other text. */
  other: HeldText;
}

export type OnKey = (entry: Entry, offset: number) => void;

/** The digest of the value. It is made once. */
export function digestIn(entry: Entry): string {
  return (entry.digest ??= digestOf(entry.value));
}

/** The bytes as text; undefined if a document cannot show them: not UTF-8, or with NUL. */
export function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
}

/** The same for a key, or a part of one. */
export function textOfKey(key: Key): string | undefined {
  return textOf(Buffer.from(key, 'latin1'));
}

/** @returns the bytes; undefined if that is no base64. White space in it is ignored. */
export function fromBase64(text: string): Buffer | undefined {
  const dense = text.replace(/\s+/g, '');
  const bytes = Buffer.from(dense, 'base64');
  return bytes.toString('base64') === dense ? bytes : undefined;
}

/** As JSON, in which every character is shown everywhere. */
export function quoted(value: string | object): string {
  return escapeOdd(JSON.stringify(value));
}

/** Escapes the characters that some programs do not show, or take for the end of a line. They only stand in double quotes. */
export function escapeOdd(document: string): string {
  return document.replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** @returns EtcdError invalid_value for a document whose keys cannot be made out */
export function unreadable(text: string, offset: number, why: string): EtcdError {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1;
  return new EtcdError('invalid_value', `line ${line}, column ${column}: ${why}`);
}
