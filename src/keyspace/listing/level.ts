/**
 * The children of one prefix: one level of the key space. A child is named up to and including its next '/', so the key `a` and the
 * prefix `a/` are two children. The server counts the whole range even if there is a limit, so small pages are slow, and so is one seek
 * for each child. listing/plan.ts says what is asked instead, bench/NOTES.md what it costs.
 */
import {
  either,
  firstKey,
  isDenied,
  isEtcdError,
  prefixEnd,
  type CallOptions,
  type Client,
  type Key,
  type Revision,
} from '../../client/index.js';
import { hintsOf, type Hints } from './hints.js';
import { openReader, type ReadHeader } from './reader.js';
import { walk } from './walk.js';
import { readScope, type Scope, type Span } from './scope.js';

export type { ReadHeader } from './reader.js';
export type { Hints } from './hints.js';

export interface Level {
  /** In etcd's byte order; a prefix ends in '/'. '' is the key that equals the listed prefix. */
  names: Key[];
  revision: Revision;
  clusterId: string;
  /** There are more names than were asked for. */
  more: boolean;
  /** True if one member answered without a quorum. */
  stale: boolean;
  /** Only what the user's roles allow to see. */
  scoped: boolean;
  /** For the next listing of this prefix; absent if they would not pay, or if not all names are here. */
  hints?: Hints;
}

export interface LevelRequest {
  /** The children of this prefix… */
  prefix: Key;
  /** …whose names begin with this. */
  partial?: Key;
  revision?: Revision;
  /** Names at the most. */
  max?: number;
  /** If the quorum is lost, one member's own data will do. */
  stale?: boolean;
  /** From an earlier listing of the same prefix, at any revision. */
  hints?: Hints;
  /** The next names in order; they are final. It is not called any more after onRestart(). */
  onFront?: (names: Key[], header: ReadHeader) => void;
  /** Compaction has overtaken the listing. What onFront() was given is void, and all names come at the end. */
  onRestart?: () => void;
  /** How many names are known so far, anywhere. */
  onProgress?: (names: number) => void;
}

/** How often a listing begins again after compaction has overtaken it. */
const RESTARTS = 3;

/**
 * All names are at one revision: that of the request, or the newest one.
 * @throws EtcdError
 */
export async function listLevel(client: Client, request: LevelRequest, options: CallOptions): Promise<Level> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await listOnce(client, request, restarts === 0 ? request.onFront : undefined, options);
    } catch (thrown) {
      const overtaken = isEtcdError(thrown, 'compacted') && request.revision === undefined;
      if (!overtaken || restarts >= RESTARTS) throw thrown;
      if (restarts === 0) request.onRestart?.();
    }
  }
}

async function listOnce(client: Client, request: LevelRequest, onFront: LevelRequest['onFront'], options: CallOptions): Promise<Level> {
  const { prefix, partial = '' } = request;
  const whole = { start: firstKey(prefix + partial), end: prefixEnd(prefix + partial) };
  try {
    return await listSpan(client, { ...request, onFront }, whole, options);
  } catch (thrown) {
    if (!isDenied(thrown) || client.user === '') throw thrown;
    const scope = await readScope(client, prefix, whole, options);
    if (scope.names.length === 0 && scope.spans.length === 0) throw thrown;
    const { clusterId } = scope.header;
    return listScoped(scope, request, (span, revision) =>
      listSpan(client, { ...request, revision, clusterId, hints: undefined, onFront: undefined }, span, options),
    );
  }
}

type SpanRequest = { [K in keyof LevelRequest]: LevelRequest[K] | undefined } & Pick<LevelRequest, 'prefix'> & { clusterId?: string };

/** The children that lie in `span`, a part of the prefix's range. */
async function listSpan(client: Client, request: SpanRequest, span: Span, options: CallOptions): Promise<Level> {
  const { prefix, partial = '', max = Infinity, onFront, onProgress } = request;
  const hints = request.hints?.prefix === prefix && partial === '' ? request.hints : undefined;
  const stop = new AbortController();
  const signal = either(options.signal, stop.signal);
  const { revision, clusterId, stale: mayBeStale = false } = request;
  const reader = openReader(client, { revision, clusterId, mayBeStale }, { ...options, signal });
  try {
    const tell = (names: Key[]): void => {
      if (!stop.signal.aborted) onFront?.(names, reader.header());
    };
    const { outline, total } = await walk(reader, { ...span, prefix, hints, max, onFront: tell, onProgress });
    const { names, firstKeys } = outline;
    const fresh = partial === '' && outline.isComplete() ? hintsOf(prefix, names, firstKeys, total) : undefined;
    const more = names.length > max;
    return { names: more ? names.slice(0, max) : names, ...reader.header(), more, scoped: false, ...(fresh && { hints: fresh }) };
  } finally {
    // After an error, or with enough names, nobody needs the requests that are still under way.
    stop.abort();
  }
}

/** The names that the roles alone tell, and the children in those spans for which the roles do not tell the names. */
async function listScoped(
  { names: told, spans, header }: Scope,
  { revision, max = Infinity }: LevelRequest,
  list: (span: Span, revision: Revision | undefined) => Promise<Level>,
): Promise<Level> {
  const level: Level = {
    names: [],
    revision: revision ?? header.revision,
    clusterId: header.clusterId,
    more: false,
    stale: false,
    scoped: true,
  };
  const found = new Set(told);
  for (const [i, span] of spans.entries()) {
    const part = await list(span, i === 0 ? revision : level.revision);
    part.names.forEach((name) => found.add(name));
    Object.assign(level, { revision: part.revision, more: level.more || part.more, stale: level.stale || part.stale });
  }
  const names = [...found].sort((a, b) => (a < b ? -1 : 1));
  return { ...level, names: names.slice(0, max), more: level.more || names.length > max };
}
