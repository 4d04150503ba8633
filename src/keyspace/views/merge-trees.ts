/**
 * Merges two changes of one tree field by field. If both sides have changed the same field differently, nobody guesses: its name is
 * returned. A list is taken as a whole, because nobody knows which items of two lists belong together.
 */
import type { Field, Tree } from './tree.js';

/** @returns ours with the changes of theirs; or the names of the fields that both have changed */
export function mergeTrees(base: Tree, ours: Tree, theirs: Tree): { tree: Tree } | { conflicts: string[] } {
  const conflicts: string[] = [];
  const tree = mergeTree(base, ours, theirs, [], conflicts);
  return conflicts.length > 0 || !tree ? { conflicts } : { tree };
}

/** @returns undefined: there is no such field any more */
function mergeTree(
  base: Tree | undefined,
  ours: Tree | undefined,
  theirs: Tree | undefined,
  path: readonly string[],
  conflicts: string[],
): Tree | undefined {
  if (isSame(base, theirs) || isSame(ours, theirs)) return ours;
  if (isSame(base, ours)) return theirs;
  if (base && ours && theirs && 'fields' in base && 'fields' in ours && 'fields' in theirs) {
    const names = new Set([...ours.fields.keys(), ...theirs.fields.keys()]);
    const fields = new Map<string, Field>();
    for (const name of names) {
      const [mine, other] = [ours.fields.get(name), theirs.fields.get(name)];
      const value = mergeTree(base.fields.get(name)?.value, mine?.value, other?.value, [...path, name], conflicts);
      const written = mine?.name ?? other?.name;
      if (value && written !== undefined) fields.set(name, { name: written, value });
    }
    return { fields };
  }
  conflicts.push(nameOf(path));
  return ours;
}

/** Whether both are equal. The order of fields does not count. */
export function isSame(one: Tree | undefined, other: Tree | undefined): boolean {
  if (!one || !other) return one === other;
  if ('text' in one || 'text' in other) return 'text' in one && 'text' in other && one.text === other.text;
  if (one.fields.size !== other.fields.size) return false;
  return [...one.fields].every(([name, { value }]) => isSame(value, other.fields.get(name)?.value));
}

/** `postgresql.parameters."max conns"` */
function nameOf(path: readonly string[]): string {
  if (path.length === 0) return 'the whole value';
  return path.map((name) => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name))).join('.');
}
