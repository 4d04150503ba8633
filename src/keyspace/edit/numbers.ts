/**
 * The numbers of an edited listing that is listed again after its text was applied. A number says what a line is, so each one stays
 * with its name. Text that undo brings back then still means the same.
 */
import { NUMBERED } from './lines.js';

/** A text that was applied, so that etcd holds it now. */
export interface SettledText {
  /** What it began with; absent if no other text can have its numbers. */
  base?: string;
  text: string;
}

/**
 * A number that stands in several places stays where it was.
 * @param own the text whose numbers are wanted
 * @returns numbers by names, as they are written
 */
export function settledNumbers(texts: readonly SettledText[], own: number): Map<string, string> {
  const kept = texts.map(() => new Map<string, string>());
  const used = new Set<string>();
  const lines = texts.map(({ text }) => numberedIn(text));
  const ours = texts.map(({ base }) => (base === undefined ? undefined : new Set(numberedIn(base).map(([number]) => number))));
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

function numberedIn(text: string): [number: string, name: string][] {
  return text.split('\n').flatMap((line) => {
    const [, number, name] = NUMBERED.exec(line.trimEnd()) ?? [];
    return number === undefined || name === undefined ? [] : [[number, name] as [string, string]];
  });
}
