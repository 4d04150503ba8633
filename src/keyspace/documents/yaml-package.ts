/** A YAML document, or a piece of one, as the package reads it. */
import { isAlias, isMap, isScalar, parseDocument, Scalar, type Document, type Node, type Pair } from 'yaml';
import { isEtcdError, type Key } from '../../client/index.js';
import { prefixOf } from './branch.js';
import { beginReading, type Reading } from './reading.js';
import type { Placed } from './yaml-items.js';

export const BINARY = 'tag:yaml.org,2002:binary';
const TEXT = 'tag:yaml.org,2002:str';
const MAP = 'tag:yaml.org,2002:map';

/** Reads all of it. @throws EtcdError invalid_value with line and column */
export function readDocument(reading: Reading, text: string): void {
  const document = parse(text);
  const [error] = document.errors;
  if (error?.code === 'MULTIPLE_DOCS') reading.refuse(error.pos[0], 'a second document begins here, and a prefix is one');
  if (error) reading.refuse(error.pos[0], firstWord(error.message));
  const { contents } = document;
  if (contents && !isNothing(contents)) read(reading, document as never, contents, '');
}

/** A ReadPiece. A piece is one name of a block, with its value. */
export function readPiece(piece: string, prefix: Key): Placed[] | undefined {
  const document = parse(piece);
  const { contents } = document;
  if (document.errors.length > 0 || !isMap(contents) || contents.flow) return undefined;
  // In its document, a name that begins in a further line would be in another map.
  const [{ key }] = contents.items as [Pair<Node>];
  if (piece.slice(0, startOf(key)).includes('\n')) return undefined;
  const found: Placed[] = [];
  try {
    read(
      beginReading(piece, (entry, offset) => found.push({ entry, offset })),
      document as never,
      contents,
      prefix,
    );
  } catch (thrown) {
    // With the whole document it can be said what is wrong, and in which line.
    if (isEtcdError(thrown)) return undefined;
    throw thrown;
  }
  return found;
}

/** The package looks for duplicate names by comparing each with all others, which is slow. */
function parse(text: string): ReturnType<typeof parseDocument> {
  return parseDocument(text, { schema: 'failsafe', uniqueKeys: false, prettyErrors: false });
}

function firstWord(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** Whether it is empty: a document of comments alone has no keys. */
function isNothing(node: Node): boolean {
  return isScalar(node) && node.type === Scalar.PLAIN && node.value === '' && node.tag === undefined;
}

function read(reading: Reading, document: Document, node: Node, parent: Key): void {
  const at = startOf(node);
  if (!isMap(node)) reading.refuse(at, 'names with values are expected here');
  if (node.tag !== undefined && node.tag !== MAP) refuseTag(reading, node.tag, at);
  for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
    const offset = startOf(key);
    if (isNothing(key)) reading.refuse(offset, 'this value has no name: "" is the key that equals the prefix');
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
  const isEmpty = !node || isNothing(node) || (isScalar(node) && node.type === Scalar.PLAIN && /^(?:null|~)$/i.test(String(node.value)));
  if (isEmpty) reading.refuse(nameAt, 'this name has no value: "" is an empty one, {} is no key, and "null" is that word');
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
