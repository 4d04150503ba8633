/**
 * The queue of etcd's locks and elections. Each who waits has a key with a lease, and the oldest key holds. Each waits only for the one
 * before, so that an end wakes one and not all. The keys are those of etcd's own clients and of its `/v3/lock` and `/v3/election`. We
 * do not use those two: a gateway cuts off a call that waits for hours, and then nobody knows what became of it.
 * (https://github.com/etcd-io/etcd/tree/main/client/v3/concurrency)
 */
import { hexadecimal, type Key, type KeyValue, type Revision } from './codec.js';
import type { CallOptions, Connection } from './connection.js';
import { EtcdError } from './errors.js';
import { range } from './reads.js';
import { prefixEnd } from './range.js';
import { transact } from './puts.js';
import { kvsOf } from './txn-answer.js';
import type { Compare } from './txn.js';
import { watch } from './watch.js';

/** One place in the queue. */
export interface Turn {
  key: Key;
  lease: string;
  /** The create revision of the key. It grows from holder to holder, so whatever they write to can tell them apart. */
  createRevision: Revision;
}

/** @returns the compare that is true as long as this place is kept */
export function isKept({ key, createRevision }: Turn): Compare {
  return { key, target: 'CREATE', createRevision };
}

/**
 * Takes a place. With the same lease a second time, it is the same place and gets the new value.
 * @throws EtcdError lease_not_found
 */
export async function enter(connection: Connection, name: Key, lease: string, value: Buffer, options: CallOptions): Promise<Turn> {
  const key = `${name}/${hexadecimal(lease)}`;
  const compare: Compare[] = [{ key, target: 'CREATE', createRevision: '0' }];
  const put = { op: 'put' as const, key, value, lease };
  const { header, succeeded, answers } = await transact(connection, { compare, then: [put], else: [{ op: 'range', key }] }, options);
  const createRevision = succeeded ? header.revision : (kvsOf(answers)[0] as KeyValue).createRevision;
  return { key, lease, createRevision };
}

/**
 * @returns when nobody older is in the queue
 * @throws EtcdError lease_not_found if the place is gone; what the signal aborts with
 */
export async function turnOf(connection: Connection, name: Key, turn: Turn, budget: number, signal: AbortSignal): Promise<void> {
  const older = `${name}/`;
  for (;;) {
    signal.throwIfAborted();
    const before = String(BigInt(turn.createRevision) - 1n);
    const { header, answers } = await transact(
      connection,
      {
        then: [
          { op: 'range', key: older, rangeEnd: prefixEnd(older), limit: 1, only: 'newest', maxCreateRevision: before, keysOnly: true },
          { op: 'range', key: turn.key, keysOnly: true },
        ],
      },
      { budget, signal },
    );
    const [found, own] = answers.map((answer) => (answer.op === 'range' ? answer.kvs[0] : undefined));
    if (own?.createRevision !== turn.createRevision) throw new EtcdError('lease_not_found', `${turn.key} is gone, and the place with it`);
    if (!found) return;
    await goneFrom(connection, found.key, header.revision, { budget, signal });
  }
}

/**
 * @param from a revision at which the key was there
 * @param options `budget`: ms in which the watch must have begun
 * @returns when it was deleted, or may have been; or when the signal aborts
 * @throws EtcdError as watch()
 */
export async function goneFrom(connection: Connection, key: Key, from: Revision, options: CallOptions): Promise<void> {
  for await (const { type } of watch(connection, { key, from, filters: ['noput'] }, options)) {
    if (type === 'events' || type === 'resync') return;
  }
}

/** Who holds it now, if anybody does. */
export async function holderOf(connection: Connection, name: Key, options: CallOptions): Promise<KeyValue | undefined> {
  const prefix = `${name}/`;
  const { kvs } = await range(connection, { key: prefix, rangeEnd: prefixEnd(prefix), limit: 1, only: 'oldest' }, options);
  return kvs[0];
}
