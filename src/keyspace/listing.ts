/**
 * The children of one prefix: one level of the key space. A child is named up to and with its next '/', so the key `a` and
 * the prefix `a/` are two children. The server counts the whole range behind every limit, so neither small pages nor seeking
 * past each child will do: see listing/plan.ts for what is asked instead, and bench/README.md for what it costs.
 */
import { firstKey, prefixEnd, EtcdError, type CallOptions, type Client, type Key, type Revision } from '../etcd/index.js';
import { hintsOf, type Hints } from './listing/hints.js';
import { openReader } from './listing/reader.js';
import { walk } from './listing/walk.js';

export type { Hints } from './listing/hints.js';

export interface Level {
  /** In etcd's byte order; a prefix ends in '/'. '' is the key that equals the listed prefix. */
  names: Key[];
  revision: Revision;
  clusterId: string;
  /** There are more names than were asked for. */
  more: boolean;
  /** For the next listing of this prefix; absent where they would not pay, or not all names are here. */
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
  /** Of an earlier listing of the same prefix, at whatever revision. */
  hints?: Hints;
  /** The next names in order; they are final. Not called any more after onRestart(). */
  onFront?: (names: Key[]) => void;
  /** Compaction has overtaken the listing: what onFront() was given is void, and all names come at the end. */
  onRestart?: () => void;
  /** Names that are known so far, anywhere. */
  onProgress?: (names: number) => void;
}

/** A listing that compaction overtakes is begun again, this often. */
const RESTARTS = 3;

/**
 * All at one revision: that of the request, or the newest one.
 * @throws EtcdError
 */
export async function listLevel(client: Client, request: LevelRequest, options: CallOptions): Promise<Level> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await listOnce(client, request, restarts === 0 ? request.onFront : undefined, options);
    } catch (thrown) {
      const overtaken = thrown instanceof EtcdError && thrown.code === 'compacted' && request.revision === undefined;
      if (!overtaken || restarts >= RESTARTS) throw thrown;
      if (restarts === 0) request.onRestart?.();
    }
  }
}

async function listOnce(client: Client, request: LevelRequest, onFront: LevelRequest['onFront'], options: CallOptions): Promise<Level> {
  const { prefix, partial = '', max = Infinity, onProgress } = request;
  const hints = request.hints?.prefix === prefix && partial === '' ? request.hints : undefined;
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const reader = openReader(client, request.revision, { ...options, signal });
  try {
    const interval = { start: firstKey(prefix + partial), end: prefixEnd(prefix + partial) };
    const tell = (names: Key[]): void => {
      if (!stop.signal.aborted) onFront?.(names);
    };
    const { outline, total } = await walk(reader, { ...interval, prefix, hints, max, onFront: tell, onProgress });
    const { names, firstKeys } = outline;
    const fresh = partial === '' && outline.isComplete() ? hintsOf(prefix, names, firstKeys, total) : undefined;
    const more = names.length > max;
    return { names: more ? names.slice(0, max) : names, ...reader.header(), more, ...(fresh && { hints: fresh }) };
  } finally {
    // What is still under way, after an error or with names enough, is of no use to anyone.
    stop.abort();
  }
}
