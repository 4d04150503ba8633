/**
 * What writes of documents compare with, on its way to the editor and back. The editor keeps it, because it outlives this process. The
 * last one is also kept here: most writes give back what was just given, so it need not be parsed, and little of it is formatted anew.
 */
import { formatBase, isText, parseBase, type DocumentBase, type WrittenBase } from '../keyspace/documents/base.js';
import type { Session } from './session.js';

export interface Bases {
  /** @returns the file of it, for the editor */
  offer(base: DocumentBase): Promise<string>;
  /** @param file that the editor has written, with what it was given */
  take(file: string): DocumentBase;
}

/** Keys up to which a base is kept: some MB. */
const MOST = 20_000;

const known = new WeakMap<Session, Bases>();

/** Those of a session; before the first document there are none. */
export function basesOf(session: Session): Bases {
  const bases = known.get(session) ?? openBases(session);
  known.set(session, bases);
  return bases;
}

function openBases(session: Session): Bases {
  let last: WrittenBase | undefined;
  return {
    async offer(base) {
      const pieces: string[] = [];
      const file = await session.bodies().offerParts(collected(formatBase(base, last), pieces));
      last = base.size <= MOST ? { base, pieces } : undefined;
      return file;
    },
    take(file) {
      const text = session.bodies().take(file).toString('utf8');
      return last && isText(text, last) ? last.base : parseBase(text);
    },
  };
}

function* collected(parts: Iterable<string>, all: string[]): Generator<string> {
  for (const part of parts) {
    all.push(part);
    yield part;
  }
}
