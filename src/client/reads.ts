/** Reads are linearizable. If that cannot be had and the request allows it, one member's own data is given, and labelled so. */
import { decodeKeys, decodeKvs, decodeRange, holdHeader, keyHolder } from './decoders.js';
import type { Header, Key, RangeAnswer, RangeKeys } from './codec.js';
import type { CallOptions, Connection } from './connection.js';
import type { Question } from './question.js';
import { isEtcdError } from './errors.js';
import { openScanner, type ScanAnswer } from './scan.js';
import { openEntryScanner, type Entry } from './scan-entries.js';
import { rangeBody, type RangeRequest } from './txn.js';
import { decodeMany } from './txn-answer.js';

/** Several ranges at one revision, in the order in which they were asked for. */
export interface ManyRanges<Found = RangeKeys> {
  header: Header;
  ranges: Found[];
  stale: boolean;
}

/** A range as it is in an answer with several of them. */
export type WholeRange = Pick<RangeAnswer, 'kvs' | 'count' | 'more'>;

/** ms after which a read that may be stale takes what it gets. It is longer than an election. */
const ELECTION = 4000;
/** The share of the budget that is kept for a stale read. */
const STALE_SHARE = 0.2;

/** The most keys of one scan without a limit, as many as a client can hold. A listing asks for far fewer at once. */
const MOST_SCANNED = 1_000_000;

/** As Client.range(). */
export async function range(connection: Connection, request: RangeRequest, options: CallOptions): Promise<RangeAnswer> {
  const { answer, stale } = await read(connection, request, options, (isStale) => {
    return { path: '/v3/kv/range', body: rangeBody(request, isStale), decode: (raw) => decodeRange(raw, request) };
  });
  return { ...answer, stale };
}

/** As Client.rangeMany(). */
export function rangeMany(connection: Connection, requests: readonly RangeRequest[], options: CallOptions): Promise<ManyRanges> {
  return many(connection, requests, options, decodeKeys);
}

/** As Client.rangeEach(). */
export function rangeEach(
  connection: Connection,
  requests: readonly RangeRequest[],
  options: CallOptions,
): Promise<ManyRanges<WholeRange>> {
  return many(connection, requests, options, decodeKvs);
}

async function many<Found>(
  connection: Connection,
  requests: readonly RangeRequest[],
  options: CallOptions,
  decode: (raw: unknown, request: RangeRequest) => Found,
): Promise<ManyRanges<Found>> {
  const [first] = requests as [RangeRequest];
  const { answer, stale } = await read(connection, first, options, (isStale) => {
    const [path, body] = bodyOf(requests, isStale);
    return { path, body, decode: (raw) => decodeMany(raw, requests, decode) };
  });
  return { ...answer, stale };
}

/** As Client.scan(). */
export async function scan(
  connection: Connection,
  request: RangeRequest,
  onKey: (key: Key) => void,
  options: CallOptions,
): Promise<ScanAnswer> {
  const body = rangeBody({ ...request, keysOnly: true });
  return connection.stream('/v3/kv/range', body, options, (endpoint) => {
    const hold = keyHolder(request);
    const onHeader = (header: Header): void => void holdHeader(header, request);
    return openScanner((key) => onKey(hold(key)), request.limit ?? MOST_SCANNED, endpoint, onHeader);
  });
}

/** As Client.scanEntries(). */
export async function scanEntries(
  connection: Connection,
  request: RangeRequest,
  onEntries: (entries: Entry[]) => void | Promise<void>,
  options: CallOptions,
): Promise<ScanAnswer> {
  return connection.stream('/v3/kv/range', rangeBody(request), options, (endpoint) => {
    const hold = keyHolder(request);
    const onHeader = (header: Header): void => void holdHeader(header, request);
    const take = (entries: Entry[]): void | Promise<void> => {
      for (const { key } of entries) hold(key);
      return onEntries(entries);
    };
    return openEntryScanner(take, request.limit ?? Infinity, endpoint, onHeader);
  });
}

/** @param ask makes the question, to one member that may be out of date or to the leader */
async function read<Answer extends { header: Header }>(
  connection: Connection,
  { stale = 'never', serializable = false }: RangeRequest,
  options: CallOptions,
  ask: (isStale: boolean) => Question<Answer>,
): Promise<{ answer: Answer; stale: boolean }> {
  const readStale = async (patience: CallOptions) => ({ answer: await connection.callAny(ask(true), patience), stale: true });
  if (stale === 'only') return readStale(options);
  const began = performance.now();
  const budget = stale === 'allowed' ? options.budget * (1 - STALE_SHARE) : options.budget;
  const patience = { ...options, budget, ...(stale === 'allowed' && { hopeless: Math.min(budget, ELECTION) }) };
  try {
    // An answer that any member may give does not show how far the cluster is.
    const { answer } = await (serializable ? connection.call(ask(false), patience) : connection.callLeader(ask(false), patience));
    return { answer, stale: false };
  } catch (thrown) {
    if (stale !== 'allowed' || options.signal?.aborted || !isQuorumLoss(thrown)) throw thrown;
    const left = options.budget - (performance.now() - began);
    return readStale({ ...options, budget: left }).catch(() => {
      throw thrown;
    });
  }
}

function bodyOf(requests: readonly RangeRequest[], isStale: boolean): [path: string, body: object] {
  const bodies = requests.map((request) => rangeBody(request, isStale));
  const txn = { success: bodies.map((body) => ({ request_range: body })) };
  return requests.length === 1 ? ['/v3/kv/range', bodies[0] as object] : ['/v3/kv/txn', txn];
}

function isQuorumLoss(thrown: unknown): boolean {
  return isEtcdError(thrown, 'timeout', 'unavailable') && thrown.retryable;
}
