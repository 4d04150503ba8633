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
const ROWS = 100;

/** By whole key: what is known of it now; undefined if it is not in the document any more. */
export type BaseChanges = Map<Key, Known | undefined>;

/** A base, and which of its keys are in each line of its text. */
export interface BaseLines {
  base: DocumentBase;
  lines: Key[][];
  lineOf: Map<Key, number>;
}

/** Puts the keys into lines: somebody keeps the text until the document is written. */
export function inLines(base: DocumentBase): BaseLines {
  const of: BaseLines = { base, lines: [], lineOf: new Map() };
  for (const key of base.keys()) append(of, key);
  return of;
}

/** A key that is new goes into the last line, so the other lines stay as they are. */
function append({ lines, lineOf }: BaseLines, key: Key): number {
  if ((lines.at(-1)?.length ?? ROWS) >= ROWS) lines.push([]);
  lines.at(-1)?.push(key);
  lineOf.set(key, lines.length - 1);
  return lines.length - 1;
}

/** @returns the same base, changed */
export function changeBase(base: DocumentBase, changes: BaseChanges): DocumentBase {
  for (const [key, known] of changes) {
    if (known) base.set(key, known);
    else base.delete(key);
  }
  return base;
}

/** The same for a base in lines. @returns the lines that are different now, in order */
export function changeLines(of: BaseLines, changes: BaseChanges): number[] {
  const { base, lines, lineOf } = of;
  changeBase(base, changes);
  const changed = new Set<number>();
  for (const [key, known] of changes) {
    const line = lineOf.get(key);
    if (known) changed.add(line ?? append(of, key));
    else if (line !== undefined) {
      lineOf.delete(key);
      lines[line] = (lines[line] ?? []).filter((other) => other !== key);
      changed.add(line);
    }
  }
  return [...changed].sort((a, b) => a - b);
}

/** One line of the text, with its end. */
export function formatLine({ base, lines }: BaseLines, line: number): string {
  const keys = lines[line] ?? [];
  return `${JSON.stringify(keys.map((key) => rowOf(key, base.get(key) as Known)))}\n`;
}

function rowOf(key: Key, { modRevision, createRevision, version, lease, digest }: Known): Row {
  return [key, modRevision, createRevision, version, lease, digest];
}

/** @param text all lines of a base */
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
