/** Which ranges to watch for what an editor has open: few, because each is a stream of its own through the gateway. Pure. */
import { isBefore, TO_THE_END, type Key, type KeyRange } from '../../client/index.js';
import { readableSpans, type Span } from '../../keyspace/listing/scope.js';

/**
 * Ranges of one cluster at the most. The gateway takes one range a stream, and a range over everything that is open would bring the
 * values of all that lies between.
 */
const MOST = 4;

/** What the roles allow, if they do not allow everything. */
export type Readable = readonly KeyRange[] | undefined;

/**
 * @param open what is open, in any order
 * @param readable what may be read; undefined: everything
 * @returns ranges that hold all that is open and may be read, in order, none overlapping, {@link MOST} at the most
 */
export function rangesOf(open: readonly Span[], readable: Readable): Span[] {
  const groups = readable ? readableSpans(readable, { start: '', end: TO_THE_END }) : [{ start: '', end: TO_THE_END }];
  const held = groups.map((group) => readableSpans(open.map(asRange), group));
  // Joined is only what lies in one range that may be read: a watch of more than that is refused.
  while (count(held) > MOST && joinNearest(held));
  return held.flat().slice(0, MOST);
}

const asRange = ({ start, end }: Span): KeyRange => ({ key: start, rangeEnd: end });

function count(held: readonly Span[][]): number {
  return held.reduce((sum, spans) => sum + spans.length, 0);
}

/** Joins the two neighbours that have the longest prefix in common. @returns whether there were any */
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

/** Bytes that two keys begin with. */
function inCommon(one: Key, other: Key): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** Whether the key lies in the range. */
export function isIn({ start, end }: Span, key: Key): boolean {
  return key >= start && isBefore(key, end);
}

/** Whether they have anything in common. */
export function isOver(one: Span, other: Span): boolean {
  return isBefore(one.start, other.end) && isBefore(other.start, one.end);
}
