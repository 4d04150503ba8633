/** An etcd of one key space in memory. It does what a real one cannot: any set of keys at once, and every reply chosen. */
import { simulate, type Counts } from './simulator.js';
import type { Client, Key } from '../../../src/client/index.js';

export interface Model {
  client: Client;
  counts: Counts;
}

/** @param keys any order; all at revision '10' */
export function modelOf(keys: Iterable<Key>): Model {
  return simulate([...new Set(keys)].sort((a, b) => (a < b ? -1 : 1)));
}

/** The names one level below `prefix`, by definition: it looks at every key. */
export function namesByDefinition(keys: Iterable<Key>, prefix: Key, partial: Key = ''): Key[] {
  const names = new Set<Key>();
  for (const key of [...keys].sort((a, b) => (a < b ? -1 : 1))) {
    if (!key.startsWith(prefix + partial)) continue;
    const slash = key.indexOf('/', prefix.length);
    names.add(slash < 0 ? key.slice(prefix.length) : key.slice(prefix.length, slash + 1));
  }
  return [...names];
}
