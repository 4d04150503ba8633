/** Which revision changed each key of a document last, by the line that has the key. */
import { digestOf, type Key, type Revision } from '../../client/index.js';
import type { DocumentBase } from './base.js';
import type { Codec, Entry } from './entry.js';

/** A key of the document. */
export interface Blamed {
  /** The line of its name, from 1. */
  line: number;
  /** '0': etcd does not have the key. */
  revision: Revision;
  /** The value in the document is not the one that was read. */
  isChanged: boolean;
}

/**
 * @param known what was read of the keys below the prefix
 * @returns a row for each key, in the order in which they stand in the text
 * @throws EtcdError invalid_value as Codec.decode()
 */
export function blame(codec: Codec, text: string, prefix: Key, known: DocumentBase): Blamed[] {
  const found: { entry: Entry; offset: number }[] = [];
  codec.decode(text, (entry, offset) => found.push({ entry, offset }));
  found.sort((one, other) => one.offset - other.offset);
  let [line, from] = [1, 0];
  return found.map(({ entry, offset }) => {
    for (let at = text.indexOf('\n', from); at >= 0 && at < offset; at = text.indexOf('\n', from)) {
      line++;
      from = at + 1;
    }
    const before = known.get(prefix + entry.key);
    const isChanged = before !== undefined && before.digest !== digestOf(entry.value);
    return { line, revision: before?.modRevision ?? '0', isChanged };
  });
}
