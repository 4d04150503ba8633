/**
 * Keys and values as YAML, in its failsafe schema: every scalar is a text, and `port: 8080` is "8080". Names are nested as branch.ts
 * says. A text of several lines is a block literal. Bytes that are no text are `!!binary`, in names too.
 */
import { Document, Pair, Scalar, YAMLMap } from 'yaml';
import type { Key } from '../../client/index.js';
import { nest, prefixOf, type Branch } from './branch.js';
import { escapeOdd, textOf, type Codec, type Entry, type HeldText, type OnKey } from './entry.js';
import { beginReading } from './reading.js';
import { TYPED } from './typed.js';
import { readItems, type Item, type ItemDocument, type Level } from './yaml-items.js';
import { isJson, isPlain } from './yaml-lines.js';
import { BINARY, readDocument, readPiece } from './yaml-package.js';

export const yaml: Codec = {
  encode: (entries) => encode(entries).text,
  encodeHeld: encode,
  decode: (text, onKey) => decode(text, onKey).entries,
  decodeHeld: decode,
};

/** Characters that some program does not show, or takes for the end of a line. */
// eslint-disable-next-line no-control-regex -- that is the point
const ODD = /[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
/** Lines of blanks at the beginning or the end. A block literal does not show them, and not every parser keeps them. */
const BLANK_ENDS = /^\n*[ \t]+\n|\n[ \t]+\n*$/;
/** A whole number that every tool writes back as it was. */
const COUNT = /^(?:0|-?[1-9]\d{0,14})$/;

function encode(entries: Iterable<Entry>): { text: string; held?: HeldText } {
  const branch = nest(entries);
  if (branch.size === 0) return { text: stringify(branch) };
  const written: Written = { parts: [], length: 0, items: [] };
  write(written, branch, { indent: 0, prefix: '', outer: undefined });
  const text = written.parts.join('');
  return { text, held: held({ text, items: written.items }) };
}

/** What is written so far. */
interface Written {
  parts: string[];
  length: number;
  items: Item[];
}

/** Writes simple lines here, and has the package write all others. */
function write(written: Written, branch: Branch, level: Level): void {
  const indent = ' '.repeat(level.indent);
  for (const [name, value] of branch) {
    const first = plainly(Buffer.from(name, 'latin1'), true);
    if (first !== undefined && value instanceof Map) {
      put(written, `${indent}${first}:\n`);
      write(written, value, { indent: level.indent + 2, prefix: prefixOf(level.prefix, name), outer: level });
      continue;
    }
    const second = value instanceof Map ? undefined : plainly(value, false);
    const start = written.length;
    if (first !== undefined && second !== undefined) put(written, `${indent}${first}: ${second}\n`);
    else put(written, stringify(new Map([[name, value]])).replace(/^(?=[^\n])/gm, indent));
    const place = { start, end: written.length, offset: start + level.indent, level };
    for (const entry of leavesOf(level.prefix, name, value)) written.items.push({ ...entry, ...place });
  }
}

function put(written: Written, text: string): void {
  written.parts.push(text);
  written.length += text.length;
}

function leavesOf(prefix: Key, name: Key, value: Branch | Buffer): Entry[] {
  if (!(value instanceof Map)) return [{ key: prefix + name, value }];
  return [...value].flatMap(([inner, of]) => leavesOf(prefixOf(prefix, name), inner, of));
}

function plainly(bytes: Buffer, isName: boolean): string | undefined {
  const text = bytes.toString('latin1');
  if (!isName && isJson(text)) return `'${text}'`;
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

function decode(text: string, onKey?: OnKey): { entries: Entry[]; held?: HeldText } {
  const reading = beginReading(text, onKey);
  const known = readItems(text, readPiece);
  if (known) for (const item of known.items) reading.add(item, item.offset);
  else readDocument(reading, text);
  return { entries: reading.entries(), ...(known && { held: held(known) }) };
}

function held(document: ItemDocument): HeldText {
  return {
    compare(text) {
      const other = readItems(text, readPiece, document);
      return other && { come: other.come, gone: other.gone, other: held(other) };
    },
  };
}
