/** What the first etcdenv printed: `NAME=` and the value as Go's %q writes it, without the quotes (https://pkg.go.dev/strconv#Quote). */
import { each, type Format } from './format.js';

const SHORT: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** A line for each variable. Nothing in a value can break the line. */
export const go: Format = each((name, value) => `${name}=${escaped(value)}\n`);

function escaped(value: Buffer): string {
  const text = value.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(value)) return [...value].map(escapedByte).join('');
  // By code point, because Go escapes each of them.
  return Array.from(text, escapedCharacter).join('');
}

/** If the value is not UTF-8, every byte beyond ASCII is escaped. */
function escapedByte(byte: number): string {
  return byte < 0x80 ? escapedCharacter(String.fromCharCode(byte)) : `\\x${hex(byte, 2)}`;
}

function escapedCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  if (character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)) return character;
  const point = character.codePointAt(0) as number;
  if (point < 0x80) return `\\x${hex(point, 2)}`;
  return point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`;
}

function hex(number: number, width: number): string {
  return number.toString(16).padStart(width, '0');
}
