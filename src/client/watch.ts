/**
 * A watch that goes on. It loses no event and tells none twice, whatever happens to connections and members. It resumes after the last
 * revision that was heard. If it cannot do that without a gap, it says so.
 * (https://etcd.io/docs/v3.5/learning/api_guarantees/#watch-apis)
 */
import { LONGEST, openBackoff } from './backoff.js';
import type { Header, RangeAnswer, Revision } from './codec.js';
import type { Connection } from './connection.js';
import { decodeRange } from './decoders.js';
import { isEtcdError, type EtcdError } from './errors.js';
import { objection } from './lineage.js';
import { rangeBody } from './txn.js';
import { echoObjection, lastPut, putObjection } from './watch-echo.js';
import { openCollector, type Revised } from './watch-events.js';
import { listen, type WatchRange } from './watch-link.js';

export interface WatchRequest extends WatchRange {
  /** The first revision to hear of. If you have read at R, that is R + 1. Without it, you hear all that comes after the watch has begun. */
  from?: Revision;
  /** Whether to be told that nothing has happened, every ten minutes or as the server is set. */
  progress?: boolean;
}

export interface WatchOptions {
  /** Ends the watch, quietly. */
  signal?: AbortSignal;
  /** ms in which the watch must have begun. After that it goes on without a limit. The default is 5000. */
  budget?: number;
  /** Hears why the connection has broken, and undefined when the watch goes on. Nothing is lost in between. */
  onConnection?: (error: EtcdError | undefined) => void;
}

export type WatchItem =
  /** The first one. Every change after `revision` will be told. */
  | { type: 'created'; revision: Revision; header: Header }
  /** All that one txn has changed in the range. Revisions grow from item to item. */
  | ({ type: 'events' } & Revised)
  /**
   * Changes may have been missed: read again. Every change after `revision` will be told.
   * - `compacted`: the history in between is gone. This is the first revision that etcd still has.
   * - without it: another cluster answers, or this one was restored from a backup, after `from` was read or after the last message.
   *   `why` says how that is known.
   */
  | { type: 'resync'; revision: Revision; header: Header; compacted?: Revision; why: string }
  /** Nothing else has happened up to `revision`. Only sent if it was asked for. */
  | { type: 'progress'; revision: Revision };

/** ms in which a watch must have begun, if the caller does not say. */
const BUDGET = 5000;

/**
 * Like Client.watch(). It begins when the first item is asked for. Each iteration is a watch of its own.
 * @throws EtcdError what the request ends with before the watch has begun; after that only errors that waiting does not mend
 */
export function watch(connection: Connection, request: WatchRequest, options: WatchOptions = {}): AsyncIterable<WatchItem> {
  return {
    [Symbol.asyncIterator]() {
      const stop = new AbortController();
      const signals = [stop.signal, connection.closed, ...(options.signal ? [options.signal] : [])];
      const items = follow(connection, request, options, AbortSignal.any(signals));
      return {
        next: () => items.next(),
        // This also works while someone waits for the next item.
        async return() {
          stop.abort();
          return items.return(undefined);
        },
      };
    },
  };
}

/** How far the watch has come. */
interface Place {
  /** Everything up to here is told. */
  heard: Revision;
  /** The furthest point that this cluster was seen to have reached. */
  seen: Header;
  /** The revision to begin at. */
  from: Revision;
  /** The last events that were told of this history. */
  last?: Revised | undefined;
  /** Why changes may have been missed, until that is told. */
  why?: string | undefined;
}

async function* follow(
  connection: Connection,
  request: WatchRequest,
  { budget = BUDGET, onConnection = () => undefined }: WatchOptions,
  signal: AbortSignal,
): AsyncGenerator<WatchItem, undefined> {
  const end = performance.now() + budget;
  const backoff = openBackoff();
  let place: Place | undefined;
  let [hasBegun, isBroken] = [false, false];
  while (!isOver(signal)) {
    const began = performance.now();
    try {
      const now = await furthest(connection, keyToAsk(request, place), { budget, signal });
      const { header } = now;
      const why = place && strangeness(connection, place, now);
      if (why !== undefined) place = { ...placeAt(header), why };
      place ??= placeOf(request.from, header);
      for await (const item of hear(connection, request, place, { budget, signal })) {
        if (item.type === 'created' ? !hasBegun : item.type !== 'progress' || request.progress) yield item;
        if (isBroken) onConnection(undefined);
        [hasBegun, isBroken] = [true, false];
        if (item.type !== 'created') backoff.reset();
      }
    } catch (thrown) {
      if (isOver(signal)) return undefined;
      const mayPass = isEtcdError(thrown) && (hasBegun ? isPassing(thrown) : thrown.retryable && performance.now() < end);
      if (!mayPass) throw thrown;
      if (hasBegun) onConnection(thrown);
      isBroken = hasBegun;
      if (performance.now() - began > LONGEST) backoff.reset();
      await backoff.wait(signal);
    }
  }
  return undefined;
}

/**
 * One connection.
 * @param place moves on with what is yielded
 * @returns after a resync: the watch has to begin anew at another place
 * @throws EtcdError when the connection ends
 */
async function* hear(
  connection: Connection,
  request: WatchRequest,
  place: Place,
  options: { budget: number; signal: AbortSignal },
): AsyncGenerator<WatchItem, undefined> {
  /** What etcd has to repeat first. */
  let due = place.last?.revision === place.from ? place.last : undefined;
  const collector = openCollector(due ? before(due.revision) : place.heard);
  for await (const message of listen(connection, request, place.from, options)) {
    if (message.created) {
      const { heard: revision, seen: header, why } = place;
      yield { type: 'created', revision, header };
      place.why = undefined;
      if (why !== undefined) yield { type: 'resync', revision, header, why };
    }
    for (const revised of collector.take(message)) {
      const why = due && echoObjection(due, revised);
      if (why !== undefined) {
        yield await resync(connection, request, place, options, { why });
        return undefined;
      }
      const isEcho = due?.revision === revised.revision;
      due = undefined;
      if (isEcho) continue;
      advance(place, revised.revision, revised);
      yield { type: 'events', ...revised };
    }
    if (message.compacted !== undefined) {
      const { compacted } = message;
      yield await resync(connection, request, place, options, { compacted, why: `the history before revision ${compacted} was compacted` });
      return undefined;
    }
    // It is nothing but a header: everything up to its revision is told.
    if (!message.created && message.events.length === 0 && !message.fragment && advance(place, message.revision)) {
      yield { type: 'progress', revision: place.heard };
    }
  }
  return undefined;
}

/** Begins anew at the revision that the cluster is at now. */
async function resync(
  connection: Connection,
  { key }: WatchRequest,
  place: Place,
  options: { budget: number; signal: AbortSignal },
  reason: { compacted?: Revision; why: string },
): Promise<WatchItem> {
  const { header } = await furthest(connection, key, options);
  Object.assign(place, placeAt(header), { last: undefined });
  return { type: 'resync', revision: header.revision, header, ...reason };
}

/** Asked by a function, because the value changes while we wait. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** @returns whether `revision` is at least as far as the watch has come */
function advance(place: Place, revision: Revision, last = place.last): boolean {
  if (BigInt(revision) < BigInt(place.heard)) return false;
  Object.assign(place, placeAt(place.seen, revision), { last });
  return true;
}

/**
 * A watch that goes on is told the last revision again, and leaves it out. If it began at the next one, it could miss a delete whose
 * revision was compacted just now: etcd before 3.4.36 and 3.5.18 drops it without a word, and reports compaction only for older revisions.
 */
function placeAt(seen: Header, heard: Revision = seen.revision): Place {
  const isFurther = BigInt(heard) > BigInt(seen.revision);
  return { heard, seen: isFurther ? { ...seen, revision: heard } : seen, from: heard === '0' ? '1' : heard };
}

/**
 * @returns where to begin: at `now` if the cluster has not come as far as the revision that was read, because then it must be another one
 */
function placeOf(from: Revision | undefined, now: Header): Place {
  if (from === undefined) return placeAt(now);
  const read = before(from);
  if (BigInt(read) <= BigInt(now.revision)) return { ...placeAt(now, read), from };
  return { ...placeAt(now), why: `the cluster is at revision ${now.revision} and has not come to ${read} yet` };
}

function before(revision: Revision): Revision {
  const last = BigInt(revision) - 1n;
  return String(last < 0n ? 0n : last);
}

/** The key that was put last shows best whether this is the history that was told. */
function keyToAsk({ key }: WatchRequest, place: Place | undefined): string {
  return (place?.last && lastPut(place.last)?.key) ?? key;
}

/** @returns an answer that needs a quorum. It says how far the cluster is, and which one it is. An expired token is renewed on the way */
async function furthest(connection: Connection, key: string, options: { budget: number; signal: AbortSignal }): Promise<RangeAnswer> {
  const request = { key, keysOnly: true };
  const question = { path: '/v3/kv/range', body: rangeBody(request), decode: (raw: unknown) => decodeRange(raw, request) };
  return (await connection.callLeader(question, options)).answer;
}

/** @returns why `now` is not of the cluster, or not of the history, that was told so far; undefined if it is */
function strangeness({ lineage }: Connection, { seen, last }: Place, now: RangeAnswer): string | undefined {
  const past = lineage.isPast(seen) ? 'another cluster has answered there since' : undefined;
  return objection(seen, now.header) ?? past ?? (last && putObjection(last, now.kvs[0]));
}

/** Whether a watch waits for better times after that error, instead of giving up. */
export function isPassing(error: EtcdError): boolean {
  return error.retryable || !isEtcdError(error, 'permission_denied', 'unauthenticated', 'invalid_address', 'invalid_value');
}
