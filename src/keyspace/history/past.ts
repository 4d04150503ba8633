/**
 * The past of a key or a prefix, newest first. etcd replays the past from its oldest revision on, so it is read in windows: first the
 * newest one, which fills the first screen, then the one before it, and so on. Each window is larger than the last, because for each
 * one etcd looks through everything that has happened since it began.
 */
import {
  prefixEnd,
  firstKey,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type Replayed,
  type ReplayRequest,
  type Revision,
  type WatchEvent,
} from '../../client/index.js';
import { changeOf, keptChange, leasesEnded, type Change } from './change.js';

export interface PastRequest {
  kind: 'key' | 'prefix';
  key: Key;
  /** The newest revision of interest. The default is now. */
  until?: Revision;
}

export interface Past {
  /** Newest first, also from one part to the next. */
  changes: Change[];
  /** The header of an answer of now. */
  header: Header;
  /** Comes with the last changes: etcd has nothing from before this revision; '1': it has everything. */
  since?: Revision;
}

/** Versions of a key in its first window: more than fit on a screen. */
const FIRST = 100n;
/** Revisions in the first window of a prefix: no more than etcd sends at once. */
const WINDOW = 900n;
const GROWTH = 16n;

/**
 * @param options the budget is that of each request, the signal ends all of it
 * @throws EtcdError compacted if `until` is gone, future_revision if it is still to come, cluster_changed, and the client's
 */
export async function* readPast(client: Client, request: PastRequest, options: CallOptions): AsyncGenerator<Past, void> {
  const range = rangeOf(request);
  const { until, kind } = request;
  const { header, kvs } = await client.range(
    { ...range, ...(kind === 'prefix' && { countOnly: true }), ...(until !== undefined && { revision: until }) },
    options,
  );
  const { clusterId } = header;
  const ended = leasesEnded(client, options);
  // If the key exists, it was not changed after its mod_revision.
  const kv = kind === 'key' ? kvs[0] : undefined;
  let known = kv?.modRevision;
  let end = BigInt(known ?? until ?? header.revision);
  let size = kv ? lifeOf(kv) : WINDOW;
  for (;;) {
    const from = end > size ? end - size + 1n : 1n;
    const asked = { ...range, clusterId, from: String(from), ...(known !== undefined && { until: known }) };
    const window = await readWindow(client, asked, end, options);
    const changes = await Promise.all(window.events.map(async (event) => changeOf(event, ended)));
    const isCompacted = BigInt(window.since) > from;
    if (isCompacted || from === 1n) {
      const kept = isCompacted && kind === 'key' ? await keptAt(client, request.key, window.since, options) : [];
      yield { changes: [...changes, ...kept], header, since: isCompacted ? window.since : '1' };
      return;
    }
    if (changes.length > 0) yield { changes, header };
    known = changes.at(-1)?.revision ?? known;
    [end, size] = [from - 1n, size * GROWTH > WINDOW ? size * GROWTH : WINDOW];
  }
}

/** The keys of the request. */
export function rangeOf({ kind, key }: PastRequest): Pick<ReplayRequest, 'key' | 'rangeEnd'> {
  return kind === 'key' ? { key } : { key: firstKey(key), rangeEnd: prefixEnd(key) };
}

/** How many revisions hold all versions of the key since it was created. If those are too many, about how many hold the newest ones. */
function lifeOf({ modRevision, createRevision, version }: { modRevision: Revision; createRevision: Revision; version: string }): bigint {
  const life = BigInt(modRevision) - BigInt(createRevision) + 1n;
  return BigInt(version) <= FIRST ? life : (life * FIRST) / BigInt(version);
}

/**
 * The events from `from` to `end`, newest first, with what was before each. etcd reads what was before one by one, so silence does not
 * mean that it has finished. If no event is known that must come, one is looked for first.
 */
async function readWindow(
  client: Client,
  request: ReplayRequest,
  end: bigint,
  options: CallOptions,
): Promise<{ events: WatchEvent[]; since: Revision }> {
  let { from: since, until } = request;
  if (until === undefined) {
    const first = await firstPart(client, request, options);
    [since, until] = [first.since, first.events.at(-1)?.kv.modRevision];
    if (until === undefined) return { events: [], since };
  }
  const events: WatchEvent[] = [];
  for await (const part of client.replay({ ...request, from: since, until, prevKv: true }, options)) {
    since = part.since;
    for (const event of part.events) if (BigInt(event.kv.modRevision) <= end) events.push(event);
  }
  return { events: events.reverse(), since };
}

async function firstPart(client: Client, request: ReplayRequest, options: CallOptions): Promise<Pick<Replayed, 'events' | 'since'>> {
  for await (const part of client.replay(request, options)) return part;
  return { events: [], since: request.from };
}

/** What the key was at the oldest revision that etcd has, if it was put before that revision. */
async function keptAt(client: Client, key: Key, since: Revision, options: CallOptions): Promise<Change[]> {
  const { kvs } = await client.range({ key, revision: since }, options);
  const [kv] = kvs;
  return kv && BigInt(kv.modRevision) < BigInt(since) ? [keptChange(kv, since)] : [];
}
