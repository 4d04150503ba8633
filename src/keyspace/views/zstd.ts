/**
 * A value in zstd (RFC 8878): shown decompressed, and compressed again as it was, as far as that can be found out. Node has zstd from
 * 22.15 and 23.8 on.
 */
import { EtcdError } from '../../client/index.js';
import type { View } from './view.js';

interface Options {
  maxOutputLength?: number;
  params?: Record<number, number>;
}

/** What Node's zlib offers for it, if anything. */
export interface Zstd {
  zstdCompressSync(value: Buffer, options?: Options): Buffer;
  zstdDecompressSync(value: Buffer, options?: Options): Buffer;
}

/** The most bytes that a value may become: a few kilobytes can become gigabytes. */
const MOST = 64 * 1024 * 1024;
/** Each level is tried only up to so many bytes. */
const TRIED = 1024 * 1024;
const MAGIC = 0xfd2fb528;
/** The magic number of frames that hold nothing of the value. Its last four bits can be anything. */
const SKIPPED = 0x184d2a50;
const BLOCK_HEADER = 3;
const RLE = 1;
/** From zstd.h: ZSTD_c_compressionLevel, ZSTD_c_contentSizeFlag, ZSTD_c_checksumFlag. */
const [LEVEL, SIZE_FLAG, CHECKSUM_FLAG] = [100, 200, 201];
/** The default level of zstd comes first. */
const LEVELS = [3, 1, 2, ...Array.from({ length: 16 }, (_, i) => i + 4)];

/** Loaded when it is needed: most sessions never see such a value. */
const zlib = (): Partial<Zstd> => process.getBuiltinModule('node:zlib') as Partial<Zstd>;

export const zstd: View = zstdBy(zlib);

/** @param load Node's zlib */
export function zstdBy(load: () => Partial<Zstd>): View {
  return {
    show: (value) => decompress(known(load()), value),
    write(text, original) {
      const lib = known(load());
      const was = original && plainOf(lib, original);
      if (!original || !was) return lib.zstdCompressSync(text);
      if (was.equals(text)) return original;
      // If there are several frames, nobody here knows why, or what is between them.
      if (framesOf(original)?.[0]?.length !== original.length)
        throw new EtcdError('unsupported', 'it is made of several frames, and can only be read');
      return lib.zstdCompressSync(text, { params: paramsOf(lib, original, was) });
    },
  };
}

function known({ zstdCompressSync, zstdDecompressSync }: Partial<Zstd>): Zstd {
  if (zstdCompressSync && zstdDecompressSync) return { zstdCompressSync, zstdDecompressSync };
  const hint = 'Node 22.15 or later can';
  throw new EtcdError('unsupported', `Node ${process.versions.node} cannot read or write zstd`, { hint });
}

/** Node accepts a part of a frame without an error, and reads only the first of several. */
function decompress({ zstdDecompressSync }: Zstd, value: Buffer): Buffer {
  const frames = framesOf(value);
  if (!frames) throw new EtcdError('invalid_value', 'zstd has not made it, or not all of it is there');
  const parts: Buffer[] = [];
  let left = MOST;
  for (const frame of frames) {
    try {
      // A limit of 0 would mean no limit.
      const part = zstdDecompressSync(frame, { maxOutputLength: left + 1 });
      parts.push(part);
      left -= part.length;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') left = -1;
      else throw new EtcdError('invalid_value', 'it is damaged, or zstd needs a dictionary for it', { cause });
    }
    if (left < 0) throw new EtcdError('invalid_value', 'it is more than 64 MiB when it is decompressed');
  }
  return Buffer.concat(parts);
}

/** @returns the frames that hold data; undefined if the value is not a row of whole frames */
function framesOf(value: Buffer): Buffer[] | undefined {
  const frames: Buffer[] = [];
  let start = 0;
  while (start < value.length) {
    const magic = start + 8 > value.length ? 0 : value.readUInt32LE(start);
    const isSkipped = (magic & 0xfffffff0) >>> 0 === SKIPPED;
    const end = isSkipped ? start + 8 + value.readUInt32LE(start + 4) : magic === MAGIC ? endOfFrame(value, start) : undefined;
    if (end === undefined || end > value.length) return undefined;
    if (!isSkipped) frames.push(value.subarray(start, end));
    start = end;
  }
  return frames.length > 0 ? frames : undefined;
}

/** RFC 8878, 3.1.1. @returns undefined, or a place after the end of the value, if the frame is cut off */
function endOfFrame(value: Buffer, start: number): number | undefined {
  const descriptor = value[start + 4] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  let at = start + 5 + (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes;
  for (let isLast = false; !isLast;) {
    if (at + BLOCK_HEADER > value.length) return undefined;
    const block = value.readUIntLE(at, BLOCK_HEADER);
    isLast = (block & 1) === 1;
    at += BLOCK_HEADER + (((block >> 1) & 3) === RLE ? 1 : block >> 3);
  }
  return at + (descriptor & 0x04 ? 4 : 0);
}

function plainOf(lib: Zstd, value: Buffer): Buffer | undefined {
  try {
    return decompress(lib, value);
  } catch {
    return undefined;
  }
}

/** The parameters that make exactly these bytes. If none do, what the header says, and the default level of zstd. */
function paramsOf({ zstdCompressSync }: Zstd, original: Buffer, plain: Buffer): Record<number, number> {
  const descriptor = original[4] ?? 0;
  // RFC 8878, 3.1.1.1.1: the size has a field, or the frame is a single segment; and there is a checksum.
  const flags = { [SIZE_FLAG]: descriptor & 0xe0 ? 1 : 0, [CHECKSUM_FLAG]: descriptor & 0x04 ? 1 : 0 };
  const levels = plain.length > TRIED ? [] : LEVELS;
  const level = levels.find((each) => zstdCompressSync(plain, { params: { ...flags, [LEVEL]: each } }).equals(original));
  return { ...flags, [LEVEL]: level ?? (LEVELS[0] as number) };
}
