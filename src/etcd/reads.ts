/** Reads: linearizable; where that cannot be had and the request allows it, what one member has, labelled. */
import { decodeMany, decodeRange, holdHeader, keyHolder } from './decoders.js';
import type { Header, Key, RangeAnswer, RangeKeys } from './codec.js';
import type { CallOptions, Connection } from './connection.js';
import type { Question } from './question.js';
import { EtcdError } from './errors.js';
import { rangeBody, type RangeRequest, type TxnBody } from './requests.js';
import { openScanner, type ScanAnswer } from './scan.js';

export interface ManyRanges {
  header: Header;
  ranges: RangeKeys[];
  stale: boolean;
}

/** ms after which a read that may be stale takes what it gets: longer than an election. */
const ELECTION = 4000;
/** Of the budget, what is kept for a stale read. */
const STALE_SHARE = 0.2;

/** Keys of one scan without a limit: what a client can hold. A listing asks for far fewer at once. */
const MOST_SCANNED = 1_000_000;

/** As Client.range(). */
export async function range(connection: Connection, request: RangeRequest, options: CallOptions): Promise<RangeAnswer> {
  const { answer, stale } = await read(connection, request, options, (isStale) => {
    return { path: '/v3/kv/range', body: rangeBody(request, isStale), decode: (raw) => decodeRange(raw, request) };
  });
  return { ...answer, stale };
}

/** As Client.rangeMany(). */
export async function rangeMany(connection: Connection, requests: readonly RangeRequest[], options: CallOptions): Promise<ManyRanges> {
  const [first] = requests as [RangeRequest];
  const { answer, stale } = await read(connection, first, options, (isStale) => {
    const [path, body] = bodyOf(requests, isStale);
    return { path, body, decode: (raw) => decodeMany(raw, requests, body) };
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

/** @param ask the question, to one member that may be out of date or to the leader */
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
    // What any member may answer says nothing of how far the cluster is.
    const { answer } = await (serializable ? connection.call(ask(false), patience) : connection.callLeader(ask(false), patience));
    return { answer, stale: false };
  } catch (thrown) {
    if (stale !== 'allowed' || options.signal?.aborted || !isQuorumLoss(thrown)) throw thrown;
    const left = options.budget - (performance.now() - began);
    return readStale({ ...options, budget: left }).catch(() => Promise.reject(thrown as EtcdError));
  }
}

function bodyOf(requests: readonly RangeRequest[], isStale: boolean): [path: string, body: TxnBody] {
  const bodies = requests.map((request) => rangeBody(request, isStale));
  const txn = { success: bodies.map((body) => ({ request_range: body })) };
  return requests.length === 1 ? ['/v3/kv/range', bodies[0] as TxnBody] : ['/v3/kv/txn', txn];
}

function isQuorumLoss(thrown: unknown): boolean {
  return thrown instanceof EtcdError && thrown.retryable && (thrown.code === 'timeout' || thrown.code === 'unavailable');
}
