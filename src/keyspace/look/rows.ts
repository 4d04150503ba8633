/** What etcd knows of many keys and prefixes, each in a row: the columns of a listing. */
import {
  after,
  firstKey,
  isDenied,
  prefixEnd,
  type CallOptions,
  type Client,
  type Key,
  type KeyRange,
  type RangeRequest,
  type Revision,
} from '../../client/index.js';
import { readableSpans } from '../listing/scope.js';
import { excerptOf } from './excerpt.js';
import { lookAt, type Looked } from './values.js';

/** A key, or a prefix. */
export interface Target {
  kind: 'key' | 'prefix';
  key: Key;
}

/** What to ask of each target, besides what comes with every key. */
export interface Want {
  /** The size and the first line of the value. For these the value has to be sent. */
  value: boolean;
  /** How many keys a prefix has. For this they have to be counted. */
  count: boolean;
  /** What time the lease has left. For this there is a request for each lease. */
  ttl: boolean;
  /** Read all of this at that revision. */
  revision?: Revision;
}

export type Row =
  /** There is no such key any more. */
  | { kind: 'gone' }
  /** The user may not read it. */
  | { kind: 'hidden' }
  | { kind: 'prefix'; keys?: number }
  | KeyRow;

export interface KeyRow {
  kind: 'key';
  modRevision: Revision;
  version: string;
  /** How many revisions of the cluster have passed since the key was changed, in decimal. */
  age: string;
  /** Bytes of the value, and its first line; absent if they were not asked for, or if all values have too many bytes. */
  bytes?: number;
  line?: string;
  /** Absent if the key has none. */
  lease?: string;
  /** Seconds; absent if that could not be found out. */
  ttl?: number;
}

export interface Rows {
  /** One for each target, in their order. */
  rows: Row[];
  stale: boolean;
}

/** The most characters of a first line. */
const WIDTH = 200;

/**
 * One request for 128 targets, and one for each lease if `ttl` is wanted.
 * @param targets at least one
 * @throws EtcdError as Client.range()
 */
export async function readRows(client: Client, targets: readonly Target[], want: Want, options: CallOptions): Promise<Rows> {
  const all = targets.map((target) => requestOf(target, want));
  try {
    return await rowsOf(client, targets, all, want, options);
  } catch (thrown) {
    if (!isDenied(thrown) || client.user === '') throw thrown;
    // One key that the user may not read fails a whole txn.
    const { ranges } = await client.readable(options);
    const allowed = all.map((request) => (request && isReadable(ranges, request) ? request : undefined));
    if (allowed.every((request) => request === undefined)) throw thrown;
    return rowsOf(client, targets, allowed, want, options);
  }
}

/** undefined: there is nothing to ask. */
function requestOf({ kind, key }: Target, { count, revision }: Want): RangeRequest | undefined {
  const at = { stale: 'allowed' as const, ...(revision !== undefined && { revision }) };
  if (kind === 'key') return { key, ...at };
  return count ? { key: firstKey(key), rangeEnd: prefixEnd(key), countOnly: true, ...at } : undefined;
}

function isReadable(ranges: readonly KeyRange[], { key, rangeEnd }: RangeRequest): boolean {
  const end = rangeEnd ?? after(key);
  const spans = readableSpans(ranges, { start: key, end });
  return spans.length === 1 && spans[0]?.start === key && spans[0].end === end;
}

async function rowsOf(
  client: Client,
  targets: readonly Target[],
  requests: readonly (RangeRequest | undefined)[],
  want: Want,
  options: CallOptions,
): Promise<Rows> {
  const asked = requests.filter((request) => request !== undefined);
  if (asked.length === 0) return { rows: targets.map(unasked), stale: false };
  const { header, ranges, stale } = await lookAt(client, asked, want.value, options);
  let next = 0;
  const rows = targets.map((target, i): Row => {
    const range = requests[i] && ranges[next++];
    return range ? rowOf(target, range, want, want.revision ?? header.revision) : unasked(target);
  });
  if (want.ttl) await addTtls(client, rows, options);
  return { rows, stale };
}

const unasked = ({ kind }: Target): Row => (kind === 'prefix' ? { kind } : { kind: 'hidden' });

function rowOf({ kind }: Target, { kvs, count, valued }: Looked, want: Want, now: Revision): Row {
  if (kind === 'prefix') return { kind, ...(want.count && { keys: count }) };
  const [kv] = kvs;
  if (!kv) return { kind: 'gone' };
  const { modRevision, version, lease, value } = kv;
  return {
    kind,
    modRevision,
    version,
    age: (BigInt(now) - BigInt(modRevision)).toString(),
    ...(want.value && valued && { bytes: value.length, line: excerptOf(value, WIDTH) }),
    ...(lease !== '0' && { lease }),
  };
}

/** Keys often share a lease. */
async function addTtls(client: Client, rows: readonly Row[], options: CallOptions): Promise<void> {
  const leased = rows.filter((row): row is KeyRow & { lease: string } => row.kind === 'key' && row.lease !== undefined);
  const ttls = new Map<string, Promise<number | undefined>>();
  for (const { lease } of leased) {
    // If the lease cannot be asked, the other columns are still worth showing.
    if (!ttls.has(lease))
      ttls.set(
        lease,
        client.leaseTtl(lease, options).catch(() => undefined),
      );
  }
  for (const row of leased) {
    const ttl = await ttls.get(row.lease);
    if (ttl !== undefined && ttl >= 0) row.ttl = ttl;
  }
}
