/** Reads: linearizable; where that cannot be had and the request allows it, what one member has, labelled. */
import { decodeHeader, decodeKeys, decodeRange, type Header, type Key, type RangeAnswer, type RangeKeys } from './codec.js';
import type { RawHeader, RawRange } from './codec.js';
import type { CallOptions, Connection } from './connection.js';
import { EtcdError } from './errors.js';
import { rangeBody, type RangeRequest } from './requests.js';
import { openScanner, type ScanAnswer } from './scan.js';

export interface ManyRanges {
  header: Header;
  ranges: RangeKeys[];
  stale: boolean;
}

interface RawAnswer extends RawRange {
  header?: RawHeader;
  responses?: { response_range?: RawRange }[];
}

/** ms after which a read that may be stale takes what it gets: longer than an election. */
const ELECTION = 4000;
/** Of the budget, what is kept for a stale read. */
const STALE_SHARE = 0.2;

/** Keys of one scan without a limit: what a client can hold. A listing asks for far fewer at once. */
const MOST_SCANNED = 1_000_000;

/** As Client.range(). */
export async function range(connection: Connection, request: RangeRequest, options: CallOptions): Promise<RangeAnswer> {
  const { answer, stale } = await read(connection, [request], options);
  return { ...decodeRange(answer), stale };
}

/** As Client.rangeMany(). */
export async function rangeMany(connection: Connection, requests: readonly RangeRequest[], options: CallOptions): Promise<ManyRanges> {
  const { answer, stale } = await read(connection, requests, options);
  const ranges = requests.length === 1 ? [answer] : (answer.responses ?? []).map((response) => response.response_range ?? {});
  return { header: decodeHeader(answer.header), ranges: ranges.map(decodeKeys), stale };
}

/** As Client.scan(). */
export async function scan(
  connection: Connection,
  request: RangeRequest,
  onKey: (key: Key) => void,
  options: CallOptions,
): Promise<ScanAnswer> {
  const body = rangeBody({ ...request, keysOnly: true });
  return connection.stream('/v3/kv/range', body, options, (endpoint) => openScanner(onKey, request.limit ?? MOST_SCANNED, endpoint));
}

async function read(connection: Connection, requests: readonly RangeRequest[], options: CallOptions) {
  const { stale = 'never' } = requests[0] ?? {};
  if (stale === 'only') return readStale(connection, requests, options);
  const began = performance.now();
  const budget = stale === 'allowed' ? options.budget * (1 - STALE_SHARE) : options.budget;
  const patience = { ...options, budget, ...(stale === 'allowed' && { hopeless: Math.min(budget, ELECTION) }) };
  const { path, body } = bodyOf(requests, false);
  try {
    const { answer } = await connection.call<RawAnswer>(path, body, patience);
    return { answer, stale: false };
  } catch (thrown) {
    if (stale !== 'allowed' || options.signal?.aborted || !isQuorumLoss(thrown)) throw thrown;
    const left = options.budget - (performance.now() - began);
    return readStale(connection, requests, { ...options, budget: left }).catch(() => Promise.reject(thrown as EtcdError));
  }
}

async function readStale(connection: Connection, requests: readonly RangeRequest[], options: CallOptions) {
  const { path, body } = bodyOf(requests, true);
  return { answer: await connection.callAny<RawAnswer>(path, body, options), stale: true };
}

function bodyOf(requests: readonly RangeRequest[], stale: boolean): { path: string; body: object } {
  const bodies = requests.map((request) => rangeBody(request, stale));
  if (bodies.length === 1) return { path: '/v3/kv/range', body: bodies[0] as object };
  return { path: '/v3/kv/txn', body: { success: bodies.map((body) => ({ request_range: body })) } };
}

function isQuorumLoss(thrown: unknown): boolean {
  return thrown instanceof EtcdError && thrown.retryable && (thrown.code === 'timeout' || thrown.code === 'unavailable');
}
