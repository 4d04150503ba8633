/**
 * A line of JSON for each key: `{"key": …, "value": …}`, with `lease` (hexadecimal, as in etcdctl) and `ttl` (seconds left) if it has
 * one. Bytes that are no text are in base64, as `key_base64` or `value_base64`. No line depends on another, so a document of any size
 * can be written as it comes.
 */
import { hexadecimal } from '../../client/index.js';
import { quoted, textOf, type Codec, type Entry, type OnKey } from './entry.js';
import { beginReading, type Reading } from './reading.js';

export const jsonl: Codec = {
  encode: (entries) => [...entries].map(encodeLine).join(''),
  decode,
};

/** The characters that JSON shows as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** One key, with the end of its line. */
export function encodeLine({ key, value, lease, ttl }: Entry): string {
  const text = value.toString('latin1');
  // Most keys and values are plain, and there may be a million of them.
  if ((lease === undefined || lease === '0') && ttl === undefined && PLAIN.test(key) && PLAIN.test(text)) {
    return `{"key":"${key}","value":"${text}"}\n`;
  }
  const line = {
    ...named('key', Buffer.from(key, 'latin1')),
    ...named('value', value),
    ...(lease !== undefined && lease !== '0' && { lease: hexadecimal(lease) }),
    ...(ttl !== undefined && { ttl }),
  };
  return `${quoted(line)}\n`;
}

function named(name: 'key' | 'value', bytes: Buffer): Record<string, string> {
  const text = textOf(bytes);
  return text === undefined ? { [`${name}_base64`]: bytes.toString('base64') } : { [name]: text };
}

function decode(text: string, onKey?: OnKey): Entry[] {
  const reading = beginReading(text, onKey);
  let offset = 0;
  for (const line of text.split('\n')) {
    if (line.trim() !== '') reading.add(decodeLine(reading, line, offset), offset);
    offset += line.length + 1;
  }
  return reading.entries();
}

function decodeLine(reading: Reading, line: string, offset: number): Entry {
  const fields = parse(reading, line, offset);
  for (const [name, value] of Object.entries(fields)) {
    if (!/^(?:(?:key|value)(?:_base64)?|lease|ttl)$/.test(name))
      reading.refuse(offset, `the field ${JSON.stringify(name)} is not understood`);
    if (name !== 'ttl' && typeof value !== 'string') reading.refuse(offset, `${name} is no text`);
  }
  const { lease } = fields as { lease?: string };
  if (lease !== undefined && !/^[0-9a-f]{1,16}$/i.test(lease)) reading.refuse(offset, 'lease is no hexadecimal number');
  return {
    key: bytesOf(reading, fields, 'key', offset).toString('latin1'),
    value: bytesOf(reading, fields, 'value', offset),
    lease: lease === undefined ? '0' : String(BigInt.asIntN(64, BigInt(`0x${lease}`))),
  };
}

function parse(reading: Reading, line: string, offset: number): object {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch (thrown) {
    const [, at = '0'] = /at position (\d+)/.exec(String(thrown)) ?? [];
    return reading.refuse(offset + Number(at), 'that is no JSON');
  }
  return reading.refuse(offset, 'a line is an object: {"key": …, "value": …}');
}

function bytesOf(reading: Reading, fields: object, name: 'key' | 'value', offset: number): Buffer {
  const { [name]: text, [`${name}_base64`]: base64 } = fields as Record<string, string | undefined>;
  if ((text === undefined) === (base64 === undefined)) {
    return reading.refuse(offset, `${text === undefined ? 'no' : 'both'} ${name} ${text === undefined ? 'nor' : 'and'} ${name}_base64`);
  }
  return text === undefined ? reading.base64(base64 as string, offset) : reading.bytes(text, offset);
}
