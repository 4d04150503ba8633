/** The RPCs that we use, one function each, over whichever endpoint answers. Knows no editor and no address. */
import { decodePut, fieldsOf, int64Of, type PutAnswer } from './decoders.js';
import type { Header, Key, RangeAnswer } from './codec.js';
import { openConnection, type CallOptions, type ClusterSettings } from './connection.js';
import { notEtcd, type EtcdError } from './errors.js';
import { afterwards, LARGE, measured, putUnseen } from './puts.js';
import { range, rangeMany, scan, type ManyRanges } from './reads.js';
import { compareAndPutBody, type CompareAndPut, type RangeRequest } from './requests.js';
import { readableRanges, type Readable } from './roles.js';
import { sameCluster } from './same-cluster.js';
import type { ScanAnswer } from './scan.js';
import { readStatus, type Status } from './status.js';

export interface CompareAndPutAnswer extends PutAnswer {
  /** An earlier attempt may have been applied, so `succeeded: false` may be our own doing. */
  uncertain: boolean;
}

export interface Client {
  range(request: RangeRequest, options: CallOptions): Promise<RangeAnswer>;
  /**
   * The keys of several ranges, in one request (a txn of ranges). The first one's `stale` is about all of them.
   * @param requests at most as many as the server's `--max-txn-ops`, 128 by default
   * @throws EtcdError too_many_ops and those of range()
   */
  rangeMany(requests: readonly RangeRequest[], options: CallOptions): Promise<ManyRanges>;
  /**
   * The keys of one range, a million without a limit, one by one as they arrive; nothing of the answer is kept.
   * @param onKey called in order; from the range's start again where an attempt broke off and another one was made
   * @throws EtcdError unsupported also for more keys than the limit, or one over 4 MiB
   */
  scan(request: RangeRequest, onKey: (key: Key) => void, options: CallOptions): Promise<ScanAnswer>;
  /** @throws EtcdError cluster_changed where another cluster answers, and nothing was written */
  compareAndPut(request: CompareAndPut, options: CallOptions): Promise<CompareAndPutAnswer>;
  /**
   * Over whatever the key is now, and sent once: for users who may write it and not read it, since etcd compares only for who may
   * read. A lease stays attached.
   * @throws EtcdError outcome_unknown where the answer was lost
   */
  putUnseen(request: Pick<CompareAndPut, 'key' | 'value'>, options: CallOptions): Promise<{ header: Header; created: boolean }>;
  /** Seconds that a lease has left; -1 where it is gone. */
  leaseTtl(lease: string, options: CallOptions): Promise<number>;
  /** The ranges that the roles of `user` allow to read. */
  readable(options: CallOptions): Promise<Readable>;
  status(options: CallOptions): Promise<Status>;
  /** The furthest that the cluster which answers has been heard to be; undefined where it has not answered yet. */
  latest(): Header | undefined;
  /** Whether another cluster has answered since this header was heard. */
  isPast(seen: Header): boolean;
  /** The user that requests are made as; '' where there is none. */
  readonly user: string;
  /** The endpoint in use, for messages. */
  endpoint(): string;
  close(): Promise<void>;
}

/** ms that a put which may have been carried out waits for a server that is down: longer than a restart. */
const RESTART = 5000;
/** @throws EtcdError invalid_address for an endpoint that cannot be one */
export function createClient(settings: ClusterSettings): Client {
  const connection = openConnection(settings);
  const { auth, lineage } = connection;
  return {
    range: (request, options) => range(connection, request, options),
    rangeMany: (requests, options) => rangeMany(connection, requests, options),
    scan: (request, onKey, options) => scan(connection, request, onKey, options),

    async compareAndPut(put, options) {
      const end = performance.now() + options.budget;
      const isLarge = put.value.length >= LARGE;
      const body = compareAndPutBody(put, isLarge);
      const question = { path: '/v3/kv/txn', body, decode: (raw: unknown) => decodePut(raw, put, body) };
      const sent = connection.callLeader(question, { ...options, persist: RESTART }, (gateway, exchange) =>
        sameCluster(lineage, gateway, exchange, put),
      );
      const { answer, uncertain } = await sent.catch((thrown: unknown) => Promise.reject(measured(thrown as EtcdError, put)));
      const done = { ...answer, uncertain };
      return isLarge ? afterwards(connection, put.key, done, { ...options, budget: Math.max(1, end - performance.now()) }) : done;
    },

    putUnseen: (request, options) => putUnseen(connection, request, options),

    async leaseTtl(lease, options) {
      const decode = (raw: unknown): number => {
        const { ID, TTL } = fieldsOf(raw, 'lease');
        if (int64Of(ID, 'lease') !== lease) throw notEtcd('the answer is about another lease', '');
        return Number(int64Of(TTL, 'TTL'));
      };
      return (await connection.call({ path: '/v3/lease/timetolive', body: { ID: lease }, decode }, options)).answer;
    },

    readable: (options) => readableRanges((question) => connection.call(question, options), auth.user),
    latest: () => lineage.latest(),
    isPast: (seen) => lineage.isPast(seen),
    status: async (options) => readStatus(await connection.gateways(options), auth, options),
    user: auth.user,
    endpoint: () => connection.endpoint(),
    close: () => connection.close(),
  };
}
