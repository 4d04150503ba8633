/** The RPCs that we use, one function each, over whichever endpoint answers. Knows no editor and no address. */
import {
  decodeHeader,
  decodeRange,
  encodeKey,
  type Header,
  type Key,
  type RangeAnswer,
  type RawHeader,
  type RawRange,
  type Revision,
} from './codec.js';
import { openEndpoints, parseEndpoint } from './endpoints.js';
import { EtcdError } from './errors.js';

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

function rangeBody(request: RangeRequest): object {
  return {
    key: encodeKey(request.key),
    ...(request.rangeEnd !== undefined && { range_end: encodeKey(request.rangeEnd) }),
    ...(request.limit !== undefined && { limit: String(request.limit) }),
    ...(request.keysOnly && { keys_only: true }),
    ...(request.countOnly && { count_only: true }),
    ...(request.revision !== undefined && { revision: request.revision }),
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
