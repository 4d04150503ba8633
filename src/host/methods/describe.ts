/** `describe`: what the columns of a listing show of some names, in one request to etcd. */
import * as v from 'valibot';
import { EtcdError, hexadecimal, type Revision } from '../../client/index.js';
import { readRows, type Row } from '../../keyspace/look/rows.js';
import { defineMethod } from './method.js';

const params = v.object({
  /** All of one profile and one revision. */
  addresses: v.pipe(v.array(v.string()), v.minLength(1)),
  /** Columns that will be shown. */
  columns: v.array(v.picklist(['value', 'size', 'revision', 'version', 'ttl', 'age'])),
});
export type Column = v.InferOutput<typeof params>['columns'][number];

/** Whatever is not known, or was not asked for, is absent. */
export interface Described {
  kind: Row['kind'];
  /** The value's first line, printable and cut. It is an excerpt, and nothing is written from it. */
  value?: string;
  /** Bytes of the value. */
  size?: number;
  /** For a prefix. */
  keys?: number;
  revision?: Revision;
  version?: string;
  age?: string;
  /** Hexadecimal, as in etcdctl. */
  lease?: string;
  /** Seconds. */
  ttl?: number;
}

export const describe = defineMethod({
  failure: 'cannot describe',
  timeout: 'read',
  params,

  /** The rows are in the order of the addresses. */
  async run({ addresses, columns }, { session }, options): Promise<{ rows: Described[]; stale: boolean }> {
    const parsed = addresses.map((address) => session.address(address));
    const [first] = parsed;
    if (!first || parsed.some(({ profile, revision }) => profile !== first.profile || revision !== first.revision)) {
      throw new EtcdError('internal', 'describe: the addresses are of several profiles or revisions', { hint: 'see :Etcd log' });
    }
    const want = {
      value: columns.includes('value') || columns.includes('size'),
      count: columns.includes('size'),
      ttl: columns.includes('ttl') && first.revision === undefined,
      ...(first.revision !== undefined && { revision: first.revision }),
    };
    const { rows, stale } = await readRows(session.client(first.profile), parsed, want, options);
    return { rows: rows.map(describeRow), stale };
  },
});

/** What the editor gets for a row. */
export function describeRow(row: Row): Described {
  if (row.kind !== 'key') return row;
  const { kind, modRevision, version, age, bytes, line, lease, ttl } = row;
  return {
    ...{ kind, revision: modRevision, version, age },
    ...(line !== undefined && { value: line }),
    ...(bytes !== undefined && { size: bytes }),
    ...(lease !== undefined && { lease: hexadecimal(lease) }),
    ...(ttl !== undefined && { ttl }),
  };
}
