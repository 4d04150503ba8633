/**
 * A YAML document as items: simple lines, and pieces of lines that only the package can read. A piece is a name with all that is indented
 * further below it. An item means the same whatever is around it, except for the maps that it is in. So after an edit only those items
 * are read that are not the same.
 */
import type { Key } from '../../client/index.js';
import { prefixOf } from './branch.js';
import type { Entry } from './entry.js';
import { commonEnd, commonStart } from './same-text.js';
import { indentOf, isBlank, readSimple } from './yaml-lines.js';

export interface ItemDocument {
  text: string;
  items: Item[];
}

/** A key. If several are in one piece, there is one for each. */
export interface Item extends Entry {
  /** The offset where its lines begin. */
  start: number;
  /** The offset after its lines. */
  end: number;
  /** The offset of the name. It is only exact if the item was read. */
  offset: number;
  level: Level;
}

/** A map that is being read, and the one around it. */
export interface Level {
  indent: number;
  /** What the keys in it begin with. */
  prefix: Key;
  outer: Level | undefined;
}

/** The same, and what is different in it from one that was read before. */
export interface ItemsAgain extends ItemDocument {
  /** The items that were read now. */
  come: Item[];
  /** The items from before that are not there any more. */
  gone: Item[];
}

/**
 * Reads a piece with the package.
 * @param prefix what its keys begin with
 * @returns its keys, with offsets in the piece; undefined if it may mean something else in its document
 */
export type ReadPiece = (piece: string, prefix: Key) => Placed[] | undefined;

/** A key with the offset of its name. */
export interface Placed {
  entry: Entry;
  offset: number;
}

/** A line with which no piece can begin: it is about the whole document, or nobody knows to what it belongs. */
const NO_PIECE = /^(?:---|\.\.\.|%)|^ *(?! )[\s#\ufeff]/;

/**
 * @param before a document that was read. Only those items are read anew that are not the same in it
 * @returns undefined if only the package can read the document
 */
export function readItems(text: string, readPiece: ReadPiece, before: ItemDocument = { text: '', items: [] }): ItemsAgain | undefined {
  const kept = itemsUntouched(text, before);
  const itemsAfter = openTail(text, before);
  const come: Item[] = [];
  let level = kept.at(-1)?.level;
  /** The name of the previous line, if its children are still to come. */
  let open: { indent: number; prefix: Key } | undefined;
  for (let start = kept.at(-1)?.end ?? 0, end; start < text.length; start = end) {
    end = lineEnd(text, start);
    const line = lineOf(text, start, end);
    if (isBlank(line)) continue;
    const simple = readSimple(line);
    const indent = simple?.indent ?? indentOf(line);
    if (open ? indent <= open.indent : !level && indent > 0) return undefined;
    if (open || !level) level = { indent, prefix: open?.prefix ?? '', outer: level };
    while (level.outer && level.indent > indent) level = level.outer;
    if (level.indent !== indent) return undefined;
    open = simple && simple.text === undefined ? { indent, prefix: prefixOf(level.prefix, simple.name) } : undefined;
    if (open) continue;
    if (!simple && NO_PIECE.test(line)) return undefined;
    if (!simple) end = pieceEnd(text, end, indent);
    const { prefix } = level;
    const found = simple ? [placed(simple.name, simple.text ?? '', level)] : readPiece(text.slice(start, end), prefix);
    if (!found) return undefined;
    for (const { entry, offset } of found) come.push({ key: entry.key, value: entry.value, start, end, offset: start + offset, level });
    const known = found.length > 0 && itemsAfter(start, level);
    if (known) return again(text, before, kept, come, known);
  }
  return open ? undefined : again(text, before, kept, come, []);
}

function placed(name: string, text: string, { indent, prefix }: Level): Placed {
  return { entry: { key: prefix + name, value: Buffer.from(text, 'latin1') }, offset: indent };
}

function again(text: string, before: ItemDocument, kept: Item[], come: Item[], known: Item[]): ItemsAgain {
  const gone = before.items.slice(kept.length, before.items.length - known.length);
  return { text, items: kept.concat(come, known), come, gone };
}

/** The items before the first difference, except for the last one: what comes after it may belong to it now. */
function itemsUntouched(text: string, { text: old, items }: ItemDocument): Item[] {
  const same = commonStart(text, old);
  let count = firstAt(items, same);
  while (count > 0 && (items[count - 1] as Item).end > same) count--;
  const last = items[count - 1];
  return items.slice(0, last ? firstAt(items, last.start) : 0);
}

/**
 * Gives the items after one that was read, if it and all text after it were read before. Then they mean the same if the item is in the
 * same maps as it was.
 */
function openTail(text: string, before: ItemDocument): (start: number, level: Level) => Item[] | undefined {
  const moved = text.length - before.text.length;
  const same = text.length - commonEnd(text, before.text);
  return (start, level) => {
    if (start < same) return undefined;
    const other = before.items[firstAt(before.items, start - moved)];
    if (other?.start !== start - moved || !isSame(level, other.level)) return undefined;
    const rest = before.items.slice(firstAt(before.items, other.end));
    return moved === 0 ? rest : rest.map((it) => movedBy(it, moved));
  };
}

function movedBy({ key, value, start, end, offset, level }: Item, by: number): Item {
  return { key, value, start: start + by, end: end + by, offset: offset + by, level };
}

function isSame(one: Level | undefined, other: Level | undefined): boolean {
  if (one === other) return true;
  return one?.indent === other?.indent && one?.prefix === other?.prefix && isSame(one?.outer, other?.outer);
}

/** The index of the first item that begins at the offset or after it. */
function firstAt(items: readonly Item[], offset: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle] as Item).start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The offset after the lines from `from` on that are indented further, or blank. */
function pieceEnd(text: string, from: number, indent: number): number {
  let end = from;
  while (end < text.length) {
    const next = lineEnd(text, end);
    const line = lineOf(text, end, next);
    if (/[^ \t\r]/.test(line) && indentOf(line) <= indent) break;
    end = next;
  }
  return end;
}

/** The offset after the line that begins at `start`. */
function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end + 1;
}

function lineOf(text: string, start: number, end: number): string {
  return text.slice(start, text[end - 1] === '\n' ? end - 1 : end);
}
