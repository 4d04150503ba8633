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

/** A base with its text, as formatBase() has made it. */
export interface WrittenBase {
  base: DocumentBase;
  pieces: readonly string[];
}

/**
 * The base as text, a line for many keys: somebody keeps it until the document is written.
 * @param before an earlier base of the document; a line of it is used again if all that is known of its keys is the same
 */
export function* formatBase(base: DocumentBase, before?: WrittenBase): Generator<string> {
  const earlier = before?.base.entries();
  let [entries, isSame, line]: [[Key, Known][], boolean, number] = [[], true, 0];
  const format = (): string => {
    const piece = before?.pieces[line];
    const isWhole = isSame && piece !== undefined && (entries.length === ROWS || earlier?.next().done === true);
    line++;
    return isWhole ? piece : `${JSON.stringify(entries.map(rowOf))}\n`;
  };
  for (const entry of base) {
    const other = earlier?.next().value;
    isSame &&= other !== undefined && other[0] === entry[0] && other[1] === entry[1];
    entries.push(entry);
    if (entries.length < ROWS) continue;
    yield format();
    [entries, isSame] = [[], true];
  }
  if (entries.length > 0) yield format();
}

function rowOf([key, { modRevision, createRevision, version, lease, digest }]: [Key, Known]): Row {
  return [key, modRevision, createRevision, version, lease, digest];
}

/** Whether that is the text of the base, to the letter. */
export function isText(text: string, { pieces }: WrittenBase): boolean {
  let at = 0;
  for (const piece of pieces) {
    if (!text.startsWith(piece, at)) return false;
    at += piece.length;
  }
  return at === text.length;
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
