/** The RPCs that we use, one function each, over whichever endpoint answers. Knows no address, and nothing of who asks. */
import { readAccess, type Access } from './access.js';
import type { Header, Key, RangeAnswer } from './codec.js';
import { openConnection, type CallOptions, type ClusterSettings } from './connection.js';
import { openElection, type Election } from './election.js';
import { lock, type HoldOptions, type Lock } from './lock.js';
import { openLeases, type Leases } from './leases.js';
import { compareAndPut, putUnseen, type CompareAndPutAnswer, type Uncertain } from './puts.js';
import { range, rangeEach, rangeMany, scan, scanEntries, type ManyRanges, type WholeRange } from './reads.js';
import { readerOf } from './reader.js';
import { replay, type Replayed, type ReplayRequest } from './replay.js';
import { readableRanges, type Readable } from './roles.js';
import type { ScanAnswer } from './scan.js';
import type { Entry } from './scan-entries.js';
import { readStatus, type Status } from './status.js';
import type { CompareAndPut, RangeRequest, TxnRequest } from './txn.js';
import type { Transport } from './transport/transport.js';
import type { TxnAnswer } from './txn-answer.js';
import { watch, type WatchItem, type WatchOptions, type WatchRequest } from './watch.js';

export interface Client {
  range(request: RangeRequest, options: CallOptions): Promise<RangeAnswer>;
  /**
   * The keys of several ranges, in one request (a txn of ranges). The first one's `stale` is about all of them.
   * @param requests at most as many as the server's `--max-txn-ops`, 128 by default
   * @throws EtcdError too_many_ops and those of range()
   */
  rangeMany(requests: readonly RangeRequest[], options: CallOptions): Promise<ManyRanges>;
  /** The same with all that etcd says of each key. Without `keysOnly` and `limit` the values may be 96 MiB: see `mostBytes`. */
  rangeEach(requests: readonly RangeRequest[], options: CallOptions): Promise<ManyRanges<WholeRange>>;
  /**
   * The keys of one range, a million without a limit, one by one as they arrive; nothing of the answer is kept.
   * @param onKey called in order; from the range's start again where an attempt broke off and another one was made
   * @throws EtcdError unsupported also for more keys than the limit, or one over 4 MiB
   */
  scan(request: RangeRequest, onKey: (key: Key) => void, options: CallOptions): Promise<ScanAnswer>;
  /** What happened to the keys of a range, as far as etcd still knows: as replay() (replay.ts). */
  replay(request: ReplayRequest, options: CallOptions): AsyncIterable<Replayed>;
  /**
   * The same with the values, if the request does not say `keysOnly`: some at a time, as they arrive.
   * @param onEntries called in order; no more is read before its promise is kept
   * @throws EtcdError unsupported also for a value over 72 MiB
   */
  scanEntries(request: RangeRequest, onEntries: (entries: Entry[]) => void | Promise<void>, options: CallOptions): Promise<ScanAnswer>;
  /**
   * Any txn. It is sent again if its answer is lost, so its compares must fail once it was carried out: a MOD EQUAL of a key that
   * it puts does, because a revision is never had twice. One that writes and compares nothing is sent once.
   * @throws EtcdError cluster_changed (nothing was written), too_many_ops, too_large, invalid_value for a key that is in it twice,
   * lease_not_found, not_found for an `ignoreLease` without a key, outcome_unknown for one that is sent once; `indefinite` of any
   * other one says whether it may have been carried out
   */
  txn(request: TxnRequest, options: CallOptions): Promise<TxnAnswer & Uncertain>;
  /** A txn that puts one key. @throws EtcdError cluster_changed if another cluster answers, and nothing was written */
  compareAndPut(request: CompareAndPut, options: CallOptions): Promise<CompareAndPutAnswer>;
  /**
   * Over whatever the key is now, and sent once: for users who may write it and not read it, since etcd compares only for who may
   * read. A lease stays attached.
   * @throws EtcdError outcome_unknown if the answer was lost
   */
  putUnseen(request: Pick<CompareAndPut, 'key' | 'value'>, options: CallOptions): Promise<{ header: Header; created: boolean }>;
  /**
   * What changes in a range, for as long as the signal lets it. Begins when the first item is asked for; it goes on over other endpoints
   * after a break, and ends quietly with the signal, with close(), and when the iteration is left.
   * @throws EtcdError what the request ends with before the first item, which is `created`; after that permission_denied and
   * unauthenticated only. All else is waited for: see `onConnection`
   */
  watch(request: WatchRequest, options?: WatchOptions): AsyncIterable<WatchItem>;
  readonly leases: Leases;
  /**
   * Waits until `name` is ours alone, in the queue that `etcdctl lock NAME` uses as well: a key `name/LEASE` for each who waits, and the
   * oldest has it.
   * @returns the lock; release() or `await using` gives it back
   * @throws EtcdError cancelled by the signal, lease_not_found if the wait was longer than the lease could be kept; then the place
   * in the queue is given up
   */
  lock(name: Key, options?: HoldOptions): Promise<Lock>;
  /** The election of `name`, as `etcdctl elect NAME` holds it. */
  election(name: Key): Election;
  /** Seconds that a lease has left; -1 if it is gone. */
  leaseTtl(lease: string, options: CallOptions): Promise<number>;
  /** Which roles there are, and what each allows, as far as the user may know. */
  access(options: CallOptions): Promise<Access>;
  /** The ranges that the roles of `user` allow to read. */
  readable(options: CallOptions): Promise<Readable>;
  status(options: CallOptions): Promise<Status>;
  /**
   * Whether there is data of etcd's v2 API, and nothing was ever written by v3. Asks only if that can be.
   * @param header of an answer that had no keys
   */
  hasOldData(header: Pick<Header, 'revision'>, options: CallOptions): Promise<boolean>;
  /** The furthest that the cluster which answers has been heard to be; undefined if it has not answered yet. */
  latest(): Header | undefined;
  /** Whether another cluster has answered since this header was heard. */
  isPast(seen: Header): boolean;
  /** The user that requests are made as; '' if there is none. */
  readonly user: string;
  /** The endpoint in use, for messages. */
  endpoint(): string;
  close(): Promise<void>;
}

/**
 * A client over any transport: createClient() (create.ts) has undici.
 * @throws EtcdError invalid_address for an endpoint that cannot be one
 */
export function openClient(settings: ClusterSettings, transport: Transport): Client {
  const connection = openConnection(settings, transport);
  const { auth, lineage } = connection;
  const leases = openLeases(connection);
  return {
    ...readerOf(connection),
    range: (request, options) => range(connection, request, options),
    rangeMany: (requests, options) => rangeMany(connection, requests, options),
    rangeEach: (requests, options) => rangeEach(connection, requests, options),
    scan: (request, onKey, options) => scan(connection, request, onKey, options),
    scanEntries: (request, onEntries, options) => scanEntries(connection, request, onEntries, options),
    replay: (request, options) => replay(connection, request, options),

    compareAndPut: (put, options) => compareAndPut(connection, put, options),
    putUnseen: (request, options) => putUnseen(connection, request, options),

    watch: (request, options) => watch(connection, request, options),

    leases,
    lock: (name, options) => lock(connection, leases, name, options),
    election: (name) => openElection(connection, leases, name),
    leaseTtl: async (id, options) => (await leases.timeToLive({ id }, options)).ttl,

    access: (options) => readAccess((question) => connection.call(question, options), auth.user),
    readable: (options) => readableRanges((question) => connection.call(question, options), auth.user),
    latest: () => lineage.latest(),
    isPast: (seen) => lineage.isPast(seen),
    status: async (options) => readStatus(await connection.gateways(options), auth, options),
    user: auth.user,
  };
}
