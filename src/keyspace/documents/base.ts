/** What a write of a document compares with: all that was known of its keys when they were read, except their values. */
import { digestOf, type Key, type KeyValue, type Revision } from '../../client/index.js';

/** What is known of one key. */
export interface Known {
  modRevision: Revision;
  createRevision: Revision;
  version: string;
  lease: string;
  digest: string;
}

/** By whole key. */
export type DocumentBase = Map<Key, Known>;

/** The most keys of a document that can be written back. A larger one can only be read and exported. */
export const MOST_KEYS = 100_000;

/** What is known of a key that was just read. */
export function knownOf({ modRevision, createRevision, version, lease, value }: KeyValue): Known {
  return { modRevision, createRevision, version, lease, digest: digestOf(value) };
}

/** A key with what is known of it. */
type Row = [key: Key, modRevision: Revision, createRevision: Revision, version: string, lease: string, digest: string];

/** Keys of one line of the text. */
const ROWS = 1000;

/** The base as text, a line for many keys. Somebody keeps it until the document is written. */
export function* formatBase(base: DocumentBase): Generator<string> {
  let rows: Row[] = [];
  for (const [key, { modRevision, createRevision, version, lease, digest }] of base) {
    rows.push([key, modRevision, createRevision, version, lease, digest]);
    if (rows.length < ROWS) continue;
    yield `${JSON.stringify(rows)}\n`;
    rows = [];
  }
  if (rows.length > 0) yield `${JSON.stringify(rows)}\n`;
}

/** @param text of formatBase() */
export function parseBase(text: string): DocumentBase {
  const base: DocumentBase = new Map();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    for (const [key, modRevision, createRevision, version, lease, digest] of JSON.parse(line) as Row[]) {
      base.set(key, { modRevision, createRevision, version, lease, digest });
    }
  }
  return base;
}
