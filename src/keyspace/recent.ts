/**
 * What was listed a moment ago: it answers completion, and helps the next listing of the same prefix. An answer from here can
 * be as old as MAX_AGE says, and never lacks a key that this editor has put.
 */
import type { Key } from '../etcd/index.js';
import type { Level, LevelRequest } from './listing.js';

export interface Recent {
  /** The level that was asked for, from one that was listed lately; undefined where it must be read. */
  find(profile: string, request: LevelRequest): Level | undefined;
  /** What the listing of the prefix can use. */
  hints(profile: string, prefix: Key): Pick<LevelRequest, 'hints'>;
  /** @param began when the listing did, by `performance.now()` */
  remember(profile: string, request: LevelRequest, level: Level, began: number): void;
  /** A key was put: levels above it may have changed. */
  changed(profile: string, key: Key): void;
  clear(): void;
}

/** ms for which a level may answer completion, counted from when it was asked for or, where that took long, was there. */
export const MAX_AGE = 2000;
/** The same for a level of over MANY names, which takes longer to read than anybody waits for a menu. */
export const MAX_AGE_OF_MANY = 10_000;
const MANY = 10_000;
/** Names in memory at the most, all levels together; a level with more answers alone. */
const MAX_NAMES = 200_000;
/** Prefixes of which hints are kept, and names for which they are. */
const MAX_HINTS = 64;
const MAX_HINTED = 100_000;

interface Known {
  profile: string;
  prefix: Key;
  /** The names below the prefix that begin with this are all known. */
  partial: Key;
  level: Level;
  expires: number;
}

/** Empty. @param now the clock, in ms */
export function openRecent(now: () => number = () => performance.now()): Recent {
  let known: Known[] = [];
  const hints = new Map<string, NonNullable<Level['hints']>>();
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

  return {
    find(profile, { prefix, partial = '', revision, max = Infinity }) {
      const found = known.find(
        (it) => it.profile === profile && it.prefix === prefix && partial.startsWith(it.partial) && it.expires > now(),
      );
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

    remember(profile, { prefix, partial = '', revision }, level, began) {
      if (revision !== undefined || level.more) return;
      const many = level.names.length > MANY;
      const expires = many ? now() + MAX_AGE_OF_MANY : began + MAX_AGE;
      known = known.filter((it) => !(it.profile === profile && it.prefix === prefix && it.partial.startsWith(partial)));
      known.unshift({ profile, prefix, partial, level, expires });
      prune();
      const id = `${profile}/${prefix}`;
      if (partial !== '') return;
      hints.delete(id);
      if (level.hints && level.names.length <= MAX_HINTED) hints.set(id, level.hints);
      for (const oldest of [...hints.keys()].slice(0, Math.max(0, hints.size - MAX_HINTS))) hints.delete(oldest);
    },

    changed(profile, key) {
      known = known.filter((it) => it.profile !== profile || !key.startsWith(it.prefix + it.partial));
      prune();
    },

    clear() {
      known = [];
      hints.clear();
      prune();
    },
  };
}

/** Where the first name stands that is not smaller than `partial`, nor one of those that `skip` leaps over. */
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
