/** The text of an edited listing, line by line: `NUMBER<Tab>name`. The number says what a line is, even after its name has changed. */
import type { Key } from '../../client/index.js';
import { placeOf, refused, type Place } from './names.js';

export interface Line {
  /** The number as it is written; undefined for a new key. */
  number?: string;
  place: Place;
  /** `line 3`, or `line 3 of etcd:///app/?edit` if it is in another text than the one that is written. */
  where: string;
}

/** A line with a number, without the white space at its end. */
export const NUMBERED = /^(\d+)[ \t]+(.*)$/;

/**
 * @param prefix that the names begin at
 * @param suffix what the message says after the number of a line
 * @param known lines that were parsed before, by their text: most lines of an edited text do not change
 * @throws EtcdError invalid_address
 */
export function parseLines(prefix: Key, text: string, suffix = '', known?: ReadonlyMap<string, Line>): Line[] {
  const lines: Line[] = [];
  for (const [i, raw] of text.split('\n').entries()) {
    const same = known?.get(raw);
    if (same) {
      lines.push({ ...same, where: `line ${i + 1}${suffix}` });
      continue;
    }
    const line = raw.replace(/(?<![ \t\r])[ \t\r]+$/, '');
    if (line === '') continue;
    const where = `line ${i + 1}${suffix}`;
    if (/^\d+$/.test(line)) throw refused(where, `the number ${line} has no name`, 'a new key of that name is written after a Tab');
    const [, number, name = line.replace(/^[ \t]+/, '')] = NUMBERED.exec(line) ?? [];
    lines.push({ ...(number !== undefined && { number }), place: placeOf(prefix, name, where), where });
  }
  return lines;
}
