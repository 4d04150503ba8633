/**
 * Every key of a range, at one revision, streamed: with its value in a few large answers. Each answer costs the server a count of
 * what is left (0.15 µs a key), and its whole size in memory, several times, so there must be few and none too large.
 */
import {
  after,
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
 * known, and then all the rest, in one answer if it is not too large for the memory of the server.
 */
const GROWTH = 1024;
/** Bytes on the wire that an answer should have: 350,000 keys with values of 200 bytes. */
const ANSWER_BYTES = 128 * 1024 * 1024;
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
  let limit = request.keysOnly ? MOST_NAMES : FIRST_LIMIT;
  for (const { start, end } of spans) {
    for (let next: Key | undefined = start; next !== undefined;) {
      const page = await readPage(client, { ...request, start: next, end }, source, limit, onEntries, options);
      next = page.last === undefined ? undefined : after(page.last);
      if (!request.keysOnly) limit = nextLimit(limit, page);
    }
  }
  return source;
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
  keys: number;
  /** On the wire, about. */
  bytes: number;
  /** Undefined if there is nothing after it. */
  last: Key | undefined;
}

async function readPage(
  client: Client,
  { start, end, keysOnly }: StreamRequest,
  source: Source,
  limit: number,
  onEntries: (entries: Entry[], source: Source) => void | Promise<void>,
  options: CallOptions,
): Promise<Page> {
  const { revision, clusterId } = source;
  const page: Page = { keys: 0, bytes: 0, last: undefined };
  const take = (all: Entry[]): void | Promise<void> => {
    const { last } = page;
    // An attempt that broke off is followed by one that begins again.
    const entries = last !== undefined && (all[0] as Entry).key <= last ? all.filter(({ key }) => key > last) : all;
    if (entries.length === 0) return;
    page.last = entries.at(-1)?.key;
    page.keys += entries.length;
    for (const { key, value } of entries) page.bytes += KEY_COSTS + ((key.length + value.length) * 4) / 3;
    return onEntries(entries, source);
  };
  const request = { key: start, rangeEnd: end, limit, keysOnly, revision, clusterId };
  const { more, count } = await client.scanEntries(request, take, options);
  if (more && page.keys === 0) throw new EtcdError('unsupported', `the answer has none of the ${count} keys that it counts`);
  return more ? page : { ...page, last: undefined };
}

function nextLimit(limit: number, { keys, bytes }: Page): number {
  const fit = keys === 0 ? limit : Math.floor((ANSWER_BYTES * keys) / bytes);
  return Math.max(1, Math.min(fit, GROWTH * limit));
}
