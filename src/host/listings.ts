/** Prefixes for the editor: whole, or first a screen and then the rest. Completion takes names from them, too. */
import type { CallOptions, Client, Key, Revision } from '../client/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { listLevel, type Level, type LevelRequest } from '../keyspace/listing/level.js';
import { openRecent } from '../keyspace/listing/recent.js';
import { linesOf } from './lines.js';
import { log } from './log.js';
import type { More } from './methods/more.js';
import type { Session } from './session.js';
import { headerOf, openStreams, type Feed, type Screen } from './streams.js';

/** What `open` answers for a prefix. */
export interface OpenedListing {
  kind: 'prefix';
  address: string;
  /** One encoded name on each line, in etcd's byte order. */
  file: string;
  count: number;
  revision: Revision;
  cluster_id: string;
  stale: boolean;
  /** Only what the roles of the user allow to see. */
  scoped: boolean;
  /** It is empty, and there is data of etcd's v2 API. */
  old_data: boolean;
  /** Only the beginning is here: `more` gives the rest for this number. */
  stream?: number;
}

/** What `more` answers. */
export interface MoreNames {
  /** As in OpenedListing; absent if no new name is known yet. */
  file?: string;
  count: number;
  /** How many names Node knows so far. */
  known: number;
  /** Comes with the last names: the listing is complete. */
  revision?: Revision;
  cluster_id?: string;
  stale?: boolean;
  scoped?: boolean;
}

export interface Listings {
  /** @param stream the editor takes the rest later. If false, the listing comes as a whole */
  open(client: Client, address: Address, stream: boolean, options: CallOptions): Promise<OpenedListing>;
  more(params: More): Promise<MoreNames>;
  stop(stream: number): Record<string, never>;
  /** One level for completion. It may be as old as src/keyspace/listing/recent.ts says. */
  complete(profile: string, request: LevelRequest, options: CallOptions): Promise<Level>;
  /** A key was put. */
  changed(address: Address): void;
  /** The profiles may mean other clusters now. */
  clear(): void;
}

/** ms between two reports of progress to somebody who waits for a listing. */
const PROGRESS_EVERY = 150;

/** Nothing is listed yet. */
export function createListings(session: Session): Listings {
  const streams = openStreams(({ names }: Level) => names);
  const recent = openRecent();

  /** The level of the address; it tells `feed` on the way. */
  async function level(client: Client, address: Address, feed: Partial<Feed>, options: CallOptions): Promise<Level> {
    const { profile, key: prefix, revision } = address;
    const request = { prefix, stale: true, ...(revision !== undefined && { revision }), ...recent.hints(profile, prefix) };
    const found = await recent.remember(profile, request, () => listLevel(client, { ...request, ...feed }, options));
    log(`listed ${formatAddress(address)}: ${found.names.length} names at revision ${found.revision}`);
    return found;
  }

  /** Everything is the listing of '/', if every key begins with '/'. */
  const isRoot = ({ top }: Address, names: readonly Key[]): boolean => top === true && names.length === 1 && names[0] === '/';

  async function open(client: Client, address: Address, stream: boolean, options: CallOptions): Promise<OpenedListing> {
    const onProgress = tellerOf(session, address);
    const list = (feed: Partial<Feed>, signal?: AbortSignal) => level(client, address, feed, { ...options, ...(signal && { signal }) });
    const first: Screen = stream
      ? await streams.begin(list, options.budget, options.signal, (names) => !isRoot(address, names))
      : asScreen(await list({ onProgress }, options.signal));
    if (first.whole && isRoot(address, first.whole.names)) return open(client, { ...address, key: '/', top: false }, stream, options);
    return {
      kind: 'prefix',
      address: formatAddress(address),
      file: await session.bodies().offerParts(linesOf(first.parts)),
      count: first.parts.length,
      revision: first.header.revision,
      cluster_id: first.header.clusterId,
      stale: first.header.stale,
      // What is read by the roles comes as a whole.
      scoped: first.whole?.scoped ?? false,
      old_data: first.whole?.names.length === 0 && (await client.hasOldData(first.header, options)),
      ...(first.id !== undefined && { stream: first.id }),
    };
  }

  return {
    open,

    async more({ stream, max }) {
      const { parts: names, known, whole } = await streams.more(stream, max);
      return {
        ...(names.length > 0 && { file: await session.bodies().offerParts(linesOf(names)) }),
        count: names.length,
        known,
        ...(whole && { revision: whole.revision, cluster_id: whole.clusterId, stale: whole.stale, scoped: whole.scoped }),
      };
    },

    stop(stream) {
      streams.stop(stream);
      return {};
    },

    async complete(profile, request, options) {
      const known = recent.find(profile, request);
      if (known) return known;
      const hinted = { ...request, ...recent.hints(profile, request.prefix) };
      return recent.remember(profile, request, () => listLevel(session.client(profile), hinted, options));
    },

    changed: ({ profile, key }) => recent.changed(profile, key),
    clear: () => recent.clear(),
  };
}

function asScreen(level: Level): Screen {
  return { parts: level.names, known: level.names.length, header: headerOf(level), whole: level };
}

/** Tells the editor now and then how many names are known. */
export function tellerOf(session: Session, address: Address): (count: number) => void {
  let told = performance.now();
  return (count) => {
    const now = performance.now();
    if (now - told < PROGRESS_EVERY) return;
    told = now;
    session.push({ event: 'progress', address: formatAddress(address), count });
  };
}
