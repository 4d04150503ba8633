/**
 * What makes the next listing of the same level cheap: the first key of each child. A range up to and including that key finds the
 * child again, and new names before it. It needs no walk through what lies below. A hint that is out of date costs a request, never a name.
 */
import { after, isBefore, type Key } from '../../client/index.js';
import type { Interval } from './cuts.js';
import type { Question } from './gaps.js';
import { behindChild, childOf } from './names.js';

/** Opaque: what one listing gives to the next one of the same prefix. */
export interface Hints {
  readonly prefix: Key;
  /** The first key of every child that is a prefix, in order. */
  readonly firstKeys: readonly Key[];
  /** How many children are keys: those before the first of `firstKeys`, and those after each of them. */
  readonly values: readonly number[];
  /** Keys of the level and everything below. */
  readonly total: number;
}

/** Hints for more children than this are not kept. */
export const MOST_HINTS = 20_000;
const MOST_BYTES = 4 << 20;

/** @returns undefined if hints would not pay: few prefixes among many keys, or too many to keep */
export function hintsOf(prefix: Key, names: readonly Key[], firstKeys: readonly Key[], total: number): Hints | undefined {
  if (firstKeys.length === 0 || firstKeys.length > MOST_HINTS || total < 4 * names.length) return undefined;
  if (firstKeys.reduce((bytes, key) => bytes + key.length, 0) > MOST_BYTES) return undefined;
  const values = [0];
  for (const name of names) {
    if (name.endsWith('/')) values.push(0);
    else values[values.length - 1] = (values.at(-1) as number) + 1;
  }
  return { prefix, firstKeys, values, total };
}

/** @returns the questions of a listing that is given hints; they fill the interval */
export function questionsOf({ start, end }: Interval, { prefix, firstKeys, values }: Hints): Question[] {
  const questions: Question[] = [];
  let from = start;
  firstKeys.forEach((key, i) => {
    const behind = behindChild(prefix, childOf(prefix, key));
    if (!(from <= key) || !isBefore(behind, end)) return;
    questions.push({ start: from, end: behind, keys: 2, limit: (values[i] as number) + 2, probe: after(key) });
    from = behind;
  });
  return [...questions, { start: from, end, keys: 2, limit: (values.at(-1) as number) + 64 }];
}
