/**
 * Bytes and int64 of the JSON gateway. A key is held as a latin1 string, one character a byte: string order is then etcd's
 * byte order and no byte is ever lost. Values are Buffers. Revisions, leases and versions are int64 and stay decimal strings.
 */
import { EtcdError } from './errors.js';

/** The bytes of a key, one latin1 character each. */
export type Key = string;
/** An int64 in decimal. */
export type Revision = string;

export interface Header {
  clusterId: string;
  revision: Revision;
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

export interface RawKeyValue {
  key?: string;
  value?: string;
  create_revision?: string;
  mod_revision?: string;
  version?: string;
  lease?: string;
}

export interface RawHeader {
  cluster_id?: string;
  revision?: string;
}

export interface RawRange {
  header?: RawHeader;
  kvs?: RawKeyValue[];
  count?: string;
  more?: boolean;
}

/** @returns standard base64: 3.4 takes nothing else */
export function encodeKey(key: Key): string {
  return Buffer.from(key, 'latin1').toString('base64');
}

/** @param base64 as the gateway sends it */
export function decodeKey(base64: string): Key {
  return Buffer.from(base64, 'base64').toString('latin1');
}

/** The UTF-8 bytes of `text` as a key. */
export function keyOf(text: string): Key {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Fields that are zero or empty are left out by the gateway (proto3): they come back here. */
export function decodeHeader(raw: RawHeader | undefined): Header {
  return { clusterId: int64(raw?.cluster_id), revision: int64(raw?.revision) };
}

/**
 * An int64 as the gateway writes it: a Number would have lost digits.
 * @throws EtcdError unsupported where it is anything else: whoever answers there is not etcd
 */
function int64(raw: unknown): string {
  if (raw === undefined) return '0';
  if (typeof raw === 'string' && /^-?\d{1,20}$/.test(raw)) return raw;
  throw new EtcdError('unsupported', 'the answer is not one of etcd: a number in it is no int64', { indefinite: true });
}

const NOTHING = Buffer.alloc(0);

/** Bytes, and int64 as strings; what the gateway left out is zero or empty. */
export function decodeKeyValue(raw: RawKeyValue): KeyValue {
  return {
    key: decodeKey(raw.key ?? ''),
    value: raw.value === undefined ? NOTHING : Buffer.from(raw.value, 'base64'),
    createRevision: int64(raw.create_revision),
    modRevision: int64(raw.mod_revision),
    version: int64(raw.version),
    lease: int64(raw.lease),
  };
}

/** A whole answer of `/v3/kv/range`, or of a range within a txn. */
export function decodeRange(raw: RawRange): RangeAnswer {
  return {
    header: decodeHeader(raw.header),
    kvs: (raw.kvs ?? []).map(decodeKeyValue),
    count: Number(raw.count ?? 0),
    more: raw.more ?? false,
    stale: false,
  };
}

/** The same without values. */
export function decodeKeys(raw: RawRange): RangeKeys {
  return {
    keys: (raw.kvs ?? []).map(({ key }) => decodeKey(key ?? '')),
    count: Number(raw.count ?? 0),
    more: raw.more ?? false,
  };
}

/** An id as etcdctl shows and takes it: in hexadecimal, of leases and members. On the wire it is a decimal int64 or uint64. */
export function hexadecimal(id: string): string {
  return BigInt.asUintN(64, BigInt(id)).toString(16);
}
