/** Merges two changes of one value field by field: merge-trees.ts says how. */
import { mergeTrees } from './merge-trees.js';
import { restyle } from './restyle.js';
import { textOfTree, treeOf } from './tree.js';

export type Merged = { text: string } | { conflicts: string[] };

/**
 * @param base what both come from; valid JSON, like the others
 * @returns ours with the changes of theirs, in our style; or the names of the fields that both have changed
 */
export function mergeJson(base: string, ours: string, theirs: string): Merged {
  const merged = mergeTrees(treeOf(base), treeOf(ours), treeOf(theirs));
  return 'conflicts' in merged ? merged : { text: restyle(ours, textOfTree(merged.tree)) };
}
