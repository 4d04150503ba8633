/** Which names of a listing come and go, found from the events of a watch. Pure. */
import type { Key, WatchEvent } from '../../client/index.js';
import { childOf } from '../../keyspace/listing/names.js';

/** What has happened to names since the last time. Each name occurs once. */
export interface Names {
  /** They exist now. */
  there: Key[];
  /** They do not exist any more. */
  gone: Key[];
  /** Prefixes in which a key was deleted, and in which no other key is known. */
  doubtful: Key[];
}

export interface NamesHeard {
  /** @param event of a key that begins with the prefix. For each key in etcd's order */
  hear(event: WatchEvent): void;
  /** Events may have been missed, or the taken names have not arrived. */
  lose(): void;
  /** What is new since the last time; undefined: that is not known, and all names have to be read. */
  take(): Names | undefined;
  /** This key of a doubtful name exists. */
  found(key: Key): void;
}

/** The most names of one update. If there are more, the listing is read, which is no slower then. */
const MOST = 1000;

/** Nothing was heard yet. @param prefix of the listing */
export function hearNames(prefix: Key): NamesHeard {
  /** By name: a key that exists. It is kept for prefixes, so that no request is needed if another key below one comes and goes. */
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
      // It may have been deleted after it was asked for.
      if (!isLost && !touched.has(name)) alive.set(name, key);
    },
  };
}
