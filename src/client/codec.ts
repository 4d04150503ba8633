/**
 * Bytes and int64 of the JSON gateway. A key is held as a latin1 string, with one character for each byte. So string order is etcd's
 * byte order, and no byte is ever lost. Values are Buffers. Revisions, leases and versions are int64 and stay decimal strings.
 */
import { notEtcd } from './errors.js';

/** The bytes of a key, one latin1 character each. */
export type Key = string;
/** An int64 in decimal. */
export type Revision = string;

export interface Header {
  clusterId: string;
  revision: Revision;
  /** The raft term of the last entry that the member has applied; undefined if it has not said so. */
  raftTerm?: string;
  /** Which connection it came over, for lineage.ts; undefined for an answer that may be out of date. */
  via?: string;
}

export interface KeyValue {
  key: Key;
  value: Buffer;
  createRevision: Revision;
  modRevision: Revision;
  version: string;
  /** '0' if no lease is attached. */
  lease: string;
}

export interface RangeAnswer {
  header: Header;
  kvs: KeyValue[];
  /** Keys in the whole range, whatever the limit was. */
  count: number;
  more: boolean;
  /** True if one member answered without a quorum: others may know better. */
  stale: boolean;
}

/** The keys of a range, without their values. */
export interface RangeKeys {
  keys: Key[];
  /** Keys in the whole range, whatever the limit was. */
  count: number;
  more: boolean;
}

/** A header as the gateway sends it. An answer is remote data until decoders.ts has looked at it. */
export interface RawHeader {
  cluster_id?: string;
  revision?: string;
}

/** @returns standard base64: 3.4 takes nothing else */
export function encodeKey(key: Key): string {
  return Buffer.from(key, 'latin1').toString('base64');
}

/** @param base64 as the gateway sends it @throws EtcdError unsupported if it is anything but base64 */
export function decodeKey(base64: unknown): Key {
  return decodeBytes(base64).toString('latin1');
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Decodes standard, canonical base64. Node would skip other characters and take bytes from the rest.
 * @throws EtcdError unsupported
 */
export function decodeBytes(base64: unknown): Buffer {
  if (typeof base64 !== 'string') throw notEtcd('the answer has bytes that are no text', '');
  const bytes = Buffer.from(base64, 'base64');
  holdCanonical(base64, bytes.length);
  return bytes;
}

/**
 * The same for many values, which go into one block of memory: to make a Buffer costs as much as to fill it.
 * @param block has room for it @param at where to put it
 * @returns what was put there, a part of the block
 */
export function decodeInto(block: Buffer, at: number, base64: string): Buffer {
  const length = block.write(base64, at, 'base64');
  holdCanonical(base64, length);
  return block.subarray(at, at + length);
}

/** @param length how many bytes Node has made of it */
function holdCanonical(base64: string, length: number): void {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const isWhole = base64.length % 4 === 0 && length === (base64.length / 4) * 3 - padding;
  // The bits that belong to no byte.
  const rest = padding === 0 ? 0 : DIGITS.indexOf(base64[base64.length - 1 - padding] as string) % 4 ** padding;
  if (!isWhole || rest !== 0 || base64.includes('-') || base64.includes('_')) {
    throw notEtcd('the answer has bytes that are not base64', '');
  }
}

/** @returns SHA-256, hexadecimal */
export function digestOf(value: Buffer): string {
  return process.getBuiltinModule('node:crypto').hash('sha256', value, 'hex');
}

/** The UTF-8 bytes of `text` as a key. */
export function keyOf(text: string): Key {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** An id of a lease or a member in hexadecimal, as etcdctl shows and takes it. On the wire it is a decimal int64 or uint64. */
export function hexadecimal(id: string): string {
  return BigInt.asUintN(64, BigInt(id)).toString(16);
}
