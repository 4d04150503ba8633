/** `sort`: the names of a listing in the order of a column, each with what the columns show. */
import * as v from 'valibot';
import { EtcdError, type Key } from '../../client/index.js';
import { formatAddress, type Address } from '../../keyspace/address.js';
import { listLevel } from '../../keyspace/listing/level.js';
import { readRows } from '../../keyspace/look/rows.js';
import { describeRow, type Described } from './describe.js';
import { defineMethod } from './method.js';

const params = v.object({
  /** The address of the listing. */
  name: v.string(),
  by: v.picklist(['size', 'revision', 'version', 'ttl', 'age']),
});

/** A child, with its whole address. */
export type Sorted = Described & { address: string };

/** The most names that anybody waits for. Each is asked for by itself. */
const MOST_NAMES = 20_000;

export const sort = defineMethod({
  failure: 'cannot sort',
  timeout: 'list',
  params,

  async run({ name, by }, { session }, options): Promise<{ address: string; rows: Sorted[] }> {
    const address = session.address(name);
    if (address.kind !== 'prefix') throw new EtcdError('invalid_address', 'that is a key, not a prefix');
    const { profile, key: prefix, revision } = address;
    const client = session.client(profile);
    const at = revision === undefined ? {} : { revision };
    const { names } = await listLevel(client, { prefix, max: MOST_NAMES + 1, ...at }, options);
    if (names.length > MOST_NAMES) {
      throw new EtcdError('too_large', `it has more than ${MOST_NAMES} names`, { hint: 'sort a prefix with fewer of them' });
    }
    const targets = names.map((child) => targetOf(address, child));
    const want = { value: by === 'size', count: by === 'size', ttl: by === 'ttl' && revision === undefined, ...at };
    const { rows } = targets.length === 0 ? { rows: [] } : await readRows(client, targets, want, options);
    const described = rows.map((row, i) => ({ address: formatAddress(targets[i] as Address), ...describeRow(row) }));
    return { address: formatAddress(address), rows: described.sort((a, b) => compare(weight(a, by), weight(b, by))) };
  },
});

/** The address of a child; '' is the key that equals the prefix. */
function targetOf(parent: Address, child: Key): Address {
  const { profile, revision } = parent;
  const kind = child.endsWith('/') ? 'prefix' : 'key';
  return { profile, kind, key: parent.key + child, ...(revision !== undefined && { revision }) };
}

/** The row with the smallest weight comes first: the largest, the newest, the most changed, the next to expire. Unknown rows come last. */
function weight(row: Described, by: v.InferOutput<typeof params>['by']): bigint | undefined {
  const { size = row.keys, revision, version, ttl, age } = row;
  if (by === 'size') return size === undefined ? undefined : -BigInt(size);
  if (by === 'ttl') return ttl === undefined ? undefined : BigInt(ttl);
  if (by === 'age') return age === undefined ? undefined : -BigInt(age);
  const number = by === 'revision' ? revision : version;
  return number === undefined ? undefined : -BigInt(number);
}

/** If they are equal, the order of the names stays. */
function compare(a: bigint | undefined, b: bigint | undefined): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return a < b ? -1 : 1;
}
