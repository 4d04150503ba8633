/**
 * Bytes and int64 of the JSON gateway. A key is held as a latin1 string, one character a byte: string order is then etcd's
 * byte order and no byte is ever lost. Values are Buffers. Revisions, leases and versions are int64 and stay decimal strings.
 */
import { createHash } from 'node:crypto';
import { notEtcd } from './errors.js';

/** The bytes of a key, one latin1 character each. */
export type Key = string;
/** An int64 in decimal. */
export type Revision = string;

export interface Header {
  clusterId: string;
  revision: Revision;
  /** Of the last entry that the member has applied; undefined where it has not said so. */
  raftTerm?: string;
  /** Which connection it came over, for lineage.ts; undefined for what may be out of date. */
  via?: string;
}

export interface KeyValue {
  key: Key;
  value: Buffer;
  createRevision: Revision;
  modRevision: Revision;
  version: string;
  /** '0' where no lease is attached. */
  lease: string;
}

export interface RangeAnswer {
  header: Header;
  kvs: KeyValue[];
  /** Keys in the whole range, whatever the limit was. */
  count: number;
  more: boolean;
  /** What one member has, without a quorum: others may know better. */
  stale: boolean;
}

/** The keys of a range, without their values. */
export interface RangeKeys {
  keys: Key[];
  /** Keys in the whole range, whatever the limit was. */
  count: number;
  more: boolean;
}

/** As the gateway sends it: an answer is remote data until decoders.ts has looked at it. */
export interface RawHeader {
  cluster_id?: string;
  revision?: string;
}

/** @returns standard base64: 3.4 takes nothing else */
export function encodeKey(key: Key): string {
  return Buffer.from(key, 'latin1').toString('base64');
}

/** @param base64 as the gateway sends it @throws EtcdError unsupported where it is anything else than base64 */
export function decodeKey(base64: unknown): Key {
  return decodeBytes(base64).toString('latin1');
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Standard base64, canonical: Node would leave out what is none, and take bytes from what is left.
 * @throws EtcdError unsupported
 */
export function decodeBytes(base64: unknown): Buffer {
  if (typeof base64 !== 'string') throw notEtcd('the answer has bytes that are no text', '');
  const bytes = Buffer.from(base64, 'base64');
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const isWhole = base64.length % 4 === 0 && bytes.length === (base64.length / 4) * 3 - padding;
  // Bits that no byte is made of.
  const rest = padding === 0 ? 0 : DIGITS.indexOf(base64[base64.length - 1 - padding] as string) % 4 ** padding;
  if (!isWhole || rest !== 0 || /[-_]/.test(base64)) throw notEtcd('the answer has bytes that are not base64', '');
  return bytes;
}

/** @returns SHA-256, hexadecimal */
export function digestOf(value: Buffer): string {
  return createHash('sha256').update(value).digest('hex');
}

/** The UTF-8 bytes of `text` as a key. */
export function keyOf(text: string): Key {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** An id as etcdctl shows and takes it: in hexadecimal, of leases and members. On the wire it is a decimal int64 or uint64. */
export function hexadecimal(id: string): string {
  return BigInt.asUintN(64, BigInt(id)).toString(16);
}
