/** A key below the listed prefix and its child: `a/b/c` belongs to the child `a/`, and `a` is a child itself. */
import { after, prefixEnd, type Key } from '../../client/index.js';

/** The child of `prefix` that `key` belongs to. The key begins with the prefix. */
export function childOf(prefix: Key, key: Key): Key {
  const slash = key.indexOf('/', prefix.length);
  return slash < 0 ? key.slice(prefix.length) : key.slice(prefix.length, slash + 1);
}

/** The first key that can come after all keys of this child. */
export function behindChild(prefix: Key, name: Key): Key {
  return name.endsWith('/') ? prefixEnd(prefix + name) : after(prefix + name);
}
