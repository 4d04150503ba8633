/** Searches below a prefix: values line by line, and names of keys. What is found is told while the search goes on. */
import { either, EtcdError, type CallOptions, type Client, type Entry, type Key } from '../../client/index.js';
import { encodeSegments } from '../address.js';
import type { SubtreeRequest } from '../subtree.js';
import { hitOf, type Hit } from './hit.js';
import { openMatcher, type Match } from './matcher.js';
import type { Pattern } from './pattern.js';
import { streamEntries, type Source } from './read.js';

export interface SearchRequest extends SubtreeRequest {
  pattern: Pattern;
  /** The search ends after so many. */
  max: number;
}

export interface Searched extends Source {
  /** Keys that were looked at. */
  keys: number;
  /** The search has ended with `max` of them, and there may be more. */
  more: boolean;
}

export interface SearchFeed<Part> {
  /** The next ones, in etcd's order of keys, and within a key in the order of lines. */
  onFound(found: Part[], source: Source): void;
  /** So many keys were looked at. */
  onProgress(keys: number): void;
}

/**
 * The lines of values in which the pattern matches.
 * @param options the budget is that of each answer; the signal ends all of it, even an expression that does not end
 * @throws EtcdError invalid_value for an invalid pattern, timeout for an expression that does not end, and as streamEntries()
 */
export function grep(client: Client, request: SearchRequest, feed: SearchFeed<Hit>, options: CallOptions): Promise<Searched> {
  const kind: Kind<Hit> = { keysOnly: false, subjectOf: ({ value }) => value, foundOf: hitOf };
  return search(client, request, kind, feed, options);
}

/** The keys whose name matches. The name is the whole key, with its slashes and the prefix. */
export function findKeys(client: Client, request: SearchRequest, feed: SearchFeed<Key>, options: CallOptions): Promise<Searched> {
  const kind: Kind<Key> = { keysOnly: true, subjectOf: ({ key }) => Buffer.from(key, 'latin1'), foundOf: ({ key }) => key };
  return search(client, request, kind, feed, options);
}

interface Kind<Part> {
  keysOnly: boolean;
  subjectOf: (entry: Entry) => Buffer;
  foundOf: (entry: Entry, match: Match) => Part;
}

async function search<Part>(
  client: Client,
  { pattern, max, ...range }: SearchRequest,
  { keysOnly, subjectOf, foundOf }: Kind<Part>,
  feed: SearchFeed<Part>,
  options: CallOptions,
): Promise<Searched> {
  const matcher = openMatcher(pattern, !keysOnly);
  const stop = new AbortController();
  const signal = either(options.signal, stop.signal);
  signal.addEventListener('abort', matcher.close);
  let [keys, found] = [0, 0];
  let source: Source | undefined;

  function tell(entries: Entry[], matches: Match[]): void {
    const parts = matches.slice(0, max - found).map((match) => foundOf(entries[match.index] as Entry, match));
    found += parts.length;
    keys += entries.length;
    if (parts.length > 0) feed.onFound(parts, source as Source);
    feed.onProgress(keys);
    // It stops at the limit, so nobody knows whether there is one more.
    if (found === max) end(new EtcdError('cancelled', 'enough was found'));
  }

  function end(why: unknown): never {
    stop.abort(why);
    throw why;
  }

  const onEntries = (entries: Entry[], from: Source): void | Promise<void> => {
    source = from;
    const nameOf = (index: number): string => encodeSegments((entries[index] as Entry).key);
    const matches = matcher.match(entries.map(subjectOf), nameOf);
    if (!Array.isArray(matches)) return matches.then((all) => tell(entries, all), end);
    tell(entries, matches);
  };

  try {
    const whole = await streamEntries(client, { ...range, keysOnly }, onEntries, { ...options, signal });
    return { ...whole, keys, more: false };
  } catch (thrown) {
    if (!source || found < max) throw options.signal?.aborted ? options.signal.reason : stop.signal.aborted ? stop.signal.reason : thrown;
    return { ...source, keys, more: true };
  } finally {
    matcher.close();
  }
}
