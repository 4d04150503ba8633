/** Which ranges to watch for what an editor has open. They should be few, because each is a stream of its own through the gateway. Pure. */
import { isBefore, TO_THE_END, type Key, type KeyRange } from '../../client/index.js';
import { readableSpans, type Span } from '../../keyspace/listing/scope.js';

/**
 * The most ranges of one cluster. The gateway takes one range for each stream. A single range over everything that is open would bring
 * all the values in between.
 */
const MOST = 4;

/** What the roles allow, if they do not allow everything. */
export type Readable = readonly KeyRange[] | undefined;

/**
 * @param open what is open, in any order
 * @param readable what may be read; undefined: everything
 * @returns ranges that hold everything that is open and may be read, in order, none overlapping, at most {@link MOST}
 */
export function rangesOf(open: readonly Span[], readable: Readable): Span[] {
  const groups = readable ? readableSpans(readable, { start: '', end: TO_THE_END }) : [{ start: '', end: TO_THE_END }];
  const held = groups.map((group) => readableSpans(open.map(asRange), group));
  // Ranges are joined only inside of one range that may be read, because a watch of more is refused.
  while (count(held) > MOST && joinNearest(held));
  return held.flat().slice(0, MOST);
}

const asRange = ({ start, end }: Span): KeyRange => ({ key: start, rangeEnd: end });

function count(held: readonly Span[][]): number {
  return held.reduce((sum, spans) => sum + spans.length, 0);
}

/** Joins the two neighbours that have the longest beginning in common. @returns whether there were any */
function joinNearest(held: Span[][]): boolean {
  let best: { spans: Span[]; at: number; common: number } | undefined;
  for (const spans of held) {
    for (let at = 0; at + 1 < spans.length; at++) {
      const common = inCommon((spans[at] as Span).start, (spans[at + 1] as Span).start);
      if (!best || common > best.common) best = { spans, at, common };
    }
  }
  if (!best) return false;
  const [first, second] = best.spans.slice(best.at, best.at + 2) as [Span, Span];
  best.spans.splice(best.at, 2, { start: first.start, end: second.end });
  return true;
}

/** How many bytes two keys have in common at the beginning. */
function inCommon(one: Key, other: Key): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** Whether the key lies in the range. */
export function isIn({ start, end }: Span, key: Key): boolean {
  return key >= start && isBefore(key, end);
}

/** Whether two spans have anything in common. */
export function isOver(one: Span, other: Span): boolean {
  return isBefore(one.start, other.end) && isBefore(other.start, one.end);
}
