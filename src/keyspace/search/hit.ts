/** A line of a value in which something was found, with its place and its text. */
import { isUtf8 } from 'node:buffer';
import type { Entry, Key } from '../../client/index.js';
import type { Match } from './matcher.js';

export interface Hit {
  key: Key;
  /** The whole value. */
  value: Buffer;
  /** From 1 on. */
  line: number;
  /** In bytes, from 1 on: the first byte that matches, and the one after the last. */
  column: number;
  endColumn: number;
  /** The line. If it is long, only the part around the match. */
  text: string;
  /** The value is text. If not, it was matched byte by byte. */
  isText: boolean;
}

/** How many characters of a line are shown; and, of a longer one, how many of these come before the match. */
const LONGEST = 200;
const BEFORE = 40;
/** How many bytes of a line are looked at for that, because a value may be one line of a megabyte. */
const LOOKED_AT = 4 * LONGEST;
const BOM = Buffer.from('\ufeff');
const NEWLINE = 10;
const RETURN = 13;

/** @param match as matcher.ts gives it for the value of the entry */
export function hitOf({ key, value }: Entry, { line, lineStart, start, end }: Match): Hit {
  const isUnicode = isUtf8(value);
  // A byte order mark is not shown as text.
  const first = lineStart === 0 && value.subarray(0, BOM.length).equals(BOM) ? BOM.length : lineStart;
  const widthTo = (at: number): number => (isUnicode ? at - first : Buffer.byteLength(value.toString('latin1', first, at)));
  return {
    key,
    value,
    line,
    column: Math.max(0, widthTo(start)) + 1,
    endColumn: Math.max(0, widthTo(end)) + 1,
    text: shown(value, first, start, isUnicode ? 'utf8' : 'latin1'),
    isText: isUnicode && !value.includes(0),
  };
}

function shown(value: Buffer, lineStart: number, start: number, encoding: 'utf8' | 'latin1'): string {
  const newline = value.indexOf(NEWLINE, start);
  const wholeEnd = newline < 0 ? value.length : newline;
  const lineEnd = wholeEnd > start && value[wholeEnd - 1] === RETURN ? wholeEnd - 1 : wholeEnd;
  const from = Math.max(lineStart, boundary(value, start - LOOKED_AT, 1));
  const to = Math.min(lineEnd, boundary(value, start + LOOKED_AT, -1));
  const before = Array.from(printable(value.toString(encoding, from, Math.max(from, start))));
  const behind = Array.from(printable(value.toString(encoding, Math.max(from, start), to)));
  const isLong = from > lineStart || to < lineEnd || before.length + behind.length > LONGEST;
  if (!isLong) return [...before, ...behind].join('').trimEnd();
  const head = before.slice(-BEFORE);
  const tail = behind.slice(0, LONGEST - head.length);
  const isCut = { head: from > lineStart || head.length < before.length, tail: to < lineEnd || tail.length < behind.length };
  return `${isCut.head ? '…' : ''}${[...head, ...tail].join('')}${isCut.tail ? '…' : ''}`;
}

/** The nearest place at which a character of UTF-8 begins. */
function boundary(value: Buffer, at: number, step: 1 | -1): number {
  let place = Math.min(Math.max(0, at), value.length);
  while (place > 0 && place < value.length && ((value[place] as number) & 0xc0) === 0x80) place += step;
  return place;
}

/** As one line, without anything that moves the cursor. */
function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '·');
}
