/**
 * The children of one prefix: one level of the key space. A child is named up to and with its next '/', so the key `a` and
 * the prefix `a/` are two children. Reads pages at one revision and skips what lies below a prefix it has already named.
 */
import { after, firstKey, isBefore, prefixEnd, EtcdError, type CallOptions, type Client, type Key, type Revision } from '../etcd/index.js';
import { childName, readScope } from './roles.js';

export interface Level {
  /** In etcd's byte order; a prefix ends in '/'. '' is the key that equals the listed prefix. */
  names: Key[];
  revision: Revision;
  clusterId: string;
  /** There are more names than were asked for. */
  more: boolean;
  /** What one member has, without a quorum. */
  stale: boolean;
  /** Only what the user's roles allow to see. */
  scoped: boolean;
}

export interface LevelRequest {
  /** The children of this prefix… */
  prefix: Key;
  /** …whose names begin with this. */
  partial?: Key;
  revision?: Revision;
  /** Names at the most. */
  max?: number;
  /** Where the quorum is lost, what one member has will do. */
  stale?: boolean;
  onProgress?: (names: number) => void;
}

const FIRST_PAGE = 1000;
const LARGEST_PAGE = 32_000;
/** A page with fewer children than one in this many keys is better spent on skipping. */
const SPARSE = 8;
/** A listing that compaction overtakes is begun again, this often. */
const RESTARTS = 3;

/** @throws EtcdError permission_denied where the user's roles lead to nothing below the prefix, and the client's */
export async function listLevel(client: Client, request: LevelRequest, options: CallOptions): Promise<Level> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await readLevel(client, request, options);
    } catch (thrown) {
      const overtaken = thrown instanceof EtcdError && thrown.code === 'compacted' && request.revision === undefined;
      if (!overtaken || restarts >= RESTARTS) throw thrown;
    }
  }
}

async function readLevel(client: Client, request: LevelRequest, options: CallOptions): Promise<Level> {
  const { prefix, partial = '' } = request;
  const whole = { start: firstKey(prefix + partial), end: prefixEnd(prefix + partial) };
  try {
    return await readPages(client, request, whole, options);
  } catch (thrown) {
    if (!(thrown instanceof EtcdError) || thrown.code !== 'permission_denied' || client.user === '') throw thrown;
    const scope = await readScope(client, prefix, whole, options);
    if (scope.names.length === 0 && scope.spans.length === 0) throw thrown;
    return readScoped(client, request, scope, options);
  }
}

/** The names that the roles alone tell, and the children in the spans of which they tell no single name. */
async function readScoped(
  client: Client,
  request: LevelRequest,
  scope: Awaited<ReturnType<typeof readScope>>,
  options: CallOptions,
): Promise<Level> {
  const { max = Infinity } = request;
  const { header } = scope;
  let level: Level = {
    names: [],
    revision: request.revision ?? header.revision,
    clusterId: header.clusterId,
    more: false,
    stale: false,
    scoped: true,
  };
  let revision = request.revision;
  for (const span of scope.spans) {
    const part = await readPages(client, { ...request, ...(revision !== undefined && { revision }) }, span, options);
    revision = part.revision;
    level = {
      ...part,
      names: level.names.concat(part.names),
      more: level.more || part.more,
      stale: level.stale || part.stale,
      scoped: true,
    };
  }
  const names = [...new Set(level.names.concat(scope.names))].sort((a, b) => (a < b ? -1 : 1));
  return { ...level, names: names.slice(0, max), more: level.more || names.length > max };
}

async function readPages(client: Client, request: LevelRequest, span: { start: Key; end: Key }, options: CallOptions): Promise<Level> {
  const { prefix, max = Infinity, onProgress } = request;
  const names: Key[] = [];
  let { start } = span;
  let revision = request.revision;
  let stale = false;
  let limit = FIRST_PAGE;
  for (;;) {
    const mode = stale ? 'only' : request.stale ? 'allowed' : 'never';
    const at = revision !== undefined && { revision };
    const page = await client.range({ key: start, rangeEnd: span.end, limit, keysOnly: true, stale: mode, ...at }, options);
    revision ??= page.header.revision;
    stale = page.stale;
    const before = names.length;
    for (const { key } of page.kvs) {
      const name = childName(key, prefix.length);
      if (names[names.length - 1] !== name) names.push(name);
    }
    const last = names[names.length - 1] ?? '';
    const lastKey = page.kvs[page.kvs.length - 1]?.key;
    const done = !page.more || lastKey === undefined;
    if (!done) start = last.endsWith('/') ? prefixEnd(prefix + last) : after(lastKey);
    if (done || !isBefore(start, span.end) || names.length > max) {
      const more = names.length > max;
      return { names: more ? names.slice(0, max) : names, revision, clusterId: page.header.clusterId, more, stale, scoped: false };
    }
    limit = (names.length - before) * SPARSE >= page.kvs.length ? Math.min(limit * 2, LARGEST_PAGE) : FIRST_PAGE;
    onProgress?.(names.length);
  }
}
