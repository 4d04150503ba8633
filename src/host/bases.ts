/**
 * What writes of documents compare with, on its way to the editor and back. The editor keeps it, because it outlives this process. The
 * last ones are also kept here: most writes are about what was just given, so nothing of it has to be sent, and little of it read.
 */
import {
  changeLines,
  formatLine,
  inLines,
  parseBase,
  type BaseChanges,
  type BaseLines,
  type DocumentBase,
} from '../keyspace/documents/base.js';
import type { HeldText } from '../keyspace/documents/entry.js';
import type { Session } from './session.js';

/** What the editor gets. */
export interface OfferedBase {
  /** No other base has it, also none of an earlier process. The editor gives it back. */
  id: string;
  /** The file with its lines, which only we understand. */
  file: string;
  /** Of how many lines it is. */
  lines: number;
  /** The file has only lines that are different from those of the base with this id: the lines of these numbers, from 0. */
  from?: { id: string; at: number[] };
}

/** A base that is also kept here. */
export interface KeptBase extends BaseLines {
  id: string;
  /** The text that holds exactly what the base says. */
  text: HeldText | undefined;
}

export interface Bases {
  /**
   * @param text that holds exactly what the base says
   * @returns what the editor needs to have the base
   */
  offer(base: DocumentBase, text: HeldText | undefined): Promise<OfferedBase>;
  /** The same after a change of a base that the editor has. */
  offerChanged(kept: KeptBase, changes: BaseChanges, text: HeldText | undefined): Promise<OfferedBase>;
  /** undefined if it is not kept here any more */
  find(id: string): KeptBase | undefined;
  /** @param file that the editor has written, with all lines that it has */
  take(file: string): DocumentBase;
}

/** Keys of all bases that are kept. With its line of the text, each takes some hundred bytes. */
const MOST = 50_000;

const known = new WeakMap<Session, Bases>();

/** Those of a session; before the first document there are none. */
export function basesOf(session: Session): Bases {
  const bases = known.get(session) ?? openBases(session);
  known.set(session, bases);
  return bases;
}

function openBases(session: Session): Bases {
  /** The one that was used last is the last. */
  const kept = new Map<string, KeptBase>();
  const ours = `${process.pid}-${Date.now()}`;
  let count = 0;

  function keep(of: KeptBase): KeptBase {
    kept.delete(of.id);
    if (of.base.size > MOST) return of;
    kept.set(of.id, of);
    let keys = [...kept.values()].reduce((sum, { base }) => sum + base.size, 0);
    for (const [id, { base }] of kept) {
      if (keys <= MOST) break;
      kept.delete(id);
      keys -= base.size;
    }
    return of;
  }

  const next = (of: BaseLines, text: HeldText | undefined): KeptBase => keep({ ...of, text, id: `${ours}-${++count}` });

  return {
    async offer(base, text) {
      const of = next(inLines(base), text);
      return { id: of.id, file: await session.bodies().offerParts(linesOf(of)), lines: of.lines.length };
    },
    async offerChanged(before, changes, text) {
      const at = changeLines(before, changes);
      kept.delete(before.id);
      const of = next({ base: before.base, lines: before.lines, lineOf: before.lineOf }, text);
      return { id: of.id, file: await session.bodies().offerParts(linesOf(of, at)), lines: of.lines.length, from: { id: before.id, at } };
    },
    find(id) {
      const found = kept.get(id);
      return found && keep(found);
    },
    take: (file) => parseBase(session.bodies().take(file).toString('utf8')),
  };
}

function* linesOf(of: BaseLines, at: Iterable<number> = of.lines.keys()): Generator<string> {
  for (const line of at) yield formatLine(of, line);
}
