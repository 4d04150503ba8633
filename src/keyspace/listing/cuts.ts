/**
 * How to cut an interval whose keys are not known into pieces that hold about as many children each. The server counts every key
 * of a range for each request. The pieces do not overlap, so all of them together cost one walk, and one operation each.
 */
import { isBefore, prefixEnd, TO_THE_END, type Key } from '../../client/index.js';
import type { Alphabet } from './alphabet.js';

export interface Interval {
  start: Key;
  /** May be TO_THE_END. */
  end: Key;
}

/** Names may branch at any byte of the start. Each position gets this part of what the position before it gets. */
const DECAY = 0.7;
const MOST_POSITIONS = 24;
const LONGEST_NAME = 120;

/**
 * @param interval `start` begins with `prefix` and does not lie inside of a child
 * @param wanted about how many cuts
 * @returns keys inside of the interval, ascending, none of them inside of a child
 */
export function cutsOf({ start, end }: Interval, prefix: Key, wanted: number, alphabet: Alphabet): Key[] {
  const cuts = new Set<Key>();
  const add = (cut: Key): void => {
    if (cut > start && cut !== TO_THE_END && isBefore(cut, end)) cuts.add(cut);
  };

  /** Cuts after each of `bytes` that follows `stem`, and further on if the budget allows. */
  function spread(stem: Key, bytes: readonly number[], budget: number): void {
    if (budget < 1 || stem.length > prefix.length + LONGEST_NAME) return;
    const only = bytes.length === 1;
    const step = Math.max(1, bytes.length / budget);
    for (let i = step - 1; i < bytes.length; i += step) {
      const name = stem + String.fromCharCode(bytes[Math.floor(i)] as number);
      if (!isBefore(name, end)) return;
      if (!only) add(behind(name));
      spread(name, alphabet.following(name.slice(prefix.length)), budget / bytes.length - (only ? 0 : 1));
    }
  }

  const positions = branchingOf(start, end, prefix).slice(0, Math.max(2, Math.ceil(wanted / 2)));
  const sum = positions.reduce((total, _, i) => total + DECAY ** i, 0);
  positions.forEach((position, i) => {
    const stem = start.slice(0, position);
    if (position < start.length) add(prefixEnd(start.slice(0, position + 1)));
    const budget = (wanted * DECAY ** i) / sum;
    const own = position < start.length ? start.charCodeAt(position) : -1;
    const bytes = alphabet.following(stem.slice(prefix.length)).filter((byte) => byte > own);
    // Bytes that are not foreseen may come too: each run of them gets one piece.
    if (budget >= alphabet.usual.length) {
      for (const byte of bytes) if (!bytes.includes(byte - 1)) add(stem + String.fromCharCode(byte));
    }
    spread(stem, bytes, budget);
  });
  return [...cuts].sort((a, b) => (a < b ? -1 : 1));
}

/**
 * Leaves `name/` and `name-…` on the left and `name0…` on the right. That is right if `name` is a whole name, and also if it is the
 * beginning of one.
 */
function behind(name: Key): Key {
  return `${name}0`;
}

/** The byte positions of `start` at which other keys of the interval can differ from it. */
function branchingOf(start: Key, end: Key, prefix: Key): number[] {
  let first = prefix.length;
  while (first < start.length && isShared(start.slice(0, first + 1), end)) first++;
  return Array.from({ length: Math.min(MOST_POSITIONS, Math.max(1, start.length - first)) }, (_, i) => first + i);
}

/** Whether every key from `stem` on and before `end` begins with `stem`. */
function isShared(stem: Key, end: Key): boolean {
  return prefixEnd(stem) === end || (end !== TO_THE_END && end.length > stem.length && end.startsWith(stem));
}
