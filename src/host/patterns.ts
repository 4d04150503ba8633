/**
 * Patterns of keys, from the settings. They are written like addresses, and read as loosely, because a rule that protects a key must
 * not miss a spelling.
 */
import type { Key } from '../client/index.js';
import { decodeSegments } from '../keyspace/address.js';
import { globTest } from '../keyspace/glob.js';

/** Whether a pattern is about that key. */
export function matchesKey(pattern: string, key: Key): boolean {
  return matcherOf(pattern)(key);
}

/**
 * `/app/` is all below it; `/app` is that key and all below it. `*` and `?` stop at a slash, `**` does not. A glob without a slash is
 * about the last part of a key. `./` begins a pattern of whole keys that do not begin with a slash. `%2A` is a star that means itself.
 */
export function matcherOf(pattern: string): (key: Key) => boolean {
  const whole = wholeOf(pattern);
  if (!isGlob(pattern)) {
    const exact = decodeSegments(whole);
    const below = whole.endsWith('/') || whole === '' ? exact : `${exact}/`;
    return (key) => key === exact || key.startsWith(below);
  }
  const test = globTest(whole, decodeSegments);
  return pattern.includes('/') ? test : (key) => test(key.slice(key.lastIndexOf('/') + 1));
}

/** The beginning of every key that the pattern is about; '' if it can be any. */
export function beginningOf(pattern: string): Key {
  const whole = wholeOf(pattern);
  if (!isGlob(pattern)) return decodeSegments(whole);
  // If the first wildcard cuts an escape, the rest of the escape would stand for itself.
  const [literal = ''] = /^[^*?]*/.exec(whole) ?? [];
  return pattern.includes('/') ? decodeSegments(literal.replace(/%[0-9A-Fa-f]?$/, '')) : '';
}

/** An address has "./" before a key that does not begin with a slash. */
function wholeOf(pattern: string): string {
  return pattern.replace(/^\.\//, '');
}

function isGlob(pattern: string): boolean {
  return /[*?]/.test(pattern);
}
