/** Takes in the keys of one answer, one by one and in order. It fills the outline with names, and learns for later questions. */
import { isBefore, TO_THE_END, type Key } from '../../client/index.js';
import type { Gap } from './gaps.js';
import { behindChild, childOf } from './names.js';
import type { Known, Rest } from './plan.js';

export interface Collector {
  /** A key that comes again is passed over. */
  take(key: Key): void;
  /** @param count keys in the range that was asked for @returns what the answer left open of the gap */
  finish(count: number): Rest | undefined;
}

/** @param known what is learned goes here */
export function collect(gap: Gap, known: Known): Collector {
  const { prefix } = known;
  const { names, firstKeys } = gap.piece;
  let last: Key | undefined;
  let lastKey: Key | undefined;
  let returned = 0;

  return {
    take(key) {
      if (lastKey !== undefined && key <= lastKey) return;
      lastKey = key;
      returned++;
      if (last?.endsWith('/') && key.startsWith(last, prefix.length)) return;
      last = childOf(prefix, key);
      names.push(last);
      known.children++;
      known.alphabet.learn(last);
      if (!last.endsWith('/')) return;
      firstKeys.push(key);
      known.siblings.learn(key.slice(prefix.length + last.length));
    },
    finish(count) {
      const { end, probe } = gap;
      const asked = probe ?? end;
      const left = gap.limit === 0 ? 0 : count - returned;
      if (probe !== undefined) known.siblings.tell(returned > 0);
      const behind = last === undefined ? asked : behindChild(prefix, last);
      const start = left > 0 || reaches(behind, asked) ? behind : asked;
      if (!isBefore(start, end) || start === TO_THE_END) return undefined;
      const keys = probe === undefined || isBefore(start, probe) ? left : gap.keys;
      return { start, end, keys, asked: gap, returned, children: names.length, last };
    },
  };
}

/** Whether the child that ends at `behind` has keys after the end of the question. */
function reaches(behind: Key, asked: Key): boolean {
  return asked !== TO_THE_END && (behind === TO_THE_END || behind > asked);
}
