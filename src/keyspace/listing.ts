/**
 * The children of one prefix: one level of the key space. A child is named up to and with its next '/', so the key `a` and
 * the prefix `a/` are two children. Reads pages at one revision and skips what lies below a prefix it has already named.
 */
import {
  after,
  firstKey,
  isBefore,
  prefixEnd,
  EtcdError,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type Revision,
} from '../etcd/index.js';

export interface Level {
  /** In etcd's byte order; a prefix ends in '/'. '' is the key that equals the listed prefix. */
  names: Key[];
  revision: Revision;
  clusterId: string;
  /** There are more names than were asked for. */
  more: boolean;
  /** What the next listing of the same prefix can use. */
  hints?: readonly Key[];
}

export interface LevelRequest {
  /** The children of this prefix… */
  prefix: Key;
  /** …whose names begin with this. */
  partial?: Key;
  revision?: Revision;
  /** Names at the most. */
  max?: number;
  /** Of the level listed before. */
  hints?: readonly Key[];
  /** Takes the next part of the result, in order: everything smaller is known. */
  onFront?: (names: Key[], header: Header) => void;
  onProgress?: (names: number) => void;
}

const FIRST_PAGE = 1000;
const LARGEST_PAGE = 32_000;
/** A page with fewer children than one in this many keys is better spent on skipping. */
const SPARSE = 8;
/** A listing that compaction overtakes is begun again, this often. */
const RESTARTS = 3;

/** @throws EtcdError */
export async function listLevel(client: Client, request: LevelRequest, options: CallOptions): Promise<Level> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await readPages(client, request, options);
    } catch (thrown) {
      const overtaken = thrown instanceof EtcdError && thrown.code === 'compacted' && request.revision === undefined;
      if (!overtaken || restarts >= RESTARTS) throw thrown;
    }
  }
}

async function readPages(client: Client, request: LevelRequest, options: CallOptions): Promise<Level> {
  const { prefix, partial = '', max = Infinity, onFront, onProgress } = request;
  const rangeEnd = prefixEnd(prefix + partial);
  const names: Key[] = [];
  let start = firstKey(prefix + partial);
  let revision = request.revision;
  let limit = FIRST_PAGE;
  for (;;) {
    const page = await client.range({ key: start, rangeEnd, limit, keysOnly: true, ...(revision !== undefined && { revision }) }, options);
    revision ??= page.header.revision;
    const before = names.length;
    for (const { key } of page.kvs) {
      const name = childName(key, prefix.length);
      if (names[names.length - 1] !== name) names.push(name);
    }
    const last = names[names.length - 1] ?? '';
    const lastKey = page.kvs[page.kvs.length - 1]?.key;
    const done = !page.more || lastKey === undefined;
    if (!done) start = last.endsWith('/') ? prefixEnd(prefix + last) : after(lastKey);
    if (done || !isBefore(start, rangeEnd) || names.length > max) {
      const more = names.length > max;
      return { names: more ? names.slice(0, max) : names, revision, clusterId: page.header.clusterId, more };
    }
    limit = (names.length - before) * SPARSE >= page.kvs.length ? Math.min(limit * 2, LARGEST_PAGE) : FIRST_PAGE;
    onFront?.(names.slice(before), page.header);
    onProgress?.(names.length);
  }
}

function childName(key: Key, from: number): Key {
  const slash = key.indexOf('/', from);
  return slash < 0 ? key.slice(from) : key.slice(from, slash + 1);
}
