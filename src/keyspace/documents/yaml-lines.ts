/**
 * Nearly all lines of a YAML document are `name: text`. These are written and read here without the package, which takes a second for
 * 10,000 keys. The package does all other lines. Nothing here may mean something else than it means to the package.
 */
import type { Key } from '../../client/index.js';
import { prefixOf } from './branch.js';
import type { Entry } from './entry.js';
import { commonEnd, commonStart } from './same-text.js';

/** Printable ASCII that is a plain scalar everywhere: no indicator at its beginning, no `: `, no ` #`, no blank at its end, no mark of a document's end. */
const PLAIN = /^(?!\.\.\.)[A-Za-z0-9_./](?:[A-Za-z0-9_./,@+=~%^*()<>;-]|:(?=[^ ])| (?=[A-Za-z0-9_./,@+=~%^*()<>;-]))*$/;
/** A longer name has to be written in another way. */
const LONGEST_NAME = 1000;
const NOTHING = /^(?:null|~)$/i;
const QUOTED = /^"[ !#-[\]-~]*"$|^'(?:[ -&(-~]|'')*'$/;
const BLANK = /^ *(?:#[ -~]*)?$/;

/** Whether the text may be written without quotes. */
export function isPlain(text: string, isName: boolean): boolean {
  return PLAIN.test(text) && (!isName || text.length < LONGEST_NAME);
}

/** A document that has only simple lines. */
export interface SimpleDocument {
  text: string;
  lines: SimpleLine[];
}

/** The same, and what is different in it from one that was read before. */
export interface SimpleAgain extends SimpleDocument {
  /** The lines that were read now. */
  come: SimpleLine[];
  /** The lines from before that are not there any more. */
  gone: SimpleLine[];
}

/** A line with a key. */
export interface SimpleLine extends Entry {
  /** The offset of the name in the document. */
  offset: number;
  level: Level;
}

/** A map that is being read, and the one around it. */
interface Level {
  indent: number;
  prefix: Key;
  outer: Level | undefined;
}

/**
 * @param before a document that was read. Only those lines are read anew that are not the same in it
 * @returns undefined if there are lines that are not simple
 */
export function readSimple(text: string, before: SimpleDocument = { text: '', lines: [] }): SimpleAgain | undefined {
  const { kept, from } = linesUntouched(text, before);
  const come: SimpleLine[] = [];
  const linesAfter = openTail(text, before);
  let level = kept.at(-1)?.level;
  /** The name of the previous line, if its children are still to come. */
  let open: { indent: number; prefix: Key } | undefined;
  for (let at = from, end; at < text.length; at = end + 1) {
    end = endOfLine(text, at);
    const line = text.slice(at, end);
    if (BLANK.test(line)) continue;
    const split = partsOf(line);
    if (!split) return undefined;
    const { indent, name, text: value } = split;
    if (open ? indent <= open.indent : !level && indent > 0) return undefined;
    if (open || !level) level = { indent, prefix: open?.prefix ?? '', outer: level };
    while (level.outer && level.indent > indent) level = level.outer;
    if (level.indent !== indent) return undefined;
    open = value === undefined ? { indent, prefix: prefixOf(level.prefix, name) } : undefined;
    if (value === undefined) continue;
    const read: SimpleLine = { key: level.prefix + name, value: Buffer.from(value, 'latin1'), offset: at + indent, level };
    come.push(read);
    const known = linesAfter(read, at);
    if (!known) continue;
    const gone = before.lines.slice(kept.length, before.lines.length - known.length);
    return { text, lines: kept.concat(come, known), come, gone };
  }
  return open ? undefined : { text, lines: kept.concat(come), come, gone: before.lines.slice(kept.length) };
}

/** The lines before the first difference, and the offset after them. */
function linesUntouched(text: string, before: SimpleDocument): { kept: SimpleLine[]; from: number } {
  const same = commonStart(text, before.text);
  let count = firstAt(before.lines, same);
  const endOf = (index: number): number => endOfLine(before.text, before.lines[index]?.offset ?? 0);
  while (count > 0 && endOf(count - 1) >= same) count--;
  return { kept: before.lines.slice(0, count), from: count === 0 ? 0 : endOf(count - 1) + 1 };
}

/**
 * Gives the lines after a line that was read, if it and all text after it were read before. Then they mean the same if the line is in
 * the same maps as it was.
 */
function openTail(text: string, before: SimpleDocument): (line: SimpleLine, start: number) => SimpleLine[] | undefined {
  const moved = text.length - before.text.length;
  const same = text.length - commonEnd(text, before.text);
  return (line, start) => {
    if (start < same) return undefined;
    const index = firstAt(before.lines, line.offset - moved);
    const other = before.lines[index];
    if (other?.offset !== line.offset - moved || !isSame(line.level, other.level)) return undefined;
    const rest = before.lines.slice(index + 1);
    return moved === 0 ? rest : rest.map((it) => movedBy(it, moved));
  };
}

function movedBy({ key, value, digest, offset, level }: SimpleLine, by: number): SimpleLine {
  return { key, value, digest, offset: offset + by, level };
}

function isSame(one: Level | undefined, other: Level | undefined): boolean {
  if (one === other) return true;
  return one?.indent === other?.indent && one?.prefix === other?.prefix && isSame(one?.outer, other?.outer);
}

/** The index of the first line whose name is at the offset or after it. */
function firstAt(lines: readonly SimpleLine[], offset: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] as SimpleLine).offset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** @returns no `text` if the lines below hold the children of the name; undefined if the line is not simple */
function partsOf(line: string): { indent: number; name: string; text: string | undefined } | undefined {
  const indent = line.search(/[^ ]/);
  const colon = /:(?: |$)/.exec(line)?.index ?? -1;
  const name = line.slice(indent, Math.max(colon, 0));
  if (!isPlain(name, true)) return undefined;
  if (colon === line.length - 1) return { indent, name, text: undefined };
  const text = scalarOf(line.slice(colon + 2));
  return text === undefined ? undefined : { indent, name, text };
}

function scalarOf(written: string): string | undefined {
  if (PLAIN.test(written)) return NOTHING.test(written) ? undefined : written;
  if (!QUOTED.test(written)) return undefined;
  const inside = written.slice(1, -1);
  return written.startsWith('"') ? inside : inside.replaceAll("''", "'");
}
