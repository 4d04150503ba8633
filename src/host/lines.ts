/** Names as the lines of a listing: one name on each line, as an address has it. */
import type { Key } from '../client/index.js';
import { encodeSegments } from '../keyspace/address.js';

/** Bytes of names that are made into lines at once. It is 1 ms of work, or some 20 if every byte must be escaped. */
const AT_ONCE = 1 << 16;

/** The line of a name. The key that equals the prefix has no name of its own. */
export const lineOf = (name: Key): string => (name === '' ? '%2F' : encodeSegments(name));

/** @returns the lines in parts. Each part takes a moment to make */
export function* linesOf(names: readonly Key[]): Generator<string> {
  let lines: string[] = [];
  let bytes = 0;
  for (const name of names) {
    lines.push(`${lineOf(name)}\n`);
    bytes += name.length + 1;
    if (bytes < AT_ONCE) continue;
    yield lines.join('');
    lines = [];
    bytes = 0;
  }
  if (lines.length > 0) yield lines.join('');
}
