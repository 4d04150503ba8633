/** Searches for the editor: hits come in batches, while the rest is still being searched. */
import type { CallOptions, Client, Key, Revision } from '../client/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import type { ReadHeader } from '../keyspace/listing/reader.js';
import type { Hit } from '../keyspace/search/hit.js';
import type { Pattern } from '../keyspace/search/pattern.js';
import type { Source } from '../keyspace/search/read.js';
import { findKeys, grep, type Searched } from '../keyspace/search/search.js';
import { spanBelow } from '../keyspace/subtree.js';
import { log } from './log.js';
import type { Session } from './session.js';
import { openStreams, type Batch, type Feed } from './streams.js';
import { asItIs } from './views.js';

export interface SearchQuery {
  what: 'values' | 'names';
  pattern: Pattern;
  /** Hits at the most. */
  max: number;
  /** The editor takes the rest later. If false, the answer is complete. */
  stream: boolean;
}

/** What `search` and `found` answer. */
export interface Found {
  /** The file with one hit on each line: `address\tline\tcolumn\tend column\ttext`, or only the address. Absent if there is none. */
  file?: string;
  count: number;
  /** How many keys were looked at, or how many hits there are if those are more. */
  known: number;
  /** These are set if the search is over. */
  keys?: number;
  revision?: Revision;
  scoped?: boolean;
  /** There may be more than `max`. */
  more?: boolean;
}

/** What `search` answers. */
export interface Begun extends Found {
  /** The address of the prefix, canonical. */
  address: string;
  /** Only the beginning is here: `found` gives the rest for this number. */
  stream?: number;
}

export interface Searches {
  begin(client: Client, address: Address, query: SearchQuery, options: CallOptions): Promise<Begun>;
  found(stream: number, max: number): Promise<Found>;
  stop(stream: number): Record<string, never>;
}

type Whole = Searched & ReadHeader;

/** Nothing is searched yet. */
export function createSearches(session: Session): Searches {
  const streams = openStreams<string, Whole>();

  async function answer({ parts, known, whole }: Batch<string, Whole>): Promise<Found> {
    const found = { count: parts.length, known, ...(parts.length > 0 && { file: await session.bodies().offerParts(inParts(parts)) }) };
    if (!whole) return found;
    const { keys, revision, scoped, more } = whole;
    return { ...found, keys, revision, scoped, more };
  }

  return {
    async begin(client, address, { stream, ...query }, options) {
      const read = (feed: Feed, signal: AbortSignal): Promise<Whole> =>
        search(session, client, address, query, feed, { ...options, signal });
      const first = stream ? await streams.begin(read, options.budget, options.signal) : await wholeOf(read, options.signal);
      return { address: formatAddress(address), ...(await answer(first)), ...(first.id !== undefined && { stream: first.id }) };
    },
    found: async (stream, max) => answer(await streams.more(stream, max)),
    stop(stream) {
      streams.stop(stream);
      return {};
    },
  };
}

async function wholeOf(
  read: (feed: Feed, signal: AbortSignal) => Promise<Whole>,
  signal = new AbortController().signal,
): Promise<Batch<string, Whole> & { id?: number }> {
  const parts: string[] = [];
  const feed = { onFront: (some: string[]) => void parts.push(...some), onRestart: () => undefined, onProgress: () => undefined };
  const whole = await read(feed, signal);
  return { parts, known: whole.keys, whole };
}

async function search(
  session: Session,
  client: Client,
  address: Address,
  { what, pattern, max }: Omit<SearchQuery, 'stream'>,
  { onFront, onProgress }: Feed,
  options: CallOptions,
): Promise<Whole> {
  const { profile, key: prefix, revision } = address;
  const request = { ...spanBelow(prefix), pattern, max, ...(revision !== undefined && { revision }) };
  const past = revision === undefined ? {} : { revision };
  const addressOf = (key: Key): Address => ({ profile, kind: 'key', key, ...past });
  const tell = (lines: string[], source: Source): void => onFront(lines, { ...source, stale: false });
  const onHits = (hits: Hit[], source: Source): void =>
    tell(
      // Line and column are those of the value as it is.
      hits.map((hit) => lineOf(hit, formatAddress(asItIs(session.pretty(), addressOf(hit.key), hit.value)))),
      source,
    );
  const onKeys = (keys: Key[], source: Source): void =>
    tell(
      keys.map((key) => `${formatAddress(addressOf(key))}\n`),
      source,
    );
  const searched =
    what === 'values'
      ? await grep(client, request, { onFound: onHits, onProgress }, options)
      : await findKeys(client, request, { onFound: onKeys, onProgress }, options);
  log(`searched the ${what} of ${searched.keys} keys below ${formatAddress(address)} at revision ${searched.revision}`);
  return { ...searched, stale: false };
}

function lineOf({ line, column, endColumn, text, isText }: Hit, address: string): string {
  return `${address}\t${line}\t${column}\t${endColumn}\t${isText ? '' : '[bytes] '}${text}\n`;
}

/** How many lines are written at once. */
const AT_ONCE = 500;

function* inParts(lines: readonly string[]): Generator<string> {
  for (let i = 0; i < lines.length; i += AT_ONCE) yield lines.slice(i, i + AT_ONCE).join('');
}
