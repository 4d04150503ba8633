/** What an edited listing shows: the children of a prefix, or every key below it. All are at one revision. */
import {
  after,
  isDenied,
  type CallOptions,
  type Client,
  type Header,
  type Key,
  type RangeRequest,
  type Revision,
} from '../../client/index.js';
import { listLevel } from '../listing/level.js';
import { readableSpans, type Span } from '../listing/scope.js';
import { spanBelow } from '../subtree.js';
import { nameOf } from './names.js';

export interface OutlineRequest {
  prefix: Key;
  /** Show every key below it, instead of its children. */
  tree: boolean;
  /** Hears how many names are known so far. */
  onProgress?: (count: number) => void;
}

export interface Outline {
  /** As nameOf() writes them, in etcd's byte order. */
  names: string[];
  header: Header;
  /** Only what the user's roles allow to see. */
  scoped: boolean;
}

/**
 * It is linearizable, because nobody should decide on what one member has without a quorum. @throws EtcdError as listLevel() and
 * Client.scan()
 */
export async function readOutline(client: Client, { prefix, tree, onProgress }: OutlineRequest, options: CallOptions): Promise<Outline> {
  if (tree) return readTree(client, prefix, onProgress, options);
  const { names, revision, clusterId, scoped } = await listLevel(client, { prefix, ...(onProgress && { onProgress }) }, options);
  const header = { clusterId, revision };
  return {
    names: names.map((name) => nameOf(prefix, { kind: name.endsWith('/') ? 'prefix' : 'key', key: prefix + name })),
    header,
    scoped,
  };
}

async function readTree(client: Client, prefix: Key, onProgress: OutlineRequest['onProgress'], options: CallOptions): Promise<Outline> {
  const names: string[] = [];
  const take = (key: Key): void => {
    names.push(nameOf(prefix, { kind: 'key', key }));
    if (names.length % 4096 === 0) onProgress?.(names.length);
  };
  const whole = spanBelow(prefix);
  try {
    const header = await scanSpan(client, whole, {}, take, options);
    return { names, header, scoped: false };
  } catch (thrown) {
    if (!isDenied(thrown) || client.user === '') throw thrown;
    const { header, ranges } = await client.readable(options);
    const spans = readableSpans(ranges, whole);
    if (spans.length === 0) throw thrown;
    let revision: Revision | undefined;
    for (const span of spans) {
      const pinned = { clusterId: header.clusterId, ...(revision !== undefined && { revision }) };
      const answer = await scanSpan(client, span, pinned, take, options);
      revision ??= answer.revision;
    }
    return { names, header: { ...header, revision: revision ?? header.revision }, scoped: true };
  }
}

/** An attempt that broke off begins again. Keys that have come already are not given twice. */
async function scanSpan(
  client: Client,
  { start, end }: Span,
  pinned: Pick<RangeRequest, 'revision' | 'clusterId'>,
  onKey: (key: Key) => void,
  options: CallOptions,
): Promise<Header> {
  let next = start;
  const onNext = (key: Key): void => {
    if (key < next) return;
    next = after(key);
    onKey(key);
  };
  return (await client.scan({ key: start, rangeEnd: end, keysOnly: true, ...pinned }, onNext, options)).header;
}
