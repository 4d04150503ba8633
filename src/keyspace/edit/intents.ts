/** What the texts of edited listings want. Each number that is no longer where it was is an intent. */
import { EtcdError, type Key } from '../../client/index.js';
import { encodeSegments } from '../address.js';
import { parseLines, type Line } from './lines.js';
import { isSame, refused, type Place } from './names.js';

/** A listing as text. */
export interface EditedText {
  /** Its address, for messages. */
  address: string;
  prefix: Key;
  /** The text that was read. Every line has a number, and no other text has the same number. */
  base: string;
  /** The text now. */
  text: string;
}

/** The place that one number stands for. */
export interface Source {
  place: Place;
  /** The text in which it was read. */
  origin: number;
  where: string;
}

/** A place that something moves or is copied to. */
export interface Target {
  place: Place;
  where: string;
}

export interface Intent {
  /** Absent for a new key. */
  source?: Source;
  /** The places that it is to be at, besides its own. If there are none and it does not stay, it is deleted. */
  targets: Target[];
  /** It stays where it is. */
  stays: boolean;
}

export interface Edit {
  /** The texts that belong together, because numbers of one stand in the other. In ascending order. */
  texts: number[];
  intents: Intent[];
}

/**
 * @param edited the first is the one that is written. Another one counts if it shares numbers with the first, directly or through others
 * @throws EtcdError invalid_address: two lines with one name, an unknown number, or an invalid name
 */
export function intentsOf(edited: readonly EditedText[]): Edit {
  const sources = new Map<string, Source>();
  const bases = edited.map(({ prefix, base }) => parseLines(prefix, base));
  for (const [origin, base] of bases.entries()) {
    for (const { number = '', place, where } of base) sources.set(number, { place, origin, where });
  }
  const texts = belongingTo(edited, sources);
  const lines = texts.flatMap((i) => {
    const { prefix, base, text, address } = edited[i] as EditedText;
    const raw = base.split('\n');
    const known = new Map(bases[i]?.map((line, at) => [raw[at] as string, line]));
    return parseLines(prefix, text, i === 0 ? '' : ` of ${address}`, known);
  });
  const stand = standing(lines, sources);
  const intents = [...sources]
    .filter(([, { origin }]) => texts.includes(origin))
    .map(([number, source]) => intentOf(source, stand.get(number) ?? []))
    .filter(({ targets, stays }) => !stays || targets.length > 0);
  refuseTwins(lines, sources);
  return { texts, intents: [...intents, ...lines.filter(({ number }) => number === undefined).map(asNew)] };
}

function intentOf(source: Source, lines: readonly Line[]): Intent {
  const targets = lines.filter(({ place }) => !isSame(place, source.place));
  return { source, targets, stays: targets.length < lines.length };
}

function asNew({ place, where }: Line): Intent {
  if (place.kind === 'prefix')
    throw refused(where, 'a new name that ends in / is no key', 'a prefix is there as soon as a key is below it');
  return { targets: [{ place, where }], stays: false };
}

/** The lines of each number. */
function standing(lines: readonly Line[], sources: ReadonlyMap<string, Source>): Map<string, Line[]> {
  const stand = new Map<string, Line[]>();
  for (const line of lines) {
    const { number, place, where } = line;
    if (number === undefined) continue;
    const source = sources.get(number);
    if (!source) {
      const why = `${where}: nothing here has the number ${number}`;
      throw new EtcdError('invalid_address', why, { subject: { reason: 'number_unknown' } });
    }
    if (source.place.kind !== place.kind) {
      const [name, rule] = [encodeSegments(source.place.key), place.kind === 'key' ? 'ends in / as well' : 'does not end in /'];
      throw refused(where, `${name} is a ${source.place.kind}: its new name ${rule}`);
    }
    const others = stand.get(number);
    if (others) others.push(line);
    else stand.set(number, [line]);
  }
  return stand;
}

/** Refuses two lines with one name. Two texts may show the same key, as long as both leave it alone. */
function refuseTwins(lines: readonly Line[], sources: ReadonlyMap<string, Source>): void {
  const first = { key: new Map<Key, Line>(), prefix: new Map<Key, Line>() };
  const isOwn = ({ number = '', place }: Line): boolean => {
    const source = sources.get(number);
    return source !== undefined && isSame(source.place, place);
  };
  for (const line of lines) {
    const { kind, key } = line.place;
    const other = first[kind].get(key);
    if (!other) first[kind].set(key, line);
    else if (other.number === line.number || !isOwn(other) || !isOwn(line)) {
      throw refused(line.where, `${encodeSegments(line.place.key)} stands in ${other.where} already`);
    }
  }
}

/** The first text, and all texts that share numbers with it. */
function belongingTo(edited: readonly EditedText[], sources: ReadonlyMap<string, Source>): number[] {
  const bound = edited.map(() => new Set<number>());
  for (const [i, { text }] of edited.entries()) {
    for (const [, number = ''] of text.matchAll(/^(\d+)[ \t]/gm)) {
      const origin = sources.get(number)?.origin ?? i;
      bound[i]?.add(origin);
      bound[origin]?.add(i);
    }
  }
  const found = new Set([0]);
  for (const i of found) bound[i]?.forEach((other) => found.add(other));
  return [...found].sort((a, b) => a - b);
}
