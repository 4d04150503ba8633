/** What is known of a key or a prefix, in words. */
import { hexadecimal, type Key, type LeaseState } from '../client/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { isText, printableOf } from '../keyspace/look/excerpt.js';
import type { KeyInfo, PrefixInfo } from '../keyspace/look/info.js';
import type { Standing } from './rules.js';
import { keySpan, prefixSpan, rightsOf } from './rights.js';

/** A label and a text. With `counts` the editor replaces TTL in the text by the seconds that are left at that moment. */
export type InfoRow = [label: string, text: string, counts?: { left: number }];

/** Stands in a text for the time that a lease has left. */
const TTL = '{ttl}';

/** The most characters of a key. */
const WIDTH = 300;

/**
 * @param user '' if requests are made without a login
 * @param kept whether somebody is known to keep its lease alive
 */
export function describeKey(
  { key, revision }: Address,
  { hidden, header, kv, lease, access, stale }: KeyInfo,
  user: string,
  kept = false,
): InfoRow[] {
  const rights = rightsOf(access, keySpan(key), user);
  if (hidden || !header) return [nameRow('key', key), ['value', 'not yours to read, so nobody tells you whether it is there'], ...rights];
  const now = revision ?? header.revision;
  const doubt: InfoRow[] = stale ? [['stale', 'no quorum, so etcd may hold something newer']] : [];
  if (!kv) return [nameRow('key', key), ['there', `no such key at revision ${now}`], ...rights, ...doubt];
  const ago = BigInt(now) - BigInt(kv.modRevision);
  return [
    nameRow('key', key),
    ['value', `${bytes(kv.value.length)}${kv.value.length === 0 ? '' : `, ${linesOf(kv.value)}`}`],
    ['changed', `at revision ${kv.modRevision}, ${ago === 0n ? 'the newest' : `${plural(ago, 'revision')} ago`}`],
    ['created', `at revision ${kv.createRevision}`],
    ['version', `${kv.version}${kv.version === '1' ? ', not changed since it was created' : ''}`],
    leaseRow(kv.lease, lease, kept),
    ...rights,
    ...doubt,
  ];
}

/** @param user '' if requests are made without a login */
export function describePrefix(address: Address, { keys, read, whole, scoped, access, revision }: PrefixInfo, user: string): InfoRow[] {
  const ofThose = whole ? '' : ` of the first ${plural(read.keys, 'key')}`;
  const newest = read.newest && `revision ${read.newest.modRevision}${ofThose}, ${addressOf(address, read.newest.key)}`;
  return [
    nameRow('prefix', address.key),
    ['keys', `${scoped && !whole ? 'at least ' : ''}${group(keys)}${scoped ? ' that you may read' : ''}, at revision ${revision}`],
    ...(read.keys === 0
      ? []
      : ([
          ['bytes', `${bytes(read.bytes)}, keys and values${ofThose}`],
          ['changed', `last at ${newest ?? ''}`],
          ['leases', `${read.leased === 0 ? 'no key has' : `${plural(read.leased, 'key')} with`} a lease${ofThose}`],
        ] satisfies InfoRow[])),
    ...rightsOf(access, prefixSpan(address.key), user),
  ];
}

/** What the profile and its rules say of a key; empty if they say nothing. */
export function describeStanding({ readonly, confirm, note }: Standing): InfoRow[] {
  const writes = readonly ? 'refused: readonly' : confirm ? 'asked about: confirm' : undefined;
  return [
    ...(note === undefined ? [] : ([['note', note]] satisfies InfoRow[])),
    ...(writes === undefined ? [] : ([['writes', writes]] satisfies InfoRow[])),
  ];
}

/** The bytes of the name. In an address, a byte that cannot be shown is written differently. */
function nameRow(label: string, key: Key): InfoRow {
  const name = printableOf(Buffer.from(key, 'latin1'), WIDTH);
  return [label, key === '' ? 'all keys' : `${name}  (${bytes(key.length)})`];
}

function addressOf({ profile }: Address, key: Key): string {
  return formatAddress({ profile, kind: 'key', key });
}

function linesOf(value: Buffer): string {
  if (!isText(value)) return 'no text';
  let lines = value.at(-1) === 10 ? 0 : 1;
  for (const byte of value) if (byte === 10) lines++;
  return plural(lines, 'line');
}

function leaseRow(id: string, lease: LeaseState | undefined, kept: boolean): InfoRow {
  const name = hexadecimal(id);
  if (id === '0') return ['lease', 'none'];
  if (!lease) return ['lease', name];
  if (lease.ttl < 0) return ['lease', `${name}, gone`];
  return ['lease', `${name}, ${TTL} s left of ${lease.grantedTtl} s${kept ? ', kept alive' : ''}`, { left: lease.ttl }];
}

function bytes(count: number): string {
  return plural(count, 'byte');
}

function plural(count: number | bigint, noun: string): string {
  return `${group(count)} ${noun}${Number(count) === 1 ? '' : 's'}`;
}

function group(count: number | bigint): string {
  return count.toLocaleString('en-US');
}
