/** JSON as a tree whose leaves are the original text. Nothing is decoded, so nothing is lost. */
import { tokensOf, type Token } from './tokens.js';

export interface Field {
  /** As it is written, with its quotes. */
  name: string;
  value: Tree;
}

/** An object has `fields`; its names are decoded, but only to compare them. Everything else, lists too, is its text. */
export type Tree = { fields: ReadonlyMap<string, Field> } | { text: string };

/** @param json valid JSON. The white space between its tokens is not part of the tree */
export function treeOf(json: string): Tree {
  return readTree(tokensOf(json).all, 0).tree;
}

/** The tree on one line, without white space between tokens. */
export function textOfTree(tree: Tree): string {
  if ('text' in tree) return tree.text;
  return `{${[...tree.fields.values()].map(({ name, value }) => `${name}:${textOfTree(value)}`).join(',')}}`;
}

function readTree(tokens: readonly Token[], start: number): { tree: Tree; end: number } {
  const end = endOf(tokens, start);
  const text = textBetween(tokens, start, end);
  if (tokens[start]?.text !== '{') return { tree: { text }, end };
  const fields = new Map<string, Field>();
  for (let at = start + 1; at < end - 1;) {
    const name = tokens[at]?.text ?? '';
    const value = readTree(tokens, at + 2);
    const key = JSON.parse(name) as string;
    // If two fields have one name, nobody knows which one counts. Such an object is taken as a whole.
    if (fields.has(key)) return { tree: { text }, end };
    fields.set(key, { name, value: value.tree });
    at = value.end + 1;
  }
  return { tree: { fields }, end };
}

/** The index after the value that begins at `start`. */
function endOf(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const text = tokens[at]?.text ?? '';
    if (text === '{' || text === '[') depth++;
    if (text === '}' || text === ']') depth--;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

function textBetween(tokens: readonly Token[], start: number, end: number): string {
  return tokens
    .slice(start, end)
    .map((token) => token.text)
    .join('');
}
