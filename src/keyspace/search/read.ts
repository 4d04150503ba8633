/**
 * Streams every key of a range, at one revision. For each answer the server counts what is left of the range (0.15 µs a key), and needs
 * several times the answer's size in memory. So the rest of a large range is cut into pieces of a few MiB, which are counted once, and
 * three of them are asked for at a time. If nobody knows how to cut, there are few answers, but none that is too large.
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
import { askAhead, type Ahead, type Read } from './ahead.js';
import { openCutter, type Cutter } from './pieces.js';

export interface StreamRequest extends SubtreeRequest {
  keysOnly: boolean;
  /** The bytes on the wire that a piece should have, if pieces are asked for side by side. */
  pieceBytes?: number;
}

/** What is true of all that is read. */
export interface Source {
  revision: Revision;
  clusterId: string;
  /** Only what the user's roles allow to see. */
  scoped: boolean;
}

/** Keys of the first answer with values. Even if each has 1.5 MiB, the most that etcd takes by default, it is under 16 MiB. */
const FIRST_LIMIT = 7;
/**
 * How much answers grow: the next keys may have larger values. So there are 7 keys, at once, then 7168, which show their size. Then the
 * rest comes in pieces, or in one answer if that is not too large for the server's memory.
 */
const GROWTH = 1024;
/** Bytes on the wire that an answer should have: 350,000 keys with values of 200 bytes. */
const ANSWER_BYTES = 128 * 1024 * 1024;
/** About what a key and its numbers take there, besides its own bytes and those of the value. */
const KEY_COSTS = 120;
/** As StreamRequest.pieceBytes: 10,000 keys with values of 200 bytes, which take the server some 40 ms. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** Pieces that are asked for besides the one that is read: one for each of two processors of the server. */
const AHEAD = 2;
const LEARNED_EVERY = 4;
/** Keys of an answer without values. */
const MOST_NAMES = 1_000_000;

/**
 * @param onEntries gets every entry once, in order. No more is read until its promise is kept, and whatever it throws ends the reading
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
  const patience = { ...options, signal: either(options.signal, stop.signal) };
  const reading = { client, request, source, onEntries, options: patience, limit: request.keysOnly ? MOST_NAMES : FIRST_LIMIT };
  try {
    for (const span of spans) await readSpan(reading, span);
    return source;
  } finally {
    stop.abort(new EtcdError('cancelled', 'nobody reads on'));
  }
}

interface Reading {
  client: Client;
  request: StreamRequest;
  source: Source;
  onEntries: (entries: Entry[], source: Source) => void | Promise<void>;
  options: CallOptions;
  /** Keys of the next answer. */
  limit: number;
}

/** The pieces in order: the first one is being read, and the next ones are asked for already. */
async function readSpan(reading: Reading, span: Span): Promise<void> {
  const { client, request, source, options } = reading;
  const { keysOnly, pieceBytes = PIECE_BYTES } = request;
  const cutter = openCutter(span);
  const take = (entries: Entry[]): void | Promise<void> => {
    if (!keysOnly) learnSome(cutter, entries);
    return reading.onEntries(entries, source);
  };
  const ask = (piece: Span): Ahead<Page> => {
    const { limit } = reading;
    const read: Read<Entry[], Page> = (onPart, dropping) => {
      const patience = { ...options, ...(dropping && { signal: either(options.signal, dropping) }) };
      return readPage(client, { ...request, ...piece }, source, limit, onPart, patience);
    };
    return askAhead(read, take, options.budget / 2);
  };
  const left: Span[] = [span];
  const asked: { piece: Span; ahead: Ahead<Page> }[] = [];
  try {
    while (left.length + asked.length > 0) {
      while (left.length > 0 && asked.length <= AHEAD) {
        const piece = left.shift() as Span;
        asked.push({ piece, ahead: ask(piece) });
      }
      const { piece, ahead } = asked[0] as { piece: Span; ahead: Ahead<Page> };
      const page = await ahead.take();
      asked.shift();
      if (!keysOnly) reading.limit = nextLimit(reading.limit, page);
      if (page.last === undefined) continue;
      const rest = {
        start: after(page.last),
        end: piece.end,
        keys: page.left,
        wanted: Math.min(reading.limit, Math.ceil((pieceBytes * page.keys) / page.bytes)),
      };
      const isLarge = !keysOnly && rest.keys > 2 * rest.wanted;
      const pieces = isLarge ? await cutter.cut(client, rest, source, options) : [rest];
      // Several pieces come before what was asked for already. So that is dropped, and asked for again later.
      const [next, ...others] = pieces as [Span, ...Span[]];
      if (others.length > 0 || asked.length === 0) left.unshift(next, ...others, ...asked.splice(0).map(dropped));
      else asked.unshift({ piece: next, ahead: ask(next) });
    }
  } finally {
    asked.forEach(dropped);
  }
}

function dropped({ piece, ahead }: { piece: Span; ahead: Ahead<Page> }): Span {
  ahead.drop();
  return piece;
}

/** Learns from a few keys of each chunk, which are enough. */
function learnSome(cutter: Cutter, entries: readonly Entry[]): void {
  for (let i = 0; i < entries.length; i += LEARNED_EVERY) cutter.learn((entries[i] as Entry).key);
}

/** Asks for the revision to read at, and for what the user may read. */
async function begin(
  client: Client,
  { start, end, revision, clusterId }: StreamRequest,
  options: CallOptions,
): Promise<{ header: Header; spans: Span[]; scoped: boolean }> {
  // etcd counts the whole of a range. So only a user asks for a range, because their roles may be for a part of it.
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
  keys: number;
  /** On the wire, approximately. */
  bytes: number;
  /** Keys after it in its range. */
  left: number;
  /** Undefined if there is nothing after it. */
  last: Key | undefined;
}

async function readPage(
  client: Client,
  { start, end, keysOnly }: StreamRequest,
  source: Source,
  limit: number,
  onEntries: (entries: Entry[]) => void | Promise<void>,
  options: CallOptions,
): Promise<Page> {
  const { revision, clusterId } = source;
  const page: Page = { keys: 0, bytes: 0, left: 0, last: undefined };
  const take = (all: Entry[]): void | Promise<void> => {
    const { last } = page;
    // If an attempt broke off, the next one begins again with the same keys.
    const entries = last !== undefined && (all[0] as Entry).key <= last ? all.filter(({ key }) => key > last) : all;
    if (entries.length === 0) return;
    page.last = entries.at(-1)?.key;
    page.keys += entries.length;
    for (const { key, value } of entries) page.bytes += KEY_COSTS + ((key.length + value.length) * 4) / 3;
    return onEntries(entries);
  };
  const request = { key: start, rangeEnd: end, limit, keysOnly, revision, clusterId };
  const { more, count } = await client.scanEntries(request, take, options);
  if (more && page.keys === 0) throw new EtcdError('unsupported', `the answer has none of the ${count} keys that it counts`);
  return more ? { ...page, left: count - page.keys } : { ...page, last: undefined };
}

function nextLimit(limit: number, { keys, bytes }: Page): number {
  const fit = keys === 0 ? limit : Math.floor((ANSWER_BYTES * keys) / bytes);
  return Math.max(1, Math.min(fit, GROWTH * limit));
}
