/** Writes. If you have read before you write, use one that compares: then nothing that others wrote meanwhile is overwritten. */
import {
  EtcdError,
  kvsOf,
  type CallOptions,
  type Client,
  type Compare,
  type KeyValue,
  type Operation,
  type OperationAnswer,
  type Revision,
} from '../client/index.js';
import { toBytes, toInt64, toKey, toNumber, toRange, wrongArgument, type Bytes, type RangeOf } from './check.js';
import type { Call } from './call.js';
import { entryOf, type Entry } from './entry.js';

/** Which lease the key has afterwards. */
export interface PutOptions extends Call {
  /** The id of a lease. */
  lease?: string;
  /** Whether the key keeps its lease. The default is true, unless `lease` is given. */
  keepLease?: boolean;
}

export type Compared =
  | { succeeded: true; /** Of the write. */ revision: Revision }
  /** Nothing was written. `current` is the key as it is, or undefined if it does not exist. */
  | { succeeded: false; revision: Revision; current: Entry | undefined };

export interface Writes {
  /**
   * Overwrites whatever is there. It is sent only once, because a second put could overwrite what came in between.
   * @throws EtcdError outcome_unknown if the answer was lost; lease_not_found; no_space; too_large
   */
  put(key: Bytes, value: Bytes, options?: PutOptions): Promise<{ revision: Revision }>;
  /** Writes only if the key does not exist. @throws EtcdError conflict, and outcome_unknown */
  create(key: Bytes, value: Bytes, options?: Omit<PutOptions, 'keepLease'>): Promise<{ revision: Revision }>;
  /** Writes only if the key exists, whatever it holds. @throws EtcdError not_found, and those of put() */
  update(key: Bytes, value: Bytes, options?: PutOptions): Promise<{ revision: Revision }>;
  /**
   * Writes only if the key is as it was read. It can safely be sent again, and is if an answer was lost.
   * @param expected its `modRevision` ('0': it does not exist)
   * @throws EtcdError outcome_unknown if an answer was lost and the key has another value by now
   */
  compareAndPut(key: Bytes, value: Bytes, expected: { modRevision: Revision }, options?: PutOptions): Promise<Compared>;
  /** The same for a delete. */
  compareAndDelete(key: Bytes, expected: { modRevision: Revision }, options?: Call): Promise<Compared>;
  /**
   * @param options `expectCount`: nothing is deleted unless the range has exactly so many keys
   * @throws EtcdError conflict if the count differs; outcome_unknown if the answer was lost
   */
  delete(range: RangeOf, options?: Call & { expectCount?: number }): Promise<{ revision: Revision; deleted: number }>;
}

type Patience = (call: Call | undefined) => CallOptions;

/** @param patience what a call may take */
export function openWrites(client: Client, patience: Patience): Writes {
  async function putNow(key: Bytes, value: Bytes, options: PutOptions = {}, mustExist = false): Promise<{ revision: Revision }> {
    const name = toKey(key);
    const exists: Compare = { key: name, target: 'CREATE', createRevision: '0', result: 'NOT_EQUAL' };
    const bare = putOf(name, value, { ...options, keepLease: false });
    const then: Operation[] = [{ op: 'txn', compare: [exists], then: [putOf(name, value, options)], else: mustExist ? [] : [bare] }];
    const { header, answers } = await client.txn({ then }, patience(options));
    const [inner] = answers;
    if (mustExist && inner?.op === 'txn' && !inner.succeeded) throw new EtcdError('not_found', 'there is no such key');
    return { revision: header.revision };
  }

  async function compareAndPut(key: Bytes, value: Bytes, expected: { modRevision: Revision }, options: PutOptions = {}): Promise<Compared> {
    const name = toKey(key);
    const modRevision = expectedOf(expected);
    const keepLease = modRevision !== '0' && (options.keepLease ?? options.lease === undefined);
    const then = putOf(name, value, { ...options, keepLease });
    return compared(client, name, modRevision, then, patience(options), (kv) => kv?.value.equals(then.value) ?? false);
  }

  return {
    put: (key, value, options) => putNow(key, value, options),
    update: (key, value, options) => putNow(key, value, options, true),
    async create(key, value, options = {}) {
      const done = await compareAndPut(key, value, { modRevision: '0' }, { ...options, keepLease: false });
      if (done.succeeded) return { revision: done.revision };
      throw new EtcdError('conflict', 'there is such a key already', { theirsRevision: done.current?.modRevision ?? done.revision });
    },
    compareAndPut,
    async compareAndDelete(key, expected, options = {}) {
      const name = toKey(key);
      return compared(client, name, expectedOf(expected), { op: 'delete', key: name }, patience(options), (kv) => kv === undefined);
    },
    async delete(range, options = {}) {
      const keys = toRange(range);
      const { expectCount } = options;
      if (expectCount !== undefined) return deleteExactly(client, keys, toNumber(expectCount, 'expectCount', 0), patience(options));
      const { header, answers } = await client.txn({ then: [{ op: 'delete', ...keys }] }, patience(options));
      return { revision: header.revision, deleted: deletedOf(answers) };
    },
  };
}

/** @throws EtcdError invalid_value */
export function putOf(key: string, value: Bytes, { lease, keepLease = lease === undefined }: PutOptions): Operation & { op: 'put' } {
  const put = { op: 'put' as const, key, value: toBytes(value, 'value') };
  if (lease !== undefined && keepLease) throw wrongArgument('keepLease', 'false if a lease is given');
  return keepLease ? { ...put, ignoreLease: true } : { ...put, ...(lease !== undefined && { lease: toInt64(lease, 'lease') }) };
}

/** @param isOurs whether the key looks as our own write would leave it */
async function compared(
  client: Client,
  key: string,
  modRevision: Revision,
  then: Operation,
  options: CallOptions,
  isOurs: (kv: KeyValue | undefined) => boolean,
): Promise<Compared> {
  const compare: Compare[] = [{ key, target: 'MOD', modRevision }];
  const request = { compare, then: [then], else: [{ op: 'range' as const, key }] };
  const { header, succeeded, uncertain, answers } = await client.txn(request, options);
  if (succeeded) return { succeeded, revision: header.revision };
  const [kv] = kvsOf(answers);
  if (!uncertain) return { succeeded, revision: header.revision, current: kv && entryOf(kv) };
  // The answer of an earlier attempt was lost. What the key has now may be ours.
  if (isOurs(kv)) return { succeeded: true, revision: kv?.modRevision ?? header.revision };
  throw new EtcdError('outcome_unknown', 'an answer was lost, and the key was changed since', { indefinite: true, settled: true });
}

/**
 * Deletes what was counted, if nothing in the range is newer than the count. The number deleted shows whether a key was deleted meanwhile.
 */
async function deleteExactly(
  client: Client,
  keys: { key: string; rangeEnd?: string },
  expected: number,
  options: CallOptions,
): Promise<{ revision: Revision; deleted: number }> {
  const { header, count } = await client.range({ ...keys, countOnly: true }, options);
  const differs = (found: string): EtcdError => new EtcdError('conflict', `${expected} keys were expected, and ${found}`);
  if (count !== expected) throw differs(`there are ${count}: nothing was deleted`);
  const modRevision = String(BigInt(header.revision) + 1n);
  const compare: Compare[] = [{ ...keys, target: 'MOD', result: 'LESS', modRevision }];
  const done = await client.txn({ compare, then: [{ op: 'delete', ...keys }], seen: header }, options);
  if (!done.succeeded) throw differs('the range was changed meanwhile: nothing was deleted');
  const deleted = deletedOf(done.answers);
  // If it is fewer, somebody else has just deleted the others. If it is none after a lost answer, we have deleted them all.
  return { revision: done.header.revision, deleted: done.uncertain && deleted === 0 ? expected : deleted };
}

function deletedOf([answer]: readonly OperationAnswer[]): number {
  return answer?.op === 'delete' ? answer.deleted : 0;
}

function expectedOf(expected: { modRevision: Revision }): Revision {
  if (typeof expected !== 'object' || (expected as unknown) === null) throw wrongArgument('expected', '{ modRevision }');
  return toInt64(expected.modRevision, 'expected.modRevision');
}
