/** Watches, for callers. */
import type { Client, EtcdError, Revision, WatchItem } from '../client/index.js';
import { callOf, type Call } from './call.js';
import { toInt64, toRange, type RangeOf } from './check.js';
import { entryOf, type Entry } from './entry.js';

export interface WatchingOptions extends Call {
  /** The first revision to hear of. If you have read at R, that is R + 1. Without it, you hear what comes after the watch has begun. */
  from?: Revision;
  /** Each event has the entry as it was before. */
  previous?: boolean;
  /** Hear only of puts, or only of deletes. */
  only?: 'put' | 'delete';
  /** Be told about every ten minutes that nothing has happened. */
  progress?: boolean;
  /** Hears why the connection has broken, and undefined when the watch goes on. Nothing is lost in between. */
  onConnection?: (error: EtcdError | undefined) => void;
}

export interface Change {
  type: 'put' | 'delete';
  /** For a delete: the key, the revision of the delete as `modRevision`, and an empty value. */
  entry: Entry;
  previous?: Entry;
}

/** Revisions grow from item to item. No event is told twice, and none is missed without a `resync`. */
export type Watched =
  /** The first one: every change after `revision` will be told. */
  | { type: 'created'; revision: Revision }
  /** All that one txn has changed in the range. */
  | { type: 'events'; revision: Revision; events: Change[] }
  /** Changes may have been missed: read again. Every change after `revision` will be told. */
  | { type: 'resync'; revision: Revision; compacted?: Revision; why: string }
  /** Nothing else has happened up to `revision`. */
  | { type: 'progress'; revision: Revision };

/** Like Etcd.watch(). @throws EtcdError invalid_value at once, all others from the iteration */
export function openWatching(client: Client, range: RangeOf, options: WatchingOptions = {}, usual: number): AsyncIterable<Watched> {
  const { from, previous, only, progress, onConnection } = options;
  const request = {
    ...toRange(range),
    ...(from !== undefined && { from: toInt64(from, 'from') }),
    ...(previous && { prevKv: true }),
    ...(progress && { progress: true }),
    ...(only && { filters: [only === 'put' ? ('nodelete' as const) : ('noput' as const)] }),
  };
  const items = client.watch(request, { ...callOf(options, usual), ...(onConnection && { onConnection }) });
  return {
    [Symbol.asyncIterator]() {
      const inner = items[Symbol.asyncIterator]() as AsyncIterator<WatchItem, undefined>;
      return {
        async next() {
          const { value, done } = await inner.next();
          return done ? { value: undefined, done } : { value: outside(value), done: false };
        },
        async return() {
          await inner.return?.();
          return { value: undefined, done: true };
        },
      };
    },
  };
}

function outside(item: WatchItem): Watched {
  if (item.type !== 'events') return item;
  const events = item.events.map(({ type, kv, prevKv }) => ({ type, entry: entryOf(kv), ...(prevKv && { previous: entryOf(prevKv) }) }));
  return { ...item, events };
}
