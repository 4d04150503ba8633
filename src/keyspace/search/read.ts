/**
 * Every key of a range, at one revision, streamed: with its value in a few large answers. Each answer costs the server a count of
 * what is left (0.15 µs a key), and its whole size in memory, several times, so there must be few and none too large.
 */
import {
  after,
  either,
  EtcdError,
  isDenied,
  type CallOptions,
  type Client,
  type Entry,
  type Header,
  type Key,
  type Revision,
} from '../../client/index.js';
import { readableSpans, type Span } from '../listing/scope.js';
import type { SubtreeRequest } from '../subtree.js';

export interface StreamRequest extends SubtreeRequest {
  keysOnly: boolean;
}

/** What is true of all that is read. */
export interface Source {
  revision: Revision;
  clusterId: string;
  /** Only what the user's roles allow to see. */
  scoped: boolean;
}

/** Keys of the first answer with values: if each has 1.5 MiB, the most that etcd takes by default, it is under 16 MiB. */
const FIRST_LIMIT = 7;
/**
 * From answer to answer: the next keys may have larger values. So there are 7 keys, at once, then 7168, from which their size is
 * known, and then large answers, of which the next one is made while we look at one.
 */
const GROWTH = 1024;
/** Bytes on the wire that an answer should have: the server makes the next one while we look at it. */
const ANSWER_BYTES = 8 * 1024 * 1024;
/** Of the keys that are left, so many parts are asked for: to count the others costs less than a tenth of what these do. */
const SHARE = 4;
/** Bytes on the wire that an answer has at the most: 350,000 keys with values of 200 bytes. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Keys from which on their size tells how large the next ones are. */
const KNOWN = 1000;
/** About what a key and its numbers take there, beside its own bytes and those of the value. */
const KEY_COSTS = 120;
/** Keys of an answer without values. */
const MOST_NAMES = 1_000_000;

/**
 * @param onEntries gets every entry once, in order; no more is read before its promise is kept, and what it throws ends the reading
 * @param options the budget is that of each answer
 * @throws EtcdError compacted if that revision goes away meanwhile, cluster_changed if another cluster answers
 */
export async function streamEntries(
  client: Client,
  request: StreamRequest,
  onEntries: (entries: Entry[], source: Source) => void | Promise<void>,
  options: CallOptions,
): Promise<Source> {
  const { spans, header, scoped } = await begin(client, request, options);
  const source = { revision: request.revision ?? header.revision, clusterId: header.clusterId, scoped };
  const stop = new AbortController();
  const reading: Reading = { client, request, source, onEntries, options: { ...options, signal: either(options.signal, stop.signal) } };
  let limit = request.keysOnly ? MOST_NAMES : FIRST_LIMIT;
  try {
    for (const span of spans) limit = await readSpan(reading, span, limit);
  } finally {
    // An answer that was asked for too early.
    stop.abort();
  }
  return source;
}

/** What all pages have in common. */
interface Reading {
  client: Client;
  request: StreamRequest;
  source: Source;
  onEntries: (entries: Entry[], source: Source) => void | Promise<void>;
  options: CallOptions;
}

/** An answer that is asked for, and the one after it as soon as that is. */
interface Turn {
  done: Promise<Page>;
  next?: Turn;
}

/** @param limit of the first page @returns that of the next one */
async function readSpan(reading: Reading, { start, end }: Span, limit: number): Promise<number> {
  const { keysOnly } = reading.request;
  const nextLimit = (page: Page): number => (keysOnly ? MOST_NAMES : limitAfter(page));

  function open(from: Key, most: number, before: Promise<unknown>): Turn {
    const page: Page = { limit: most, keys: 0, bytes: 0, last: undefined, left: 0 };
    const ahead = (last: Key): void => {
      void before.then(
        () => {
          // Of too few keys nobody knows how large the next ones are.
          if (page.keys >= KNOWN) turn.next ??= open(after(last), nextLimit(page), turn.done);
        },
        () => undefined,
      );
    };
    const turn: Turn = { done: readPage(reading, { start: from, end }, page, before, keysOnly ? undefined : ahead) };
    turn.done.catch(() => undefined);
    return turn;
  }

  let turn = open(start, limit, Promise.resolve());
  for (;;) {
    const page = await turn.done;
    if (page.last === undefined) return nextLimit(page);
    turn.next ??= open(after(page.last), nextLimit(page), Promise.resolve());
    turn = turn.next;
  }
}

/** Asks what says at which revision to read, and what the user may read. */
async function begin(
  client: Client,
  { start, end, revision, clusterId }: StreamRequest,
  options: CallOptions,
): Promise<{ header: Header; spans: Span[]; scoped: boolean }> {
  // etcd counts the whole of a range: only who has roles, which may be for a part of it, asks for one.
  const rangeEnd = client.user === '' ? undefined : end;
  const pinned = { ...(revision !== undefined && { revision }), ...(clusterId !== undefined && { clusterId }) };
  try {
    const { header } = await client.range(
      { key: start, ...(rangeEnd !== undefined && { rangeEnd, limit: 1 }), keysOnly: true, ...pinned },
      options,
    );
    return { header, spans: [{ start, end }], scoped: false };
  } catch (thrown) {
    if (!isDenied(thrown) || client.user === '') throw thrown;
    const { header, ranges } = await client.readable(options);
    const spans = readableSpans(ranges, { start, end });
    if (spans.length === 0) throw thrown;
    return { header, spans, scoped: true };
  }
}

interface Page {
  /** Keys that were asked for. */
  limit: number;
  /** Keys that were looked at. */
  keys: number;
  /** On the wire, about. */
  bytes: number;
  /** Undefined if there is nothing after it. */
  last: Key | undefined;
  /** Keys after it. */
  left: number;
}

/** @param page is filled @param before what comes before it is given on before it @param ahead as `onArrived` of Client.scanEntries() */
async function readPage(
  { client, request: { keysOnly }, source, onEntries, options }: Reading,
  { start, end }: Span,
  page: Page,
  before: Promise<unknown>,
  ahead: ((last: Key) => void) | undefined,
): Promise<Page> {
  const { revision, clusterId } = source;
  let isTurn = false;
  const ours = before.then(() => (isTurn = true));
  ours.catch(() => undefined);
  const give = (all: Entry[]): void | Promise<void> => {
    const { last } = page;
    // An attempt that broke off is followed by one that begins again.
    const entries = last !== undefined && (all[0] as Entry).key <= last ? all.filter(({ key }) => key > last) : all;
    if (entries.length === 0) return;
    page.last = entries.at(-1)?.key;
    page.keys += entries.length;
    for (const { key, value } of entries) page.bytes += KEY_COSTS + ((key.length + value.length) * 4) / 3;
    return onEntries(entries, source);
  };
  const take = (all: Entry[]): void | Promise<void> => (isTurn ? give(all) : ours.then(() => give(all)));
  const request = { key: start, rangeEnd: end, limit: page.limit, keysOnly, revision, clusterId };
  const { more, count } = await client.scanEntries(request, take, options, ahead);
  if (more && page.keys === 0) throw new EtcdError('unsupported', `the answer has none of the ${count} keys that it counts`);
  page.left = count - page.keys;
  if (!more) page.last = undefined;
  return page;
}

function limitAfter({ limit, keys, bytes, left }: Page): number {
  const fit = (most: number): number => (keys === 0 ? limit : Math.floor((most * keys) / bytes));
  const wanted = Math.max(fit(ANSWER_BYTES), Math.floor(left / SHARE));
  return Math.max(1, Math.min(wanted, fit(MOST_BYTES), GROWTH * limit));
}
