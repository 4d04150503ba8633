/** What to ask next about the part of a gap that an answer left open. */
import { isBefore, TO_THE_END, type Key } from '../../client/index.js';
import type { Alphabet } from './alphabet.js';
import { cutsOf, type Interval } from './cuts.js';
import { COST, type Question } from './gaps.js';
import { behindChild } from './names.js';
import { siblingsOf, type Siblings } from './siblings.js';

/** What is open. */
export interface Rest extends Interval {
  /** Keys in it, at the most. */
  keys: number;
  /** The question whose answer left it. */
  asked: Question;
  /** Keys of that answer, and the children that they belong to. */
  returned: number;
  children: number;
  /** The child right before it. */
  last: Key | undefined;
}

/** What the whole listing knows. */
export interface Known {
  prefix: Key;
  alphabet: Alphabet;
  siblings: Siblings;
  /** Children, and the keys of the level and everything below. */
  children: number;
  total: number;
  /** Skipping has cost about as much as it would have cost to read everything. */
  hopeless: boolean;
}

/** One cut costs about three quarters of a walk over this many keys. */
const KEYS_PER_CUT = COST.operation / COST.walk / 0.75;
const MOST_CUTS = 4000;
/** Cuts for each child that must be there. */
const CUTS_PER_CHILD = 32;
/** This few keys are read at once, which costs less than to ask twice. Right after the first answer no other gap shares the requests. */
const FEW = 64;
const FEW_AT_FIRST = 3000;
const LIMIT = 8;
const LARGEST_LIMIT = 256;
/** With fewer keys to a child, reading them costs less than skipping them… */
const DENSE = 10;
/** …but at least so many keys are needed to judge that. */
const SAMPLE = 12;
const LARGEST_READ = 32_768;
/** A read that is cut first asks for such a part, because it may not be dense everywhere. */
const FIRST_PART = 16;

/** @returns questions that fill `rest`, in order and disjoint */
export function planRest(rest: Rest, known: Known): Question[] {
  const { start, end, keys, asked } = rest;
  const inside = start.indexOf('/', known.prefix.length);
  if (asked.probe !== undefined && isBefore(start, asked.probe)) return planBeforeProbe(rest, known);
  if (inside >= 0) return planInsideChild(rest, start.slice(0, inside + 1), known);
  if (known.hopeless) return [{ start, end, keys, limit: keys < 1.5 * LARGEST_READ ? 0 : LARGEST_READ }];
  if (rest.returned >= SAMPLE && rest.children * DENSE >= rest.returned) return planDense(rest, known);
  if (keys <= (asked.first ? FEW_AT_FIRST : FEW)) return [{ start, end, keys, limit: 0 }];
  const probes = planSiblings(rest, known);
  if (probes.length > 0) return probes;
  const wanted = Math.min(MOST_CUTS, keys / KEYS_PER_CUT, wantedByChildren(rest, known));
  const cuts = wanted < 2 ? [] : cutsOf(rest, known.prefix, wanted, known.alphabet);
  return pieces(rest, cuts, nextLimit(rest));
}

/** The first answer knows one end of the level only, so it does not say how many children there are. */
function wantedByChildren({ asked, keys }: Rest, { children, total }: Known): number {
  return asked.first ? Infinity : Math.max(4, (CUTS_PER_CHILD * keys * children) / total);
}

function nextLimit({ asked, returned, children }: Rest): number {
  if (asked.first || asked.limit === 0) return LIMIT;
  // One child says nothing, whatever the limit was: a limit of 2 would grow and shrink by turns.
  if (children > 1 && children >= asked.limit / 2) return Math.min(LARGEST_LIMIT, asked.limit * 4);
  return children <= 1 && returned > 0 ? Math.max(1, asked.limit >> 1) : asked.limit;
}

/** Another child turned up before the one that was looked for. */
function planBeforeProbe({ start, end, keys, asked }: Rest, known: Known): Question[] {
  const probe = asked.probe as Key;
  const child = probe.slice(0, probe.indexOf('/', known.prefix.length));
  const again = { ...asked, start, end, limit: Math.min(LARGEST_LIMIT, asked.limit * 4) };
  // Nothing comes before the child "\0". As an end it would mean the end of everything.
  if (keys <= LARGEST_LIMIT || child === TO_THE_END || !isBefore(start, child)) return [again];
  return [
    { start, end: child, keys, limit: LIMIT },
    { ...again, start: child },
  ];
}

/** A probe ended inside of a child and did not find its target. Is anything left inside? After the child it goes on as usual. */
function planInsideChild(rest: Rest, child: Key, known: Known): Question[] {
  const { start, end, keys } = rest;
  const behind = behindChild(known.prefix, child.slice(known.prefix.length));
  if (!isBefore(behind, end)) return [{ start, end, keys, limit: 1 }];
  return [
    { start, end: behind, keys, limit: 1 },
    ...planRest({ ...rest, start: behind, returned: 0, children: 0, last: undefined }, known),
  ];
}

/** Nearly every key is a child: reads on in growing parts, from several places at once if there is much. */
function planDense(rest: Rest, { prefix, alphabet }: Known): Question[] {
  const { start, end, keys, asked, returned, children } = rest;
  const growth = children * 2 >= returned ? 32 : 8;
  const limit = asked.dense ? LARGEST_READ : Math.min(LARGEST_READ, growth * Math.max(returned, 250));
  if (keys <= 1.5 * limit) return [{ start, end, keys, limit: 0, dense: true }];
  const isCut = keys > 8000 && !(asked.dense && keys < 2 * LARGEST_READ);
  const cuts = isCut ? cutsOf(rest, prefix, Math.min(48, keys / 4000), alphabet) : [];
  const part = Math.max(64, Math.ceil(keys / (cuts.length + 1) / FIRST_PART));
  return pieces(rest, cuts, cuts.length > 0 ? Math.min(limit, part) : limit).map((piece) => ({ ...piece, dense: true }));
}

/** Looks for the numbered siblings of the last child. Each time that they were there, it looks for more. */
function planSiblings({ start, end, keys, asked, last }: Rest, { prefix, siblings }: Known): Question[] {
  const first = siblings.firstKey();
  if (last === undefined || first === undefined || keys < 300 || !siblings.arePromising()) return [];
  const count = Math.min((asked.run ?? 2) * 8, 1024, keys / 40);
  const names = siblingsOf(last, count).filter((name) => prefix + name > start && isBefore(behindChild(prefix, name), end));
  return names.map((name, i) => ({
    start: i === 0 ? start : behindChild(prefix, names[i - 1] as Key),
    end: i === names.length - 1 ? end : behindChild(prefix, name),
    keys: i === names.length - 1 ? keys : keys / names.length,
    limit: 2,
    probe: `${prefix}${name}${first}\0`,
    ...(i === names.length - 1 && { run: names.length }),
  }));
}

function pieces({ start, end, keys }: Interval & { keys: number }, cuts: readonly Key[], limit: number): Question[] {
  const ends = [...cuts, end];
  return ends.map((to, i) => ({ start: i === 0 ? start : (ends[i - 1] as Key), end: to, keys: keys / ends.length, limit }));
}
