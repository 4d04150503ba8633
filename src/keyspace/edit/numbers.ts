/**
 * The numbers of an edited listing that is listed again after its text was applied. A number says what a line is, so each one stays
 * with its name. Text that undo brings back then still means the same.
 */
import type { Key } from '../../client/index.js';
import { parseLines } from './lines.js';
import { nameOf, type Place } from './names.js';

/** A text that was applied, so that etcd holds it now. */
export interface SettledText {
  /** The prefix of the listing, which its names leave out. */
  prefix: Key;
  /** What it began with; absent if no other text can have its numbers. */
  base?: string;
  text: string;
}

/**
 * A number that stands in several places stays where it was.
 * @param own the text whose numbers are wanted
 * @returns numbers by names, as a listing shows the names. A name can be written in several ways
 */
export function settledNumbers(texts: readonly SettledText[], own: number): Map<string, string> {
  const kept = texts.map(() => new Map<string, string>());
  const used = new Set<string>();
  const lines = texts.map(({ prefix, text }) => numberedIn(prefix, text));
  const ours = texts.map(({ prefix, base }) =>
    base === undefined ? undefined : new Set(numberedIn(prefix, base).map(([number]) => number)),
  );
  for (const isOurs of [true, false]) {
    for (const [i, numbers] of kept.entries()) {
      for (const [number, name] of lines[i] ?? []) {
        if ((ours[i]?.has(number) ?? true) !== isOurs || used.has(number) || numbers.has(name)) continue;
        used.add(number);
        numbers.set(name, number);
      }
    }
  }
  return kept[own] ?? new Map<string, string>();
}

/** @param last the greatest number that was given so far @returns a line for each name, and the greatest number after that */
export function numbered(names: readonly string[], kept: ReadonlyMap<string, string>, last: number): { lines: string[]; last: number } {
  let newest = last;
  const lines = names.map((name) => `${kept.get(name) ?? String(++newest)}\t${name}`);
  return { lines, last: newest };
}

/** Leaves out what is not below the prefix: it has no name in the listing. */
function numberedIn(prefix: Key, text: string): [number: string, name: string][] {
  return parseLines(prefix, text).flatMap(({ number, place }) =>
    number === undefined || !isBelow(prefix, place) ? [] : [[number, nameOf(prefix, place)] as [string, string]],
  );
}

function isBelow(prefix: Key, { kind, key }: Place): boolean {
  return key.startsWith(prefix) && !(kind === 'prefix' && key === prefix);
}
