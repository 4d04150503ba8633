/** The RPCs that we use, one function each, over whichever endpoint answers. Knows no editor and no address. */
import {
  decodeHeader,
  decodeKeys,
  decodeRange,
  encodeKey,
  type Header,
  type Key,
  type RangeAnswer,
  type RangeKeys,
  type RawHeader,
  type RawRange,
  type Revision,
} from './codec.js';
import { openEndpoints, parseEndpoint, type Endpoints } from './endpoints.js';
import { EtcdError } from './errors.js';
import { openScanner, type ScanAnswer } from './scan.js';

export interface ClusterSettings {
  /** As in $ETCDCTL_ENDPOINTS: `host:port` or URLs. */
  endpoints: string[];
}

export interface CallOptions {
  /** ms for the call, all attempts together. */
  budget: number;
  signal?: AbortSignal;
}

export interface RangeRequest {
  key: Key;
  rangeEnd?: Key;
  limit?: number;
  keysOnly?: boolean;
  countOnly?: boolean;
  /** Read at this revision; the newest without it. */
  revision?: Revision;
  /** Any member may answer from what it has: as good as the leader's word where a revision is given that it has reached. */
  serializable?: boolean;
}

/** Put `value` if `key` is still at `modRevision` ('0': does not exist). */
export interface CompareAndPut {
  key: Key;
  value: Buffer;
  modRevision: Revision;
}

export interface CompareAndPutAnswer {
  header: Header;
  succeeded: boolean;
  /** What the key holds when the compare failed; undefined where it does not exist. */
  theirs: RangeAnswer | undefined;
  /** An earlier attempt may have been applied, so `succeeded: false` may be our own doing. */
  uncertain: boolean;
}

export interface Client {
  range(request: RangeRequest, options: CallOptions): Promise<RangeAnswer>;
  /**
   * The keys of several ranges, in one request (a txn of ranges).
   * @param requests at most as many as the server's `--max-txn-ops`, 128 by default
   * @throws EtcdError too_many_ops and those of range()
   */
  rangeMany(requests: readonly RangeRequest[], options: CallOptions): Promise<{ header: Header; ranges: RangeKeys[] }>;
  /**
   * The keys of one range of any size, one by one as they arrive; nothing of the answer is kept.
   * @param onKey called in order; from the range's start again where an attempt broke off and another one was made
   */
  scan(request: RangeRequest, onKey: (key: Key) => void, options: CallOptions): Promise<ScanAnswer>;
  compareAndPut(request: CompareAndPut, options: CallOptions): Promise<CompareAndPutAnswer>;
  /** The endpoint in use, for messages. */
  endpoint(): string;
  close(): Promise<void>;
}

interface RawTxn {
  header?: RawHeader;
  succeeded?: boolean;
  responses?: { response_range?: RawRange }[];
}

/** @throws EtcdError invalid_address for an endpoint that cannot be one */
export function createClient(settings: ClusterSettings): Client {
  const urls = settings.endpoints.map(parseEndpoint);
  if (urls.length === 0)
    throw new EtcdError('invalid_address', 'no endpoint is given', { hint: 'set $ETCDCTL_ENDPOINTS or g:etcd.endpoints' });
  const endpoints = openEndpoints(urls);

  return {
    async range(request, { budget, signal }) {
      const body = rangeBody(request);
      const { answer } = await endpoints.attempt(
        (gateway, deadline) => gateway.post<RawRange>('/v3/kv/range', body, deadline, signal),
        budget,
        signal,
      );
      return decodeRange(answer);
    },

    rangeMany: (requests, options) => rangeMany(endpoints, requests, options),
    scan: (request, onKey, options) => scan(endpoints, request, onKey, options),

    async compareAndPut(request, { budget, signal }) {
      const body = compareAndPutBody(request);
      const megabytes = request.value.length / 1e6;
      const { answer, uncertain } = await endpoints.attempt(
        (gateway, deadline) => gateway.post<RawTxn>('/v3/kv/txn', body, deadline + megabytes * 1000, signal),
        budget,
        signal,
      );
      const theirs = answer.responses?.[0]?.response_range;
      return {
        header: decodeHeader(answer.header),
        succeeded: answer.succeeded ?? false,
        theirs: theirs && decodeRange(theirs),
        uncertain,
      };
    },

    endpoint: () => endpoints.current(),
    close: () => endpoints.close(),
  };
}

async function rangeMany(endpoints: Endpoints, requests: readonly RangeRequest[], { budget, signal }: CallOptions) {
  const [only] = requests;
  const single = requests.length === 1 && only;
  const path = single ? '/v3/kv/range' : '/v3/kv/txn';
  const body = single ? rangeBody(only) : { success: requests.map((request) => ({ request_range: rangeBody(request) })) };
  const { answer } = await endpoints.attempt(
    (gateway, deadline) => gateway.post<RawRange & RawTxn>(path, body, deadline, signal),
    budget,
    signal,
  );
  const ranges = single ? [answer] : (answer.responses ?? []).map((response) => response.response_range ?? {});
  return { header: decodeHeader(answer.header), ranges: ranges.map(decodeKeys) };
}

async function scan(endpoints: Endpoints, request: RangeRequest, onKey: (key: Key) => void, { budget, signal }: CallOptions) {
  const body = rangeBody({ ...request, keysOnly: true });
  const { answer } = await endpoints.attempt(
    async (gateway, deadline) => {
      const scanner = openScanner(onKey, gateway.endpoint);
      await gateway.stream('/v3/kv/range', body, deadline, scanner.push, signal);
      return scanner.end();
    },
    budget,
    signal,
  );
  return answer;
}

function rangeBody(request: RangeRequest): object {
  return {
    key: encodeKey(request.key),
    ...(request.rangeEnd !== undefined && { range_end: encodeKey(request.rangeEnd) }),
    ...(request.limit !== undefined && { limit: String(request.limit) }),
    ...(request.keysOnly && { keys_only: true }),
    ...(request.countOnly && { count_only: true }),
    ...(request.revision !== undefined && { revision: request.revision }),
    ...(request.serializable && { serializable: true }),
  };
}

/**
 * A put without `ignore_lease` detaches the key's lease; with it, on a key that is not there, etcd refuses: so it is set
 * exactly where the compare says that the key exists. (etcd API reference "PutRequest", "Compare".)
 */
function compareAndPutBody({ key, value, modRevision }: CompareAndPut): object {
  const put = { key: encodeKey(key), value: value.toString('base64'), ...(modRevision !== '0' && { ignore_lease: true }) };
  return {
    compare: [{ key: encodeKey(key), target: 'MOD', result: 'EQUAL', mod_revision: modRevision }],
    success: [{ request_put: put }],
    failure: [{ request_range: { key: encodeKey(key) } }],
  };
}
