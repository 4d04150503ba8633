/**
 * What happened to the keys of a range since a revision. It is a watch that is read until now, and then ends (etcd API reference,
 * "WatchCreateRequest.start_revision").
 *
 * No message of etcd says that a watch has caught up. etcd sends the past in batches of at most BATCH revisions, so a smaller batch is
 * the last. If nothing comes at all, a second watch tells. It watches the newest revision, which always exists, and etcd looks through
 * the past for both watches in one go.
 */
import { encodeKey, type Header, type Key, type Revision } from './codec.js';
import { either } from './signals.js';
import type { CallOptions, Connection } from './connection.js';
import { decodeHeader, holdHeader, int64Of, type Fields } from './decoders.js';
import { EtcdError, isDenied } from './errors.js';
import { TO_THE_END } from './range.js';
import { decodeWatch, type WatchEvent, type WatchMessage } from './watch-answer.js';
import { openWatch } from './watch-link.js';

export interface ReplayRequest {
  key: Key;
  rangeEnd?: Key;
  /** The first revision of interest. */
  from: Revision;
  /** An event that is known to be there. Reading ends with it, however long that takes. Without it reading ends now. */
  until?: Revision;
  /** The cluster to read from. Without it, any. */
  clusterId?: string;
  /** Tell with each event what the key was before, as long as that is not compacted. */
  prevKv?: boolean;
}

export interface Replayed {
  /** By revision. */
  events: WatchEvent[];
  /** Nothing before this revision is known. It is later than `from` if etcd was compacted. */
  since: Revision;
  header: Header;
}

/** A message, or the news that etcd has nothing from before a revision. */
type Told = (Omit<WatchMessage, 'compacted'> & { header: Header }) | { compacted: Revision };

/** The most revisions that etcd sends at once. */
const BATCH = 1000;
/** ms of silence after which the second watch is opened. etcd catches up a watch every 100 ms. */
const SILENCE = 150;
/** The same if the user may not watch the whole key space, so that no second watch can tell. */
const UNTOLD = 2000;

/**
 * @param options the budget is for the beginning of each watch, the signal ends them
 * @returns batches; the last one may be empty
 * @throws EtcdError as Connection.messages(), the refusal of the watch, and cluster_changed
 */
export async function* replay(connection: Connection, request: ReplayRequest, options: CallOptions): AsyncGenerator<Replayed, void> {
  const stop = new AbortController();
  const signal = either(options.signal, stop.signal);
  const patience = { ...options, signal };
  try {
    let from: Revision | undefined = request.from;
    while (from !== undefined) from = yield* replayFrom(connection, { ...request, from }, patience);
  } finally {
    stop.abort(new EtcdError('cancelled', 'nobody reads on'));
  }
}

/** @returns where to begin instead, if etcd no longer has `from` */
async function* replayFrom(
  connection: Connection,
  request: ReplayRequest,
  options: CallOptions,
): AsyncGenerator<Replayed, Revision | undefined> {
  const { from: since, until } = request;
  // 3.4 does not tell of a delete at the oldest revision that it has.
  const isCertain = until !== undefined && BigInt(until) > BigInt(since);
  const over = async (now: Revision): Promise<number> => caughtUp(connection, now, options);
  const watch = await openReader(connection, request, options);
  let header: Header | undefined;
  for (let next = watch(); ; next = watch()) {
    // An error reaches whoever waits for it, if anyone does.
    next.catch(() => undefined);
    const now = header?.revision;
    const message = now === undefined || isCertain ? await next : await unlessSilent(next, async () => over(now));
    if (!message) {
      yield { events: [], since, header: header as Header };
      return undefined;
    }
    if ('compacted' in message) return message.compacted;
    if (message.refusal) throw message.refusal;
    header = message.header;
    if (message.created) continue;
    yield { events: message.events, since, header };
    const revisions = message.events.map(({ kv }) => kv.modRevision);
    if (new Set(revisions).size < BATCH || isAfter(until, revisions.at(-1))) return undefined;
  }
}

function isAfter(until: Revision | undefined, last: Revision | undefined): boolean {
  return until !== undefined && last !== undefined && BigInt(last) >= BigInt(until);
}

/** @returns a function that gives the next message */
async function openReader(connection: Connection, request: ReplayRequest, options: CallOptions): Promise<() => Promise<Told>> {
  const { key, rangeEnd, from, clusterId, prevKv = false } = request;
  const range = { key: encodeKey(key), ...(rangeEnd !== undefined && { range_end: encodeKey(rangeEnd) }) };
  const create = { ...range, start_revision: from, ...(prevKv && { prev_kv: true }) };
  const messages = await openWatch(connection, { key, rangeEnd }, { create_request: create }, options);
  const iterator = messages[Symbol.asyncIterator]();
  return async () => {
    // It ends only with an error.
    const { value } = (await iterator.next()) as IteratorYieldResult<Fields>;
    // The header of a compacted watch has no revision that counts.
    const compacted = int64Of(value['compact_revision'], 'compact_revision');
    if (compacted !== '0') return { compacted };
    const message = { ...decodeWatch(value, { key, rangeEnd }, connection.endpoint()), header: decodeHeader(value['header']) };
    holdHeader(message.header, { key, ...(clusterId !== undefined && { clusterId }) });
    return message;
  };
}

/** The next message; undefined if none comes within the ms that `over` gives. */
async function unlessSilent(next: Promise<Told>, over: () => Promise<number>): Promise<Told | undefined> {
  return (await within(next, SILENCE)) ?? within(next, await over());
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Waits until a watch that begins now has told of the newest revision. @returns ms to wait for what etcd sends together with that */
async function caughtUp(connection: Connection, now: Revision, options: CallOptions): Promise<number> {
  const stop = new AbortController();
  const signal = either(options.signal, stop.signal);
  try {
    const all = { key: '\0', rangeEnd: TO_THE_END, from: now };
    const watch = await openReader(connection, all, { ...options, signal }).catch((thrown: unknown) => {
      if (!isDenied(thrown)) throw thrown;
      return undefined;
    });
    if (!watch) return UNTOLD;
    for (;;) {
      const message = await watch();
      if ('compacted' in message) return await caughtUp(connection, message.compacted, options);
      if (message.refusal) return UNTOLD;
      if (message.events.length > 0) return SILENCE;
    }
  } finally {
    stop.abort(new EtcdError('cancelled', 'nobody reads on'));
  }
}
