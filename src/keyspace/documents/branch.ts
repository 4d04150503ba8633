/**
 * Keys as names within names, for the formats that nest. A name is what stands between two slashes, and it means:
 *
 *     db: text          the key `db`
 *     db: {…}           the keys that begin with `db/`; the same is `db/: {…}`, which is written if there is a key `db` as well
 *     /: {…}            those that begin with `/`: a segment without a name
 *     "": text          the key that is the prefix itself
 *     a/b: text         the key `a/b`; written so far below only
 *
 * So every key has a place, whatever slashes are in it, and two keys never have the same one.
 */
import type { Key } from '../../client/index.js';
import type { Entry } from './entry.js';

/** By name, in the order in which they are written. */
export type Branch = Map<Key, Branch | Buffer>;

/** Levels that are nested. What lies deeper is one name: indentation grows with each, and so does every parser's stack. */
const DEEPEST = 24;

/** The entries as they are nested. They may come in any order. */
export function nest(entries: Iterable<Entry>): Branch {
  const root: Branch = new Map();
  const sorted = [...entries].sort((one, other) => (one.key < other.key ? -1 : 1));
  for (const { key, value } of sorted) {
    const segments = key.split('/');
    const levels = segments.splice(0, Math.min(segments.length - 1, DEEPEST));
    let branch = root;
    for (const segment of levels) branch = below(branch, segment);
    branch.set(segments.join('/'), value);
  }
  return root;
}

/** A name of one entry is sorted before those of what lies below it. */
function below(branch: Branch, segment: Key): Branch {
  const name = segment === '' || branch.get(segment) instanceof Buffer ? `${segment}/` : segment;
  const known = branch.get(name);
  if (known instanceof Map) return known;
  const made: Branch = new Map();
  branch.set(name, made);
  return made;
}

/** What the keys in a branch begin with that has this name. */
export function prefixOf(parent: Key, name: Key): Key {
  return parent + (name.endsWith('/') ? name : `${name}/`);
}
