/**
 * Keys and values as JSON. Every value is a string, and names are nested as branch.ts says. Bytes that are no text are written as
 * "!!binary BASE64", and a text that begins with "!!" as "!!str TEXT". Both are done for names and values.
 */
import { visit } from 'jsonc-parser';
import type { Key } from '../../client/index.js';
import { nest, prefixOf, type Branch } from './branch.js';
import { quoted, textOf, type Codec, type Entry, type OnKey } from './entry.js';
import { beginReading, type Reading } from './reading.js';

export const json: Codec = {
  encode: (entries) => `${encodeBranch(nest(entries), '')}\n`,
  decode,
};

function encodeBranch(branch: Branch, indent: string): string {
  if (branch.size === 0) return '{}';
  const inner = `${indent}  `;
  const members = [...branch].map(([name, value]) => {
    const shown = value instanceof Map ? encodeBranch(value, inner) : encodeBytes(value);
    return `${inner}${encodeBytes(Buffer.from(name, 'latin1'))}: ${shown}`;
  });
  return `{\n${members.join(',\n')}\n${indent}}`;
}

function encodeBytes(bytes: Buffer): string {
  const text = textOf(bytes);
  if (text === undefined) return `"!!binary ${bytes.toString('base64')}"`;
  return quoted(text.startsWith('!!') ? `!!str ${text}` : text);
}

function decode(document: string, onKey?: OnKey): Entry[] {
  const reading = beginReading(document, onKey);
  /** The beginning of the keys in each object around; and the name that was read last, whose value follows. */
  const parents: Key[] = [];
  let last: { name: Key; offset: number } | undefined;
  const noText = (offset: number, what: string): never => reading.refuse(offset, `${what} is no value: a key holds text`);
  visit(
    document,
    {
      onObjectBegin(offset) {
        if (!last && parents.length > 0) noText(offset, 'an object in a list');
        parents.push(last ? prefixOf(parents.at(-1) ?? '', last.name) : '');
        last = undefined;
      },
      onObjectEnd: () => void parents.pop(),
      onObjectProperty(name, offset) {
        last = { name: decodeBytes(reading, name, offset).toString('latin1'), offset };
      },
      onArrayBegin: (offset) => noText(offset, 'a list'),
      onLiteralValue(value: unknown, offset, length) {
        if (!last) return reading.refuse(offset, 'the document is no object');
        if (value === null) return reading.refuse(offset, 'null is no value; "" is an empty one');
        const bytes =
          typeof value === 'string' ? decodeBytes(reading, value, offset) : Buffer.from(document.slice(offset, offset + length));
        reading.add({ key: (parents.at(-1) ?? '') + last.name, value: bytes }, last.offset);
        last = undefined;
      },
      onError: (_, offset) => reading.refuse(offset, 'that is no JSON'),
    },
    { disallowComments: true },
  );
  return reading.entries();
}

function decodeBytes(reading: Reading, text: string, offset: number): Buffer {
  if (text.startsWith('!!binary ')) return reading.base64(text.slice('!!binary '.length), offset);
  return reading.bytes(text.startsWith('!!str ') ? text.slice('!!str '.length) : text, offset);
}
