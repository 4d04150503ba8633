/** What a write of a document compares with: all that was known of its keys when they were read, without their values. */
import { digestOf, type Key, type KeyValue, type Revision } from '../../client/index.js';

/** Of one key. */
export interface Known {
  modRevision: Revision;
  createRevision: Revision;
  version: string;
  lease: string;
  digest: string;
}

/** By key, whole. */
export type DocumentBase = Map<Key, Known>;

/** Keys of a document that can be written back. A larger one is for reading and for export. */
export const MOST_KEYS = 100_000;

/** What is known of a key that was just read. */
export function knownOf({ modRevision, createRevision, version, lease, value }: KeyValue): Known {
  return { modRevision, createRevision, version, lease, digest: digestOf(value) };
}

/** The base as text, a line a key: somebody keeps it until the document is written. */
export function* formatBase(base: DocumentBase): Generator<string> {
  let lines: string[] = [];
  for (const [key, { modRevision, createRevision, version, lease, digest }] of base) {
    lines.push(`${JSON.stringify([key, modRevision, createRevision, version, lease, digest])}\n`);
    if (lines.length < 1000) continue;
    yield lines.join('');
    lines = [];
  }
  yield lines.join('');
}

/** @param text of formatBase() */
export function parseBase(text: string): DocumentBase {
  const rows = text.split('\n').filter((line) => line !== '');
  return new Map(
    rows.map((line) => {
      const [key, modRevision, createRevision, version, lease, digest] = JSON.parse(line) as [
        Key,
        Revision,
        Revision,
        string,
        string,
        string,
      ];
      return [key, { modRevision, createRevision, version, lease, digest }];
    }),
  );
}
