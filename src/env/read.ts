/** What is asked of etcd: every prefix at one revision, in one txn of ranges. */
import {
  asEtcdError,
  EtcdError,
  OLD_DATA,
  prefixEnd,
  type CallOptions,
  type Header,
  type Key,
  type KeyValue,
  type Reader,
  type Revision,
} from '../client/index.js';

/** The keys that one `-key` has found. */
export interface Source {
  /** The key or prefix as it was asked for. */
  key: Key;
  /** The beginning of the keys that is not part of a variable's name. */
  prefix: Key;
  /** In etcd's byte order. */
  kvs: KeyValue[];
}

export interface Reading {
  header: Header;
  sources: Source[];
}

export interface Wanted {
  /** Prefixes, with or without a slash at the end. Without one it may also be a key, which is used if nothing is below it. */
  keys: readonly Key[];
  mayBeEmpty: boolean;
  /** The revision to read at; the newest by default. */
  revision?: Revision;
}

/** @throws EtcdError as Client.txn(); not_found if there is nothing at all below one of them and `mayBeEmpty` is not set */
export async function readSources(client: Reader, { keys, mayBeEmpty, revision }: Wanted, options: CallOptions): Promise<Reading> {
  const at = revision === undefined ? {} : { revision };
  const prefixes = keys.map((key) => (key.endsWith('/') ? key : `${key}/`));
  const below = prefixes.map((prefix) => ({ op: 'range' as const, key: prefix, rangeEnd: prefixEnd(prefix), ...at }));
  const own = keys.map((key) => ({ op: 'range' as const, key, ...at }));
  const { header, answers } = await client.txn({ then: [...below, ...own] }, options);
  const kvsOf = (at: number): KeyValue[] => {
    const answer = answers[at];
    return answer?.op === 'range' ? answer.kvs : [];
  };
  const sources = keys.map((key, at) => {
    const children = kvsOf(at);
    const own = children.length > 0 || key.endsWith('/') ? [] : kvsOf(keys.length + at);
    const prefix = own.length > 0 ? key.slice(0, key.lastIndexOf('/') + 1) : (prefixes[at] as Key);
    return { key, prefix, kvs: own.length > 0 ? own : children };
  });
  const empty = sources.find(({ kvs }) => kvs.length === 0);
  if (empty && !mayBeEmpty) {
    const hint = (await client.hasOldData(header, options)) ? { hint: OLD_DATA } : {};
    throw new EtcdError('not_found', `nothing under ${shown(empty.key)}`, { endpoint: client.endpoint(), ...hint });
  }
  return { header, sources };
}

/** A key, made printable. */
export function shown(key: Key): string {
  return Buffer.from(key, 'latin1')
    .toString('utf8')
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Whether the error means that etcd cannot be reached at the moment, and says nothing of what it would answer. */
export function isAway(thrown: unknown): boolean {
  return ['unreachable', 'timeout', 'unavailable'].includes(asEtcdError(thrown).code);
}
