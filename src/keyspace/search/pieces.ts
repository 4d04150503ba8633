/**
 * Cuts the rest of a large range into pieces that are asked for side by side. The server makes JSON of one piece while another is
 * searched here. With enough processors it makes two of them at once.
 */
import { isEtcdError, type CallOptions, type Client, type Key, type Revision } from '../../client/index.js';
import { learnAlphabet, type Alphabet } from '../listing/alphabet.js';
import { cutsOf } from '../listing/cuts.js';
import type { Span } from '../listing/scope.js';

/** Operations of one txn: etcd takes 128 by default. */
const MOST_CUTS = 100;
/** Cuts for each piece that is wanted. Nobody knows how many keys lie between two cuts. */
const CUTS_PER_PIECE = 8;

export interface Rest extends Span {
  /** Keys in it. */
  keys: number;
  /** Keys that a piece should have. */
  wanted: number;
}

export interface Pinned {
  revision: Revision;
  clusterId: string;
}

export interface Cutter {
  learn(key: Key): void;
  /** @returns disjoint spans in order, which cover the rest; the rest itself if nobody knows where to cut */
  cut(client: Client, rest: Rest, pinned: Pinned, options: CallOptions): Promise<Span[]>;
}

/** @param span all that is read. What all its keys begin with does not help to cut */
export function openCutter({ start, end }: Span): Cutter {
  const prefix = common(start, end);
  const alphabet: Alphabet = learnAlphabet();
  return {
    learn: (key) => alphabet.learn(key.slice(prefix.length)),
    async cut(client, rest, pinned, options) {
      const cuts = cutsOf(rest, prefix, Math.min(MOST_CUTS, (CUTS_PER_PIECE * rest.keys) / rest.wanted), alphabet).slice(0, MOST_CUTS);
      if (cuts.length === 0) return [rest];
      const ends = [...cuts, rest.end];
      const parts = ends.map((to, i) => ({ start: i === 0 ? rest.start : (ends[i - 1] as Key), end: to }));
      const counts = await countsOf(client, parts, pinned, options);
      return counts ? joined(parts, counts, rest.wanted) : [rest];
    },
  };
}

/** Counts disjoint parts. Together they cost the server one walk. @returns undefined if it does not tell */
async function countsOf(client: Client, parts: readonly Span[], pinned: Pinned, options: CallOptions): Promise<number[] | undefined> {
  const requests = parts.map(({ start, end }) => ({ key: start, rangeEnd: end, countOnly: true, ...pinned }));
  try {
    return (await client.rangeMany(requests, options)).ranges.map(({ count }) => count);
  } catch (thrown) {
    // If something is wrong, the reading itself will say so.
    if (!isEtcdError(thrown) || thrown.code === 'cancelled') throw thrown;
    return undefined;
  }
}

/** Joins neighbours as long as they have no more than `wanted` keys. */
function joined(parts: readonly Span[], counts: readonly number[], wanted: number): Span[] {
  const pieces: Span[] = [];
  let sum = Infinity;
  parts.forEach((part, i) => {
    const count = counts[i] as number;
    const before = pieces.at(-1);
    sum += count;
    if (before && (sum <= wanted || count === 0)) before.end = part.end;
    else {
      pieces.push({ ...part });
      sum = count;
    }
  });
  return pieces;
}

function common(one: Key, other: Key): Key {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}
