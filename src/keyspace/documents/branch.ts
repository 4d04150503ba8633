/**
 * Keys as names within names, for the formats that nest. A name is the text between two slashes, and it means:
 *
 *     db: text          the key `db`
 *     db: {…}           the keys that begin with `db/`; `db/: {…}` is the same, and is written if there is a key `db` as well
 *     /: {…}            the keys that begin with `/`: a segment without a name
 *     "": text          the key that is the prefix itself
 *     a/b: text         the key `a/b`; only written like this far below
 *
 * So every key has a place, whatever slashes are in it, and two keys never have the same place.
 */
import type { Key } from '../../client/index.js';
import type { Entry } from './entry.js';

/** By name, in the order in which they are written. */
export type Branch = Map<Key, Branch | Buffer>;

/** The most levels that are nested. Deeper names stay in one piece: indentation grows with each level, and so does every parser's stack. */
const DEEPEST = 24;

/** Nests the entries. They may come in any order. */
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

/** A name's own entry is sorted before the entries below it. */
function below(branch: Branch, segment: Key): Branch {
  const name = segment === '' || branch.get(segment) instanceof Buffer ? `${segment}/` : segment;
  const known = branch.get(name);
  if (known instanceof Map) return known;
  const made: Branch = new Map();
  branch.set(name, made);
  return made;
}

/** What all keys in the branch of this name begin with. */
export function prefixOf(parent: Key, name: Key): Key {
  return parent + (name.endsWith('/') ? name : `${name}/`);
}
