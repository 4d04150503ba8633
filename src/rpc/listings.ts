/** Prefixes for the editor: whole, or the first screen and then the rest; and what completion can take from them. */
import type { CallOptions, Client, Key } from '../etcd/index.js';
import { formatAddress, type Address } from '../keyspace/address.js';
import { listLevel, type Level, type LevelRequest } from '../keyspace/listing.js';
import { openRecent } from '../keyspace/recent.js';
import { linesOf } from './lines.js';
import { log } from './log.js';
import type { More, MoreNames, OpenedListing } from './protocol.js';
import type { Session } from './session.js';
import { headerOf, openStreams, type Feed, type Screen } from './streams.js';

export interface Listings {
  /** @param stream the editor takes the rest later; without it the listing is whole */
  open(client: Client, address: Address, stream: boolean, options: CallOptions): Promise<OpenedListing>;
  more(params: More): Promise<MoreNames>;
  stop(stream: number): Record<string, never>;
  /** One level for completion, which may be as old as src/keyspace/recent.ts says. */
  complete(profile: string, request: LevelRequest, options: CallOptions): Promise<Level>;
  /** A key was put. */
  changed(address: Address): void;
  /** The profiles may mean other clusters now. */
  clear(): void;
}

/** ms between two words about how far a listing is that someone waits for. */
const PROGRESS_EVERY = 150;

/** Nothing is listed yet. */
export function createListings(session: Session): Listings {
  const streams = openStreams();
  const recent = openRecent();

  /** The level of the address; telling `feed` as it goes. */
  async function level(client: Client, address: Address, feed: Partial<Feed>, options: CallOptions): Promise<Level> {
    const { profile, key: prefix, revision } = address;
    const request = { prefix, stale: true, ...(revision !== undefined && { revision }), ...recent.hints(profile, prefix) };
    const found = await recent.remember(profile, request, () => listLevel(client, { ...request, ...feed }, options));
    log(`listed ${formatAddress(address)}: ${found.names.length} names at revision ${found.revision}`);
    return found;
  }

  /** Everything, where every key begins with '/', is the listing of '/'. */
  const isRoot = ({ top }: Address, names: readonly Key[]): boolean => top === true && names.length === 1 && names[0] === '/';

  async function open(client: Client, address: Address, stream: boolean, options: CallOptions): Promise<OpenedListing> {
    const onProgress = teller(session, address);
    const list = (feed: Partial<Feed>, signal?: AbortSignal) => level(client, address, feed, { ...options, ...(signal && { signal }) });
    const first: Screen = stream
      ? await streams.begin(list, options.budget, options.signal, (names) => !isRoot(address, names))
      : asScreen(await list({ onProgress }, options.signal));
    if (first.level && isRoot(address, first.level.names)) return open(client, { ...address, key: '/', top: false }, stream, options);
    return {
      kind: 'prefix',
      address: formatAddress(address),
      file: await session.bodies().offerParts(linesOf(first.names)),
      count: first.names.length,
      revision: first.header.revision,
      cluster_id: first.header.clusterId,
      stale: first.header.stale,
      // What is read by the roles comes as a whole.
      scoped: first.level?.scoped ?? false,
      ...(first.id !== undefined && { stream: first.id }),
    };
  }

  return {
    open,

    async more({ stream, max }) {
      const { names, known, level: whole } = await streams.more(stream, max);
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
  return { names: level.names, known: level.names.length, header: headerOf(level), level };
}

function teller(session: Session, address: Address): (count: number) => void {
  let told = performance.now();
  return (count) => {
    const now = performance.now();
    if (now - told < PROGRESS_EVERY) return;
    told = now;
    session.push({ event: 'progress', address: formatAddress(address), count });
  };
}
