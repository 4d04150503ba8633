/**
 * What is known of a level so far, in order: names, and gaps in which more names may turn up. The front ends at the first gap:
 * all names before it are final.
 */
import type { Key } from '../../client/index.js';

/** A part of the level. */
export interface Piece {
  names: Key[];
  /** The first key of each prefix among the names, in their order. */
  firstKeys: Key[];
  /** More names may turn up after the names of this piece and before those of the next. */
  open: boolean;
  next: Piece | undefined;
}

export interface Outline {
  /** The whole level, a gap at first. */
  readonly whole: Piece;
  /** Closes a piece and puts open ones after it. @returns the open ones, in order */
  resolve(piece: Piece, gaps: number): Piece[];
  /** Moves the front on. @returns the names that it passed */
  advance(): Key[];
  /** All that the front has passed. */
  readonly names: Key[];
  readonly firstKeys: Key[];
  isComplete(): boolean;
}

/** Nothing is known of the level yet. */
export function openOutline(): Outline {
  const whole = gap(undefined);
  const names: Key[] = [];
  const firstKeys: Key[] = [];
  let front: Piece | undefined = whole;
  /** How many names of the piece at the front were passed, while it is still open. */
  let passed = 0;

  return {
    whole,
    resolve(piece, gaps) {
      piece.open = false;
      let last = piece;
      return Array.from({ length: gaps }, () => (last = last.next = gap(last.next)));
    },
    advance() {
      const before = names.length;
      while (front) {
        for (; passed < front.names.length; passed++) names.push(front.names[passed] as Key);
        if (front.open) break;
        for (const key of front.firstKeys) firstKeys.push(key);
        front = front.next;
        passed = 0;
      }
      return names.slice(before);
    },
    names,
    firstKeys,
    isComplete: () => front === undefined,
  };
}

function gap(next: Piece | undefined): Piece {
  return { names: [], firstKeys: [], open: true, next };
}
