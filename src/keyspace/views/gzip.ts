/** A value in gzip: shown decompressed, and compressed again as it was, as far as that can be found out. */
import { EtcdError } from '../../client/index.js';
import type { View } from './view.js';

/** The most bytes that a value may become: a few kilobytes can become gigabytes. */
const MOST = 64 * 1024 * 1024;
/** Each level is tried only up to so many bytes. */
const TRIED = 4 * 1024 * 1024;
/** zlib's Z_DEFAULT_COMPRESSION. */
const DEFAULT = -1;
/** Bytes of the header that gzipSync() writes. */
const OWN_HEADER = 10;
const [HEADER_CRC, EXTRA, NAME, COMMENT] = [2, 4, 8, 16];

/** Loaded when it is needed: most sessions never see such a value. */
const zlib = () => process.getBuiltinModule('node:zlib');

export const gzip: View = {
  show: (value) => decompress(value).plain,
  write(text, original) {
    const was = original && read(original);
    if (!original || !was) return zlib().gzipSync(text);
    if (was.plain.equals(text)) return original;
    const [packed, behind] = [original.subarray(0, was.length), original.subarray(was.length)];
    const header = packed.subarray(0, headerLength(packed));
    const body = zlib().gzipSync(text, { level: levelOf(packed, header.length, was.plain) });
    return Buffer.concat([header, body.subarray(OWN_HEADER), behind]);
  },
};

interface Unpacked {
  plain: Buffer;
  /** How many bytes of the value gzip has made. After a NUL there may be anything, such as what fills a block. It stays. */
  length: number;
}

/** What Node returns with `info`. Its types do not have it. */
interface Informed {
  buffer: Buffer;
  engine: { bytesWritten: number };
}

function decompress(value: Buffer): Unpacked {
  try {
    const done = zlib().gunzipSync(value, { maxOutputLength: MOST, info: true }) as unknown as Informed;
    return { plain: done.buffer, length: done.engine.bytesWritten };
  } catch (cause) {
    const isLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const why = isLarge ? 'it is more than 64 MiB when it is decompressed' : 'gzip has not made it, or not all of it is there';
    throw new EtcdError('invalid_value', why, { cause });
  }
}

function read(value: Buffer): Unpacked | undefined {
  try {
    return decompress(value);
  } catch {
    return undefined;
  }
}

/** The level that makes exactly these bytes. If none does, the one that the header names. */
function levelOf(original: Buffer, start: number, plain: Buffer): number {
  const speaks = { 2: 9, 4: 1 }[original[8] ?? 0] ?? DEFAULT;
  if (plain.length > TRIED) return speaks;
  const made = original.subarray(start);
  const levels = [speaks, ...Array.from({ length: 9 }, (_, i) => i + 1)];
  return levels.find((level) => zlib().gzipSync(plain, { level }).subarray(OWN_HEADER).equals(made)) ?? speaks;
}

/** Bytes before the compressed data (RFC 1952, 2.3). Time, name and comment stay as they are. */
function headerLength(value: Buffer): number {
  const flags = value[3] ?? 0;
  let at = OWN_HEADER;
  if (flags & EXTRA) at += 2 + value.readUInt16LE(at);
  if (flags & NAME) at = value.indexOf(0, at) + 1;
  if (flags & COMMENT) at = value.indexOf(0, at) + 1;
  return flags & HEADER_CRC ? at + 2 : at;
}
