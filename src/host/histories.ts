/** The past of keys and prefixes for the editor: the newest changes, and then the rest. */
import type { Client, Revision } from '../client/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import type { Change } from '../keyspace/history/change.js';
import { readPast } from '../keyspace/history/past.js';
import type { ReadHeader } from '../keyspace/listing/level.js';
import type { RequestOptions } from './methods/method.js';
import { openStreams, type Batch, type Feed } from './streams.js';

/** One change, as the editor lists it. */
export interface Entry {
  /** What shows the key as it was then. */
  address: string;
  /** Revision, kind, size, what was changed in a word, and how the value begins. */
  text: string;
}

export interface Entries {
  entries: Entry[];
  /** With the last ones: etcd has nothing from before this revision; '1': it has everything. Absent if there are more than `max`. */
  since?: Revision;
  whole: boolean;
}

export interface OpenedHistory extends Entries {
  /** Canonical, of what the history is of. */
  address: string;
  /** Only the newest are there: `history_more` gives the rest of this number. */
  stream?: number;
}

export interface Histories {
  /** @param max changes at the most */
  open(client: Client, address: Address, max: number, options: RequestOptions): Promise<OpenedHistory>;
  /** @param max changes in this batch at the most */
  more(stream: number, max: number): Promise<Entries>;
  stop(stream: number): void;
}

interface Whole extends ReadHeader {
  since: Revision | undefined;
}

/** No history is read yet. */
export function createHistories(): Histories {
  const streams = openStreams<Change, Whole>();
  const profiles = new Map<number, string>();

  return {
    async open(client, address, max, options) {
      const read = async (feed: Feed<Change>, signal: AbortSignal) => readAll(client, address, max, feed, { ...options, signal });
      const first = await streams.begin(read, options.budget, options.signal);
      const { id } = first;
      if (id !== undefined) profiles.set(id, address.profile);
      return { address: formatAddress(address), ...entriesOf(first, address.profile), ...(id !== undefined && { stream: id }) };
    },

    async more(stream, max) {
      const batch = await streams.more(stream, max);
      const profile = profiles.get(stream) ?? '';
      if (batch.whole) profiles.delete(stream);
      return entriesOf(batch, profile);
    },

    stop(stream) {
      streams.stop(stream);
      profiles.delete(stream);
    },
  };
}

async function readAll(client: Client, address: Address, max: number, feed: Feed<Change>, options: RequestOptions): Promise<Whole> {
  const { kind, key, revision: until } = address;
  let left = max;
  let whole: Whole | undefined;
  for await (const { changes, header, since } of readPast(client, { kind, key, ...(until !== undefined && { until }) }, options)) {
    const { revision, clusterId } = header;
    const isCut = changes.length > left;
    feed.onFront(changes.slice(0, left), { revision, clusterId, stale: false });
    left -= changes.length;
    whole = { revision, clusterId, stale: false, since: isCut ? undefined : since };
    if (left <= 0) break;
  }
  // The past ends with a part, also if it is empty.
  return whole as Whole;
}

function entriesOf({ parts, whole }: Batch<Change, Whole>, profile: string): Entries {
  const since = whole?.since;
  return { entries: parts.map((change) => entryOf(change, profile)), ...(since !== undefined && { since }), whole: whole !== undefined };
}

function entryOf({ key, revision, at, kind, size, what, excerpt }: Change, profile: string): Entry {
  const value = kind === 'put' ? `${size} B, ${what}` : what;
  const text = `${revision}  ${kind.padEnd(6)}  ${value}${excerpt === '' ? '' : `: ${excerpt}`}`;
  return { address: formatAddress({ profile, kind: 'key', key, revision: at }), text };
}
