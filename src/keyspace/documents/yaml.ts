/**
 * Keys and values as YAML, in its failsafe schema: every scalar is a text, and `port: 8080` is "8080". Names are nested as branch.ts
 * says. A text of several lines is a block literal. Bytes that are no text are `!!binary`, in names too.
 */
import { Document, isAlias, isMap, isScalar, Pair, parseDocument, Scalar, YAMLMap, type Node } from 'yaml';
import type { Key } from '../../client/index.js';
import { nest, prefixOf, type Branch } from './branch.js';
import { escapeOdd, textOf, type Codec, type Entry, type HeldText, type OnKey } from './entry.js';
import { beginReading, type Reading } from './reading.js';
import { TYPED } from './typed.js';
import { isPlain, readSimple, type SimpleDocument } from './yaml-lines.js';

export const yaml: Codec = { encode, decode, hold };

const BINARY = 'tag:yaml.org,2002:binary';
const TEXT = 'tag:yaml.org,2002:str';
const MAP = 'tag:yaml.org,2002:map';
/** Characters that some program does not show, or takes for the end of a line. */
// eslint-disable-next-line no-control-regex -- that is the point
const ODD = /[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
/** Lines of blanks at the beginning or the end. A block literal does not show them, and not every parser keeps them. */
const BLANK_ENDS = /^\n*[ \t]+\n|\n[ \t]+\n*$/;
/** A whole number that every tool writes back as it was. */
const COUNT = /^(?:0|-?[1-9]\d{0,14})$/;

function encode(entries: Iterable<Entry>): string {
  const branch = nest(entries);
  return branch.size === 0 ? stringify(branch) : linesOf(branch, '').join('');
}

/** Writes simple lines here, and has the package write all others. */
function linesOf(branch: Branch, indent: string): string[] {
  return [...branch].flatMap(([name, value]) => {
    const first = plainly(Buffer.from(name, 'latin1'), true);
    if (first !== undefined && value instanceof Map) return [`${indent}${first}:\n`, ...linesOf(value, `${indent}  `)];
    const second = value instanceof Map ? undefined : plainly(value, false);
    if (first !== undefined && second !== undefined) return [`${indent}${first}: ${second}\n`];
    const text = stringify(new Map([[name, value]]));
    return [indent === '' ? text : text.replace(/^(?=[^\n])/gm, indent)];
  });
}

function plainly(bytes: Buffer, isName: boolean): string | undefined {
  const text = bytes.toString('latin1');
  if (!isPlain(text, isName)) return undefined;
  return styleOf(text, isName) === Scalar.PLAIN ? text : `"${text}"`;
}

function stringify(branch: Branch): string {
  const document = new Document(null, { schema: 'failsafe' });
  document.contents = mapOf(branch) as never;
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  // These stand only in double quotes.
  return escapeOdd(text);
}

function mapOf(branch: Branch): YAMLMap {
  const map = new YAMLMap<unknown, unknown>();
  for (const [name, value] of branch) {
    map.items.push(new Pair(scalarOf(Buffer.from(name, 'latin1'), true), value instanceof Map ? mapOf(value) : scalarOf(value)));
  }
  return map;
}

function scalarOf(bytes: Buffer, isName = false): Scalar<string> {
  const text = textOf(bytes);
  const scalar = new Scalar(text ?? bytes.toString('base64'));
  if (text === undefined) scalar.tag = BINARY;
  scalar.type = text === undefined ? Scalar.PLAIN : styleOf(text, isName);
  return scalar;
}

function styleOf(text: string, isName: boolean): Scalar.Type {
  if (ODD.test(text) || BLANK_ENDS.test(text)) return Scalar.QUOTE_DOUBLE;
  if (text.includes('\n')) return isName ? Scalar.QUOTE_DOUBLE : Scalar.BLOCK_LITERAL;
  return TYPED.test(text) && !COUNT.test(text) && text !== 'true' && text !== 'false' ? Scalar.QUOTE_DOUBLE : Scalar.PLAIN;
}

function decode(text: string, onKey?: OnKey): Entry[] {
  const reading = beginReading(text, onKey);
  const simple = readSimple(text);
  if (simple) {
    for (const line of simple.lines) reading.add(line, line.offset);
    return reading.entries();
  }
  // The package looks for duplicate names by comparing each with all others, which is slow.
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false });
  const [error] = document.errors;
  if (error?.code === 'MULTIPLE_DOCS') reading.refuse(error.pos[0], 'a second document begins here, and a prefix is one');
  if (error) reading.refuse(error.pos[0], firstWord(error.message));
  const { contents } = document;
  if (contents && !isBlank(contents)) read(reading, document as never, contents, '');
  return reading.entries();
}

function hold(text: string): HeldText | undefined {
  const simple = readSimple(text);
  return simple && held(simple);
}

function held(simple: SimpleDocument): HeldText {
  return {
    compare(text) {
      const other = readSimple(text, simple);
      return other && { come: other.come, gone: other.gone, other: held(other) };
    },
  };
}

function firstWord(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Whether it is empty: a document of comments alone has no keys. */
function isBlank(node: Node): boolean {
  return isScalar(node) && node.type === Scalar.PLAIN && node.value === '' && node.tag === undefined;
}

function read(reading: Reading, document: Document, node: Node, parent: Key): void {
  const at = startOf(node);
  if (!isMap(node)) reading.refuse(at, 'names with values are expected here');
  if (node.tag !== undefined && node.tag !== MAP) refuseTag(reading, node.tag, at);
  for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
    const offset = startOf(key);
    if (isBlank(key)) reading.refuse(offset, 'this value has no name: "" is the key that equals the prefix');
    if (isScalar(key) && key.value === '<<' && key.type === Scalar.PLAIN) {
      reading.refuse(offset, 'merge keys are not understood: write the names themselves, or quote "<<" if it is a name');
    }
    const name = bytesOf(reading, document, key, offset).toString('latin1');
    if (isMap(value)) read(reading, document, value, prefixOf(parent, name));
    else reading.add({ key: parent + name, value: valueOf(reading, document, value, offset) }, offset);
  }
}

/** A name without a value could mean an empty text, or no key at all. We do not guess. */
function valueOf(reading: Reading, document: Document, node: Node | null, nameAt: number): Buffer {
  const isNothing = !node || isBlank(node) || (isScalar(node) && node.type === Scalar.PLAIN && /^(?:null|~)$/i.test(String(node.value)));
  if (isNothing) reading.refuse(nameAt, 'this name has no value: "" is an empty one, {} is no key, and "null" is that word');
  return bytesOf(reading, document, node, startOf(node));
}

function bytesOf(reading: Reading, document: Document, node: Node, offset: number): Buffer {
  const meant = isAlias(node) ? node.resolve(document) : node;
  if (isAlias(node) && !meant) reading.refuse(offset, `there is no &${node.source} above`);
  if (!isScalar(meant)) {
    return reading.refuse(offset, isAlias(node) ? `*${node.source} is no text, and only texts can be meant so` : 'a list is no text');
  }
  // For some tags the package has values of other types.
  const text = meant.source ?? String(meant.value);
  if (meant.tag === BINARY) return reading.base64(text, offset);
  if (meant.tag !== undefined && meant.tag !== TEXT && meant.tag !== '!') refuseTag(reading, meant.tag, offset);
  return reading.bytes(text, offset);
}

function refuseTag(reading: Reading, tag: string, offset: number): never {
  return reading.refuse(offset, `the tag ${tag.replace(/^tag:yaml\.org,2002:/, '!!')} is not understood`);
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
