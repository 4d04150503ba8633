/**
 * Finds the keys and values of an answer of `/v3/kv/range` in its bytes as they arrive, and hands them on at once. The answer may have
 * any size: a search reads gigabytes, and keeps only the value that is just coming.
 */
import { decodeInto, decodeKey, type Header, type Key } from './codec.js';
import { int64Of } from './decoders.js';
import { notEtcd } from './errors.js';
import { FIELD, MOST_KEPT, openFrame, type Scanner } from './scan.js';

/** A key and its value. The value is empty if only keys were asked for. */
export interface Entry {
  key: Key;
  value: Buffer;
  /** Absent if no lease is attached. */
  lease?: string;
}

/** Like Scanner. If it returns a promise, wait for that before you give it more. */
interface EntryScanner extends Omit<Scanner, 'push'> {
  push(chunk: Buffer): void | Promise<void>;
}

const END = '}';
const END_BYTE = 0x7d;
const NOTHING = Buffer.alloc(0);
/** As text: a search in bytes costs a call out of JavaScript each time. */
const NAME = FIELD.toString('latin1');
/** Bytes of one pair on the wire: as many as openGateway() takes for a whole answer. */
const MOST_OF_AN_ENTRY = 96 * 1024 * 1024;

/**
 * @param onEntries gets the pairs that a chunk has completed, in order
 * @param most, endpoint, onHeader as openScanner() takes them
 */
export function openEntryScanner(
  onEntries: (entries: Entry[]) => void | Promise<void>,
  most: number,
  endpoint: string,
  onHeader: (header: Header) => void,
): EntryScanner {
  const frame = openFrame(most, endpoint, onHeader);
  /** The parts of the pair that is not whole yet. A large value comes in many chunks, which are put together once. */
  let parts: Buffer[] = [];
  let size = 0;

  /** @returns where the bytes begin that the next chunk may continue */
  function scan(bytes: Buffer, entries: Entry[]): number {
    const text = bytes.toString('latin1');
    // Four characters are three bytes.
    const values = { block: Buffer.allocUnsafeSlow(Math.ceil((bytes.length * 3) / 4)), used: 0 };
    let done = 0;
    for (;;) {
      const field = text.indexOf(NAME, done);
      if (field < 0) return Math.max(done, bytes.length - MOST_KEPT);
      frame.begin(bytes, field);
      // Base64 has no brace, and no other field of a pair has one.
      const end = text.indexOf(END, field);
      if (end < 0) return field;
      frame.counted();
      entries.push(entryOf(text.slice(field + NAME.length, end), values, endpoint));
      done = end;
    }
  }

  return {
    push(chunk) {
      parts.push(chunk);
      size += chunk.length;
      if (size > MOST_OF_AN_ENTRY) throw notEtcd('a value in the answer is too long', endpoint);
      if (!chunk.includes(END_BYTE)) return;
      const bytes = parts.length === 1 ? chunk : Buffer.concat(parts);
      const entries: Entry[] = [];
      const rest = bytes.subarray(scan(bytes, entries));
      parts = [rest];
      size = rest.length;
      if (entries.length > 0) return onEntries(entries);
    },
    end: () => frame.end(Buffer.concat(parts).toString('latin1')),
  };
}

/** The values of one chunk. */
interface Values {
  block: Buffer;
  used: number;
}

/** @param text what follows the name of the pair's first field, which is the key. Fields that are empty or 0 are left out */
function entryOf(text: string, values: Values, endpoint: string): Entry {
  const key = quoted(text, 0, endpoint);
  const field = text.indexOf('"value"', key.end);
  if (field < 0) return { key: decodeKey(key.text), value: NOTHING, ...leaseOf(text, key.end, endpoint) };
  const base64 = quoted(text, field + 7, endpoint);
  const value = decodeInto(values.block, values.used, base64.text);
  values.used += value.length;
  return { key: decodeKey(key.text), value, ...leaseOf(text, base64.end, endpoint) };
}

function leaseOf(text: string, from: number, endpoint: string): { lease: string } | undefined {
  const field = text.indexOf('"lease"', from);
  return field < 0 ? undefined : { lease: int64Of(quoted(text, field + 7, endpoint).text, 'lease') };
}

function quoted(text: string, from: number, endpoint: string): { text: string; end: number } {
  const open = text.indexOf('"', from);
  const end = open < 0 ? -1 : text.indexOf('"', open + 1);
  if (end < 0) throw notEtcd('the answer has a key or value that is no text', endpoint);
  return { text: text.slice(open + 1, end), end };
}
