/** Patterns of keys, as settings have them: written as addresses are, and read as loosely. What protects a key must not miss a spelling. */
import type { Key } from '../client/index.js';
import { decodeSegments } from '../keyspace/address.js';
import { globTest } from '../keyspace/glob.js';

/** Whether a pattern is about that key. */
export function matchesKey(pattern: string, key: Key): boolean {
  return matcherOf(pattern)(key);
}

/**
 * `/app/` is all below it, `/app` that key and all below it. `*` and `?` stop at a slash and `**` does not; a glob without a slash
 * is about the last part of a key. `%2A` is a star that is meant as one.
 */
export function matcherOf(pattern: string): (key: Key) => boolean {
  if (!isGlob(pattern)) {
    const exact = decodeSegments(pattern);
    const below = pattern.endsWith('/') ? exact : `${exact}/`;
    return (key) => key === exact || key.startsWith(below);
  }
  const test = globTest(pattern, decodeSegments);
  return pattern.includes('/') ? test : (key) => test(key.slice(key.lastIndexOf('/') + 1));
}

/** What every key begins with that the pattern is about; '' if that can be any. */
export function beginningOf(pattern: string): Key {
  if (!isGlob(pattern)) return decodeSegments(pattern);
  // An escape that the first wildcard cuts would stand for itself.
  const [literal = ''] = /^[^*?]*/.exec(pattern) ?? [];
  return pattern.includes('/') ? decodeSegments(literal.replace(/%[0-9A-Fa-f]?$/, '')) : '';
}

function isGlob(pattern: string): boolean {
  return /[*?]/.test(pattern);
}
