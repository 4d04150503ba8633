/** The RPCs that we use, one function each, over whichever endpoint answers. Knows no editor and no address. */
import {
  decodeHeader,
  decodeRange,
  type Header,
  type Key,
  type KeyValue,
  type RangeAnswer,
  type RawHeader,
  type RawRange,
} from './codec.js';
import { openConnection, type CallOptions, type ClusterSettings } from './connection.js';
import { changed, EtcdError } from './errors.js';
import type { Exchange, Gateway } from './gateway.js';
import { afterwards, LARGE, measured, putUnseen } from './puts.js';
import { range, rangeMany, scan, type ManyRanges } from './reads.js';
import { compareAndPutBody, rangeBody, type CompareAndPut, type RangeRequest } from './requests.js';
import { readableRanges, type Readable } from './roles.js';
import type { ScanAnswer } from './scan.js';
import { readStatus, type Status } from './status.js';

export interface CompareAndPutAnswer {
  header: Header;
  succeeded: boolean;
  /** The key as it is now, without its value where the put succeeded; undefined where it does not exist. */
  kv: KeyValue | undefined;
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
  /** The user that requests are made as; '' where there is none. */
  readonly user: string;
  /** The endpoint in use, for messages. */
  endpoint(): string;
  close(): Promise<void>;
}

interface RawTxn {
  header?: RawHeader;
  succeeded?: boolean;
  responses?: { response_range?: RawRange }[];
}

/** ms that a put which may have been carried out waits for a server that is down: longer than a restart. */
const RESTART = 5000;
/** @throws EtcdError invalid_address for an endpoint that cannot be one */
export function createClient(settings: ClusterSettings): Client {
  const connection = openConnection(settings);
  const { auth, call } = connection;
  return {
    range: (request, options) => range(connection, request, options),
    rangeMany: (requests, options) => rangeMany(connection, requests, options),
    scan: (request, onKey, options) => scan(connection, request, onKey, options),

    async compareAndPut(request, options) {
      const before = (gateway: Gateway, exchange: Exchange): Promise<void> => sameCluster(gateway, exchange, request);
      const end = performance.now() + options.budget;
      const isLarge = request.value.length >= LARGE;
      const body = compareAndPutBody(request, isLarge);
      const { answer, uncertain } = await call<RawTxn>('/v3/kv/txn', body, { ...options, persist: RESTART }, before).catch(
        (thrown: unknown) => Promise.reject(measured(thrown as EtcdError, request)),
      );
      const raw = answer.responses?.find((response) => response.response_range)?.response_range;
      const done = {
        header: decodeHeader(answer.header),
        succeeded: answer.succeeded ?? false,
        kv: raw && decodeRange(raw).kvs[0],
        uncertain,
      };
      const left = { ...options, budget: Math.max(1, end - performance.now()) };
      return isLarge ? afterwards(connection, request.key, done, left) : done;
    },

    putUnseen: (request, options) => putUnseen(connection, request, options),

    async leaseTtl(lease, options) {
      const { answer } = await call<{ header?: RawHeader; TTL?: string }>('/v3/lease/timetolive', { ID: lease }, options);
      return Number(answer.TTL ?? 0);
    },

    readable: (options) => readableRanges((path, body) => call(path, body, options), auth.user),
    status: async (options) => readStatus(await connection.gateways(options), auth, options),
    user: auth.user,
    endpoint: () => connection.endpoint(),
    close: () => connection.close(),
  };
}

/**
 * Revisions of another cluster mean nothing here. Asked only where no connection has been open since the cluster was last
 * heard of: as long as one is, the same process is behind it.
 */
async function sameCluster(gateway: Gateway, exchange: Exchange, { key, clusterId }: CompareAndPut): Promise<void> {
  if (clusterId === undefined) return;
  if (gateway.cluster() === undefined) {
    await gateway.post('/v3/kv/range', rangeBody({ key, countOnly: true }), exchange).catch((thrown: unknown) => {
      // Nothing was written by asking.
      throw changed(thrown as EtcdError, { indefinite: false });
    });
  }
  const now = gateway.cluster();
  if (now === undefined || now === clusterId) return;
  throw new EtcdError('cluster_changed', `cluster ${now} answers there now, the buffer was read from ${clusterId}`, {
    endpoint: gateway.endpoint,
    hint: 'your text is still here; :e! reads the key anew, :w! writes it to that cluster',
  });
}
