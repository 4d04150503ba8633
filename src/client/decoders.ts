/**
 * Holds what etcd answers against what it was asked. Something else may answer there: a cache, a proxy, another program. It is found
 * out before anything is believed. The gateway leaves out fields that are zero or empty (proto3); they come back here.
 */
import { decodeBytes, decodeKey, type Header, type Key, type KeyValue, type RangeAnswer, type RangeKeys } from './codec.js';
import { EtcdError, notEtcd } from './errors.js';
import { isBefore } from './range.js';
import type { Range, RangeRequest } from './txn.js';

export type Fields = Readonly<Record<string, unknown>>;

/** @returns EtcdError unsupported: this is no etcd, or it was asked something else */
export const wrong = (what: string): EtcdError => notEtcd(`the answer ${what}`, '');
const NOTHING = Buffer.alloc(0);

/** @throws EtcdError unsupported, as all functions here */
export function fieldsOf(raw: unknown, what: string): Fields {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) throw wrong(`has a ${what} that is no object`);
  return raw as Fields;
}

/** A list, empty if the gateway has left it out. */
export function listOf(raw: unknown, what: string): readonly unknown[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) throw wrong(`has ${what} that are no list`);
  return raw;
}

/** Text, '' if the gateway has left it out. */
export function textOf(raw: unknown, what: string): string {
  if (raw === undefined) return '';
  if (typeof raw !== 'string') throw wrong(`has a ${what} that is no text`);
  return raw;
}

/** Both 64-bit kinds, in decimal, as the gateway writes them. A Number would lose digits. */
export function int64Of(raw: unknown, what: string): string {
  if (raw === undefined) return '0';
  if (typeof raw === 'string' && /^-?\d{1,20}$/.test(raw)) return raw;
  throw wrong(`has a ${what} that is no int64`);
}

/** An int64 that is never 0. */
function positiveOf(raw: unknown, what: string): string {
  const number = int64Of(raw, what);
  if (!/^\d*[1-9]\d*$/.test(number)) throw wrong(`has no ${what}`);
  return number;
}

/** True or false. The gateway leaves false out. */
export function flagOf(raw: unknown, what: string): boolean {
  if (raw === undefined) return false;
  if (typeof raw !== 'boolean') throw wrong(`has a ${what} that is neither true nor false`);
  return raw;
}

/** The header of an answer of any kind. Without a revision nobody knows what an answer is about. */
export function decodeHeader(raw: unknown): Header {
  const { cluster_id, revision, raft_term } = fieldsOf(raw, 'header');
  return {
    clusterId: positiveOf(cluster_id, 'cluster_id'),
    revision: positiveOf(revision, 'revision'),
    ...(raft_term !== undefined && { raftTerm: positiveOf(raft_term, 'raft_term') }),
  };
}

/**
 * Takes the keys of one answer, one by one and in order.
 * @returns a function that throws at the first key that was not asked for, or that is not in etcd's order
 */
export function keyHolder({ key, rangeEnd, limit = Infinity }: Range): (got: Key) => Key {
  let last: Key | undefined;
  let found = 0;
  return (got) => {
    const isAsked = rangeEnd === undefined ? got === key : got >= key && isBefore(got, rangeEnd);
    if (!isAsked) throw wrong('has a key that was not asked for');
    if (last !== undefined && got <= last) throw wrong('has keys that are not in order');
    if (++found > limit) throw wrong('has more keys than were asked for');
    return (last = got);
  };
}

/** @throws EtcdError also cluster_changed if another cluster has answered than the one that was asked */
export function holdHeader(header: Header, { clusterId, revision }: RangeRequest): Header {
  if (clusterId !== undefined && header.clusterId !== clusterId) {
    const why = `cluster ${header.clusterId} answers there now, not ${clusterId}`;
    throw new EtcdError('cluster_changed', why, { subject: { reason: 'read_elsewhere' } });
  }
  if (revision !== undefined && BigInt(header.revision) < BigInt(revision)) throw wrong('is of a revision that it does not have');
  return header;
}

/** A whole answer of `/v3/kv/range`. */
export function decodeRange(raw: unknown, request: RangeRequest): RangeAnswer {
  const { header, ...range } = fieldsOf(raw, 'range');
  const known = holdHeader(decodeHeader(header), request);
  return { header: known, ...decodeKvs(range, request), stale: false };
}

/** A range that is the whole answer, or a part of one. */
export function decodeKvs(raw: unknown, request: Range): Omit<RangeAnswer, 'header' | 'stale'> {
  const hold = keyHolder(request);
  return decodeEach(raw, (fields) => {
    const kv: KeyValue = {
      key: hold(decodeKey(fields['key'])),
      value: fields['value'] === undefined ? NOTHING : decodeBytes(fields['value']),
      createRevision: positiveOf(fields['create_revision'], 'create_revision'),
      modRevision: positiveOf(fields['mod_revision'], 'mod_revision'),
      version: positiveOf(fields['version'], 'version'),
      lease: int64Of(fields['lease'], 'lease'),
    };
    const { revision } = request;
    if (revision !== undefined && BigInt(kv.modRevision) > BigInt(revision)) throw wrong('has a key of a later revision');
    return kv;
  });
}

/** The same without values. */
export function decodeKeys(raw: unknown, request: Range): RangeKeys {
  const hold = keyHolder(request);
  const { kvs, ...rest } = decodeEach(raw, ({ key }) => hold(decodeKey(key)));
  return { keys: kvs, ...rest };
}

function decodeEach<Kv>(raw: unknown, decode: (kv: Fields) => Kv): { kvs: Kv[]; count: number; more: boolean } {
  const range = fieldsOf(raw, 'range');
  const kvs = listOf(range['kvs'], 'kvs').map((kv) => decode(fieldsOf(kv, 'key')));
  const count = Number(int64Of(range['count'], 'count'));
  if (count < kvs.length) throw wrong('counts fewer keys than it has');
  return { kvs, count, more: flagOf(range['more'], 'more') };
}
