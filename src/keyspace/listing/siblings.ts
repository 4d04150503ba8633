/**
 * Numbered names of equal width follow one another: after `node07/` comes `node08/`, mostly with the same first key. A range that
 * ends right after that key finds the sibling, without a walk over all keys below it.
 */
import type { Key } from '../../client/index.js';

/** How well it has worked so far to look for siblings. */
export interface Siblings {
  /** Takes in how a child begins: the rest of its first key. */
  learn(firstKey: Key): void;
  /** How a sibling should begin: with one of the last of the first keys, so that most begin before it. */
  firstKey(): Key | undefined;
  /** Takes in whether a sibling was there. */
  tell(isThere: boolean): void;
  arePromising(): boolean;
}

const LONGEST = 200;
/** How many more may be missing than were there. */
const PATIENCE = 4;

/** Nothing is known of siblings yet. */
export function openSiblings(): Siblings {
  let greatest: Key | undefined;
  let credit = PATIENCE;
  return {
    learn(firstKey) {
      if (firstKey.length <= LONGEST && (greatest === undefined || firstKey > greatest)) greatest = firstKey;
    },
    firstKey: () => greatest,
    tell(isThere) {
      credit += isThere ? 1 : -1;
    },
    arePromising: () => credit >= 0,
  };
}

/** @returns up to `count` names after `name` in order; none unless it is a prefix that ends in a number */
export function siblingsOf(name: Key, count: number): Key[] {
  const [, stem = '', digits = ''] = /^(.*?)(\d{1,9})\/$/s.exec(name) ?? [];
  if (digits === '') return [];
  const first = Number(digits) + 1;
  const most = Math.floor(Math.min(count, 10 ** digits.length - first));
  return Array.from({ length: Math.max(0, most) }, (_, i) => `${stem}${String(first + i).padStart(digits.length, '0')}/`);
}
