/** What is still to be asked, and how much of it makes one request. */
import type { Key } from '../../client/index.js';
import type { Interval } from './cuts.js';
import type { Piece } from './outline.js';

/** A question: what is in this interval? */
export interface Question extends Interval {
  /** Keys in it, at the most. */
  keys: number;
  /** Keys to return; 0: all. */
  limit: number;
  /** Ask only up to this key. The child before `end` should begin right after it. */
  probe?: Key;
  /** How many numbered siblings are looked for together, if this is the last probe for them. */
  run?: number;
  /** The question that a listing begins with. */
  first?: boolean;
  /** Nearly every key here is a child. */
  dense?: boolean;
}

export interface Gap extends Question {
  piece: Piece;
}

/** µs on etcd 3.5, of the server's work and of ours. They decide how much goes into one request, and whether to skip or to read. */
export const COST = { request: 700, operation: 26, walk: 0.115, key: 5 };
/** Keys that are parsed at one go. More would hold up the event loop. */
const MOST_KEYS = 8000;

export interface Gaps {
  /** In order. */
  add(gaps: readonly Gap[]): void;
  /**
   * The leftmost gaps, for one request; a large one goes alone.
   * @param quota µs of the server's work that they may cost together
   * @param most how many
   */
  take(quota: number, most: number): Gap[];
  /** µs of the server's work for all of them. */
  cost(): number;
  size(): number;
}

/** No gaps yet. */
export function openGaps(): Gaps {
  /** The leftmost gap is last. */
  const stack: Gap[] = [];
  let inOrder = true;
  let cost = 0;

  return {
    add(gaps) {
      for (const gap of [...gaps].reverse()) {
        const top = stack.at(-1);
        if (top && top.start < gap.start) inOrder = false;
        stack.push(gap);
        cost += costOf(gap);
      }
    },
    take(quota, most) {
      if (!inOrder) stack.sort((a, b) => (a.start < b.start ? 1 : -1));
      inOrder = true;
      const taken: Gap[] = [];
      let sum = 0;
      let keys = 0;
      for (let gap = stack.at(-1); gap && taken.length < most; gap = stack.at(-1)) {
        const returned = returnedBy(gap);
        const price = costOf(gap);
        const fits = sum + price <= quota && keys + returned <= MOST_KEYS;
        if (taken.length > 0 && (!fits || isLarge(gap))) break;
        stack.pop();
        taken.push(gap);
        sum += price;
        keys += returned;
        if (isLarge(gap)) break;
      }
      cost -= sum;
      return taken;
    },
    cost: () => cost,
    size: () => stack.length,
  };
}

/** Whether the answer is read as it comes, and not parsed in one go. */
export function isLarge(gap: Question): boolean {
  return returnedBy(gap) > 300;
}

function returnedBy({ keys, limit }: Question): number {
  return limit === 0 ? keys : Math.min(limit, keys);
}

function costOf(gap: Question): number {
  const walked = gap.probe === undefined ? gap.keys : 0;
  return COST.operation + COST.walk * walked + COST.key * returnedBy(gap);
}
