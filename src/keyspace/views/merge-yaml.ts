/**
 * Merges two changes of one YAML document field by field, as for JSON. Comments, quotes and the order of both sides stay. First the
 * lines are merged. If the fields do not come out right that way, theirs are set in our document one by one.
 */
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  parseAllDocuments,
  Scalar,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import { TYPED } from '../documents/typed.js';
import { mergeLines } from './merge-lines.js';
import { isSame, mergeTrees } from './merge-trees.js';
import type { Merged } from './merge.js';
import type { Field, Tree } from './tree.js';

/**
 * @param base what both come from; valid YAML, like the others
 * @returns as mergeJson(); `the whole value` is a conflict, also if a side is no map, has several documents, or aliases
 */
export function mergeYaml(base: string, ours: string, theirs: string): Merged {
  const [before, mine, other] = [read(base), read(ours), read(theirs)];
  const done = mergeTrees(before.tree, mine.tree, other.tree);
  if ('conflicts' in done) return done;
  const wanted = done.tree;
  const isIt = (text: string | undefined): text is string => text !== undefined && isSame(read(text).tree, wanted);
  const candidates = [
    () => mergeLines(base, ours, theirs),
    () => (isSame(mine.tree, wanted) ? ours : undefined),
    () => inOurs(mine.document, other.document, wanted),
  ];
  for (const candidate of candidates) {
    const text = candidate();
    if (isIt(text)) return { text };
  }
  return { conflicts: ['the whole value'] };
}

interface Side {
  document: Document.Parsed | undefined;
  tree: Tree;
}

function read(text: string): Side {
  const documents = parseAllDocuments(text, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const [document, ...more] = Array.isArray(documents) ? documents : [];
  if (!document || more.length > 0 || document.errors.length > 0 || hasAlias(document)) return { document: undefined, tree: { text } };
  return { document, tree: treeOf(document.contents) };
}

/** The value that an alias stands for may be changed elsewhere. */
function hasAlias(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function treeOf(node: Node | null): Tree {
  if (!isMap(node) || node.tag !== undefined || node.anchor !== undefined) return { text: textOf(node) };
  const fields = new Map<string, Field>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) && typeof key.value === 'string' && key.tag === undefined ? key.value : undefined;
    // If two fields have one name, nobody knows which one counts. A name may also be no text. Such a map is taken as a whole.
    if (name === undefined || fields.has(name)) return { text: textOf(node) };
    fields.set(name, { name, value: treeOf(isNode(value) ? value : null) });
  }
  return { fields };
}

/** What a node means, without comments and blanks: `5` and `"5"` are two things, `x` and `"x"` are one. */
function textOf(node: unknown): string {
  if (!isNode(node) || isAlias(node)) return 'null';
  const common = [node.tag ?? '', ('anchor' in node && node.anchor) || ''];
  if (isScalar(node)) return JSON.stringify([...common, node.type === Scalar.PLAIN && TYPED.test(String(node.value)), node.value]);
  const items = (node as unknown as { items: unknown[] }).items;
  const parts = items.map((item) => (isNode(item) ? textOf(item) : pairText(item as Pair)));
  return `${JSON.stringify(common)}${isMap(node) ? '{' : '['}${parts.join(',')}`;
}

function pairText({ key, value }: Pair): string {
  return `${textOf(key)}:${textOf(value)}`;
}

function inOurs(ours: Document.Parsed | undefined, theirs: Document.Parsed | undefined, wanted: Tree): string | undefined {
  if (!ours || !theirs || !isMap(ours.contents) || !isMap(theirs.contents)) return undefined;
  const document = ours.clone();
  setFields(document.contents as unknown as YAMLMap, theirs.contents, wanted);
  return document.toString({ lineWidth: 0 });
}

/** Turns our map into the wanted one. Fields that we do not have are taken from theirs, with their comments. */
function setFields(ours: YAMLMap, theirs: YAMLMap, wanted: Tree): void {
  if (!('fields' in wanted)) return;
  const nameOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);
  ours.items = ours.items.filter((pair) => wanted.fields.has(nameOf(pair)));
  for (const [name, { value: tree }] of wanted.fields) {
    const at = ours.items.findIndex((pair) => nameOf(pair) === name);
    const mine = ours.items[at]?.value;
    if (at >= 0 && isSame(treeOf(isNode(mine) ? mine : null), tree)) continue;
    const other = theirs.items.find((pair) => nameOf(pair) === name);
    if (!other) continue;
    if (isMap(mine) && isMap(other.value) && !isSame(treeOf(other.value), tree)) setFields(mine, other.value, tree);
    else if (at < 0) ours.items.push(other.clone());
    else ours.items[at] = other.clone();
  }
}
