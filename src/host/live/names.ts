/** Which names of a listing come and go, as the events of a watch tell it. Pure. */
import type { Key, WatchEvent } from '../../client/index.js';
import { childOf } from '../../keyspace/listing/names.js';

/** What has happened to names since the last time, each of them once. */
export interface Names {
  /** They are there now. */
  there: Key[];
  /** They are not. */
  gone: Key[];
  /** Prefixes of which a key was deleted, and of which no other key is known. */
  doubtful: Key[];
}

export interface NamesHeard {
  /** @param event of a key that begins with the prefix; in the order of etcd for each key */
  hear(event: WatchEvent): void;
  /** Events may have been missed, or what was taken has reached nobody. */
  lose(): void;
  /** What is new since the last time; undefined: that is not known, and all names are to be read. */
  take(): Names | undefined;
  /** This key of a doubtful name is there. */
  found(key: Key): void;
}

/** Names that one update may have. For more of them the listing is read, which is not slower then. */
const MOST = 1000;

/** Nothing was heard yet. @param prefix of the listing */
export function hearNames(prefix: Key): NamesHeard {
  /** By name: a key that is there. Of prefixes it is kept, so that a key which comes and goes below one costs no question. */
  const alive = new Map<Key, Key>();
  let touched = new Set<Key>();
  let isLost = false;

  function lose(): void {
    isLost = true;
    touched.clear();
    alive.clear();
  }

  return {
    lose,
    hear({ type, kv }) {
      if (isLost) return;
      const name = childOf(prefix, kv.key);
      if (type === 'put') alive.set(name, kv.key);
      else if (alive.get(name) === kv.key) alive.delete(name);
      touched.add(name);
      if (touched.size > MOST) lose();
    },
    take() {
      const [names, wasLost] = [[...touched].sort((one, other) => (one < other ? -1 : 1)), isLost];
      [touched, isLost] = [new Set(), false];
      if (wasLost) return undefined;
      const [there, absent] = [names.filter((name) => alive.has(name)), names.filter((name) => !alive.has(name))];
      for (const name of there) if (!name.endsWith('/')) alive.delete(name);
      if (alive.size > MOST) alive.clear();
      return { there, gone: absent.filter((name) => !name.endsWith('/')), doubtful: absent.filter((name) => name.endsWith('/')) };
    },
    found(key) {
      const name = childOf(prefix, key);
      // It may have gone since it was asked for.
      if (!isLost && !touched.has(name)) alive.set(name, key);
    },
  };
}
