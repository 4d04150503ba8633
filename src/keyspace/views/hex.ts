/**
 * Any bytes, sixteen on each line: their place, their values, and how they read as text.
 *
 *     00000010: 7b 22 61 22 3a 31 7d 0a                          |{"a":1}.|
 *
 * Only the bytes in the middle are written. Everything before a colon or after a bar is just for the reader.
 */
import { EtcdError } from '../../client/index.js';
import type { View } from './view.js';

const WIDTH = 16;

export const hex: View = {
  show(value) {
    const lines: string[] = [];
    for (let at = 0; at < value.length; at += WIDTH) {
      const row = value.subarray(at, at + WIDTH);
      const bytes = row.toString('hex').replace(/..(?=.)/g, '$& ');
      const read = row.toString('latin1').replace(/[^ -~]/g, '.');
      lines.push(`${at.toString(16).padStart(8, '0')}: ${bytes.padEnd(3 * WIDTH - 1)} |${read}|\n`);
    }
    return Buffer.from(lines.join(''), 'latin1');
  },
  write(text) {
    const lines = text.toString('latin1').split('\n');
    return Buffer.concat(lines.map((line, i) => bytesIn(line, i + 1)));
  },
};

function bytesIn(line: string, number: number): Buffer {
  const middle = line.replace(/\|.*$/s, '').replace(/^\s*[0-9a-f]+:/i, (offset) => ' '.repeat(offset.length));
  const odd = middle.search(/[^0-9a-f\s]/i);
  if (odd >= 0) throw wrong('that is no hexadecimal digit', number, odd + 1);
  for (const { 0: run, index } of middle.matchAll(/\S+/g)) {
    if (run.length % 2 === 1) throw wrong('a byte has two digits', number, index + run.length);
  }
  return Buffer.from(middle.replace(/\s+/g, ''), 'hex');
}

function wrong(why: string, line: number, column: number): EtcdError {
  return new EtcdError('invalid_value', `line ${line}, column ${column}: ${why}`, { place: { line, column } });
}
