/**
 * Every key of a range with its value, at one revision, page by page. Documents, exports, searches and plans are made of these.
 * Whatever the total size, no more than two pages are in memory: the one that the caller has, and the next one.
 */
import {
  either,
  after,
  EtcdError,
  isDenied,
  isEtcdError,
  firstKey,
  objection,
  prefixEnd,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type KeyValue,
  type RangeAnswer,
  type RangeRequest,
  type Revision,
} from '../client/index.js';
import { encodeSegments } from './address.js';
import { readableSpans, type Span } from './listing/scope.js';
import { FIRST_PAGE, nextPage, smallerPage, type PageSize } from './page-size.js';

/** `[start, end)`. */
export interface SubtreeRequest extends Span {
  /** The default is the newest. */
  revision?: Revision;
  /** The cluster to read from. By default any. */
  clusterId?: string;
}

export interface SubtreePage {
  /** In etcd's byte order, also from page to page. Only the first page may have none. */
  kvs: KeyValue[];
  /** The revision of all pages. */
  revision: Revision;
  /** Of the first answer. */
  header: Header;
  /** Keys after this page, as far as etcd has counted. If `scoped`, only those up to the next gap between the roles. */
  left: number;
  /** Only what the user's roles allow to see. */
  scoped: boolean;
}

/** Bytes on the wire of one page. If a page is larger, a smaller one is asked for instead. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The range of all keys that begin with `prefix`, including the key with exactly that name. */
export function spanBelow(prefix: Key): Span {
  return { start: firstKey(prefix), end: prefixEnd(prefix) };
}

/**
 * Reads one page ahead. If you stop taking pages, the reading stops.
 * @param options the budget is that of each page; the signal ends all of it
 * @returns at least one page
 * @throws EtcdError compacted if that revision goes away meanwhile; cluster_changed if another cluster answers; too_large with the name
 * of a key whose value alone is too large; and as Client.range()
 */
export async function* readSubtree(client: Client, request: SubtreeRequest, options: CallOptions): AsyncGenerator<SubtreePage, void> {
  const stop = new AbortController();
  const signal = either(options.signal, stop.signal);
  const patience = { ...options, signal };
  let next: Promise<Step> | undefined = begin(client, request, patience);
  let isFirst = true;
  try {
    while (next) {
      const step: Step = await next;
      next = step.rest.length > 0 ? goOn(client, step, patience) : undefined;
      // An error is thrown when it is that page's turn.
      next?.catch(() => undefined);
      if (isFirst || step.page.kvs.length > 0) yield step.page;
      isFirst = false;
    }
  } finally {
    stop.abort();
  }
}

/**
 * All of a range in memory, by key.
 * @param take gives what to keep of each key
 * @returns also the header of the first answer
 * @throws EtcdError as readSubtree()
 */
export async function readTree<Kept>(
  client: Client,
  request: SubtreeRequest,
  take: (kv: KeyValue) => Kept,
  options: CallOptions,
): Promise<{ header: Header; tree: Map<Key, Kept> }> {
  const tree = new Map<Key, Kept>();
  let header: Header | undefined;
  for await (const page of readSubtree(client, request, options)) {
    header ??= page.header;
    for (const kv of page.kvs) tree.set(kv.key, take(kv));
  }
  if (!header) throw new EtcdError('internal', 'a range without a page');
  return { header, tree };
}

/** One page, and how to go on. */
interface Step {
  page: SubtreePage;
  /** What is left to read. */
  rest: Span[];
  /** The size of the next page. */
  size: PageSize;
  /** The header of the last answer. A cluster never goes back to an earlier state. */
  latest: Header;
}

async function begin(client: Client, request: SubtreeRequest, options: CallOptions): Promise<Step> {
  const { start, end, ...pinned } = request;
  try {
    return await firstStep(client, [{ start, end }], pinned, options);
  } catch (thrown) {
    if (!isDenied(thrown) || client.user === '') throw thrown;
    const { header, ranges } = await client.readable(options);
    const spans = readableSpans(ranges, { start, end });
    if (spans.length === 0) throw thrown;
    const step = await firstStep(client, spans, { clusterId: header.clusterId, ...pinned }, options);
    return { ...step, page: { ...step.page, scoped: true } };
  }
}

type Pinned = Pick<RangeRequest, 'revision' | 'clusterId'>;

async function firstStep(client: Client, spans: Span[], pinned: Pinned, options: CallOptions): Promise<Step> {
  const { answer, size } = await ask(client, spans, pinned, FIRST_PAGE, options);
  const { header } = answer;
  const page = { kvs: answer.kvs, revision: pinned.revision ?? header.revision, header, left: leftOf(answer), scoped: false };
  return { page, rest: restOf(spans, answer), size: nextPage(size, answer.kvs), latest: header };
}

async function goOn(client: Client, { page, rest, size, latest }: Step, options: CallOptions): Promise<Step> {
  const { revision, header } = page;
  const asked = await ask(client, rest, { revision, clusterId: header.clusterId }, size, options).catch((thrown: unknown) => {
    throw isEtcdError(thrown, 'future_revision') ? wentBack(client, thrown.message, thrown) : thrown;
  });
  const { answer } = asked;
  const why = objection(latest, answer.header);
  if (why !== undefined) throw wentBack(client, why);
  return {
    page: { ...page, kvs: answer.kvs, left: leftOf(answer) },
    rest: restOf(rest, answer),
    size: nextPage(asked.size, answer.kvs),
    latest: answer.header,
  };
}

/** The first keys of the first span. */
async function ask(
  client: Client,
  [span]: Span[],
  pinned: Pinned,
  size: PageSize,
  options: CallOptions,
): Promise<{ answer: RangeAnswer; size: PageSize }> {
  const { start, end } = span as Span;
  const { limit } = size;
  const request = { key: start, rangeEnd: end, limit, ...pinned };
  try {
    // A single value is read without this limit, as it is anywhere else.
    return { answer: await client.range(request, limit > 1 ? { ...options, mostBytes: MOST_BYTES } : options), size };
  } catch (thrown) {
    if (!isEtcdError(thrown, 'too_large')) throw thrown;
    if (limit === 1) throw await named(client, request, thrown, options);
    return ask(client, [span as Span], pinned, smallerPage(size), options);
  }
}

function leftOf({ count, kvs }: RangeAnswer): number {
  return count - kvs.length;
}

function restOf([span, ...others]: Span[], answer: RangeAnswer): Span[] {
  const last = answer.kvs.at(-1);
  if (leftOf(answer) === 0) return others;
  if (!last) throw new EtcdError('unsupported', `the answer has none of the ${answer.count} keys that it counts`);
  return [{ start: after(last.key), end: (span as Span).end }, ...others];
}

/** The error about the first value of a range, if it is too large. */
async function named(client: Client, request: RangeRequest, cause: EtcdError, options: CallOptions): Promise<EtcdError> {
  const { kvs } = await client.range({ ...request, keysOnly: true }, options);
  const key = encodeSegments(kvs[0]?.key ?? request.key);
  return new EtcdError('too_large', `the value of ${key} cannot be read: ${cause.message}`, { cause, endpoint: client.endpoint() });
}

function wentBack(client: Client, why: string, cause?: EtcdError): EtcdError {
  const endpoint = cause?.endpoint ?? client.endpoint();
  return new EtcdError('cluster_changed', `the cluster changed while it was read: ${why}`, { cause, endpoint });
}
