/**
 * What was listed a moment ago. It answers completion, and helps the next listing of the same prefix. Such an answer may be as old as
 * MAX_AGE, but it never lacks a key that this process has put.
 */
import type { Key } from '../../client/index.js';
import type { Level, LevelRequest } from './level.js';

export interface Recent {
  /** The level that was asked for, taken from one that was listed lately; undefined if it must be read. */
  find(profile: string, request: LevelRequest): Level | undefined;
  /** What the listing of the prefix can use. */
  hints(profile: string, prefix: Key): Pick<LevelRequest, 'hints'>;
  /** Lists, and keeps the result, unless a key was put meanwhile that it may lack. @throws what `list` throws */
  remember(profile: string, request: LevelRequest, list: () => Promise<Level>): Promise<Level>;
  /** A key was put: levels above it may have changed. */
  changed(profile: string, key: Key): void;
  clear(): void;
}

/** How long a level may answer completion, in ms since it was asked for. */
export const MAX_AGE = 2000;
/** The same for a level of more than MANY names. Reading it takes longer than anybody waits for a menu. */
export const MAX_AGE_OF_MANY = 10_000;
const MANY = 10_000;
/** The most names in memory, all levels together. A level with more names is the only one that is kept. */
const MAX_NAMES = 200_000;
/** For how many prefixes hints are kept, and for how many names. */
const MAX_HINTS = 64;
const MAX_HINTED = 100_000;
/** Bytes of the keys in all hints together. */
const MAX_HINTS_BYTES = 16 << 20;

interface Listed {
  profile: string;
  prefix: Key;
  /** The names below the prefix that begin with this are all known. */
  partial: Key;
}

interface Known extends Listed {
  level: Level;
  expires: number;
}

type Hints = NonNullable<Level['hints']>;

/** Empty. @param now the clock, in ms */
export function openRecent(now: () => number = () => performance.now()): Recent {
  let known: Known[] = [];
  /** Listings that may or may not see a key that is put now. */
  const underWay = new Set<Listed>();
  const hints = openHintStore();
  let expiry: NodeJS.Timeout | undefined;

  /** One timer while something is kept, none otherwise. */
  function prune(): void {
    clearTimeout(expiry);
    known = known.filter(({ expires }) => expires > now());
    let names = 0;
    known = known.filter(({ level }, at) => (names += level.names.length) <= MAX_NAMES || at === 0);
    const next = Math.min(...known.map(({ expires }) => expires));
    expiry = known.length === 0 ? undefined : setTimeout(prune, Math.max(1, next - now() + 1)).unref();
  }

  function keep(level: Known): void {
    known = [level, ...known.filter((it) => !(isOf(it, level) && it.partial.startsWith(level.partial)))];
    prune();
  }

  return {
    find(profile, { prefix, partial = '', revision, max = Infinity }) {
      const found = known.find((it) => isOf(it, { profile, prefix }) && partial.startsWith(it.partial) && it.expires > now());
      if (!found || revision !== undefined) return undefined;
      const { level } = found;
      const from = firstAt(level.names, partial);
      const end = firstAt(level.names, partial, (name) => name.startsWith(partial));
      return { ...level, names: level.names.slice(from, Math.min(end, from + max)), more: end - from > max };
    },

    hints(profile, prefix) {
      const kept = hints.get(`${profile}/${prefix}`);
      return kept ? { hints: kept } : {};
    },

    async remember(profile, { prefix, partial = '', revision }, list) {
      const began = now();
      const listed: Listed = { profile, prefix, partial };
      underWay.add(listed);
      try {
        const level = await list();
        if (revision !== undefined || level.more) return level;
        if (partial === '') hints.keep(`${profile}/${prefix}`, level);
        if (underWay.has(listed)) keep({ ...listed, level, expires: began + (level.names.length > MANY ? MAX_AGE_OF_MANY : MAX_AGE) });
        return level;
      } finally {
        underWay.delete(listed);
      }
    },

    changed(profile, key) {
      const lacks = (it: Listed): boolean => it.profile === profile && key.startsWith(it.prefix + it.partial);
      known = known.filter((it) => !lacks(it));
      for (const it of underWay) if (lacks(it)) underWay.delete(it);
      prune();
    },

    clear() {
      known = [];
      underWay.clear();
      hints.clear();
      prune();
    },
  };
}

function isOf(it: Listed, { profile, prefix }: Pick<Listed, 'profile' | 'prefix'>): boolean {
  return it.profile === profile && it.prefix === prefix;
}

/** Hints of the latest listings, within bounds. */
function openHintStore() {
  /** The oldest first. */
  const kept = new Map<string, Hints>();
  const bytesOf = ({ firstKeys }: Hints): number => firstKeys.reduce((sum, key) => sum + key.length, 0);

  return {
    get: (id: string): Hints | undefined => kept.get(id),
    keep(id: string, { hints, names }: Level): void {
      kept.delete(id);
      if (hints && names.length <= MAX_HINTED) kept.set(id, hints);
      let bytes = [...kept.values()].reduce((sum, it) => sum + bytesOf(it), 0);
      for (const [oldest, its] of kept) {
        if (kept.size <= MAX_HINTS && bytes <= MAX_HINTS_BYTES) break;
        kept.delete(oldest);
        bytes -= bytesOf(its);
      }
    },
    clear: (): void => kept.clear(),
  };
}

/** The index of the first name that is not smaller than `partial`, and that `skip` does not skip. */
function firstAt(names: readonly Key[], partial: Key, skip: (name: Key) => boolean = () => false): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const name = names[middle] as Key;
    if (name < partial || skip(name)) low = middle + 1;
    else high = middle;
  }
  return low;
}
