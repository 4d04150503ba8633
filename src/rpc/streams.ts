/**
 * Listings under way: what is known is taken in batches while the rest is still being read. The editor sets the pace, one
 * batch at a time; what it has not taken yet waits here, once, as the names themselves.
 */
import { EtcdError, type Key } from '../etcd/index.js';
import type { Level, ReadHeader } from '../keyspace/listing.js';

/** What a listing tells as it goes. */
export interface Feed {
  /** The next names, final and in order, and the header of the answer they came with. */
  onFront: (names: Key[], header: ReadHeader) => void;
  /** It has begun again at another revision. */
  onRestart: () => void;
  /** How many names are known, in order or not. */
  onProgress: (count: number) => void;
}

export interface Batch {
  names: Key[];
  /** Names known so far, taken or not. */
  known: number;
  /** The whole level, with the last batch of a listing that has come to its end. */
  level?: Level;
}

/** The first batch of all, which is there when it is known what it is of. */
export interface Screen extends Batch {
  header: ReadHeader;
  /** Under which the rest comes. */
  id?: number;
}

export interface Streams {
  /**
   * Begins to list.
   * @param deadline ms for all of it
   * @param signal cancels, until this returns
   * @param isScreen whether these names can be shown; by default any can
   * @returns the first batch: the whole level, or what is known FIRST_SCREEN ms later, with the id for the rest
   * @throws what `list` throws until then
   */
  begin(
    list: (feed: Feed, signal: AbortSignal) => Promise<Level>,
    deadline: number,
    signal?: AbortSignal,
    isScreen?: (names: readonly Key[]) => boolean,
  ): Promise<Screen>;
  /**
   * The next batch, of `max` names at the most; after NEXT_BATCH ms whatever there is, which may be none.
   * @throws EtcdError internal where there is no such listing any more; what stopped it, behind all names that it gave
   */
  more(id: number, max: number): Promise<Batch>;
  /** Stops it and forgets its names. */
  stop(id: number): void;
}

/** ms after which a listing shows what it has. */
const FIRST_SCREEN = 150;
/** ms that a batch waits to be filled. */
const NEXT_BATCH = 200;
/** ms in which the editor asks for the second batch, or will never do so: it had cancelled as the first one left. */
const ABANDONED = 10_000;

interface Running {
  names: Key[];
  taken: number;
  known: number;
  header: ReadHeader | undefined;
  level: Level | undefined;
  failure: Error | undefined;
  /** Wakes who waits for something new. */
  wake: () => void;
  stop: AbortController;
}

/** No listing is under way yet. */
export function openStreams(): Streams {
  const streams = new Map<number, Running>();
  const unclaimed = new Map<number, NodeJS.Timeout>();
  let serial = 0;

  function drop(id: number): void {
    streams.get(id)?.stop.abort(new EtcdError('cancelled', 'stopped', { indefinite: true }));
    streams.delete(id);
    claim(id);
  }

  function claim(id: number): void {
    clearTimeout(unclaimed.get(id));
    unclaimed.delete(id);
  }

  return {
    async begin(list, deadline, signal, isScreen = () => true) {
      const running = start(list, deadline);
      const cancel = (): void => running.stop.abort(signal?.reason);
      signal?.addEventListener('abort', cancel, { once: true });
      if (signal?.aborted) cancel();
      try {
        // A screen without a name on it helps nobody.
        await until(running, () => isOver(running), FIRST_SCREEN);
        await until(running, () => isOver(running) || (running.names.length > 0 && isScreen(running.names)));
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
      if (running.failure !== undefined) throw running.failure;
      const { header } = running;
      // There are names, or all is over: either has come with it.
      if (!header) throw new EtcdError('internal', 'a listing without a header');
      const batch = { ...take(running, Infinity), header };
      if (batch.level) return batch;
      const id = ++serial;
      streams.set(id, running);
      unclaimed.set(id, setTimeout(() => drop(id), ABANDONED).unref());
      return { ...batch, id };
    },

    async more(id, max) {
      const running = streams.get(id);
      if (!running) throw new EtcdError('internal', 'that listing is not under way any more');
      claim(id);
      await until(running, () => isOver(running) || running.names.length - running.taken >= max, NEXT_BATCH);
      const batch = take(running, max);
      const failure = batch.names.length === 0 ? running.failure : undefined;
      if (failure || batch.level) drop(id);
      if (failure) throw failure;
      return batch;
    },

    stop: drop,
  };
}

function start(list: (feed: Feed, signal: AbortSignal) => Promise<Level>, deadline: number): Running {
  const stop = new AbortController();
  const running: Running = {
    ...{ names: [], taken: 0, known: 0, header: undefined, level: undefined, failure: undefined },
    wake: () => undefined,
    stop,
  };
  const late = new EtcdError('timeout', `not done within ${deadline} ms`, { indefinite: true });
  const limit = setTimeout(() => stop.abort(late), deadline).unref();
  const feed: Feed = {
    onFront(names, header) {
      if (stop.signal.aborted) return;
      for (const name of names) running.names.push(name);
      running.header ??= header;
      feed.onProgress(running.names.length);
    },
    // With names on the screen already, those of two revisions must not mix.
    onRestart() {
      if (running.taken > 0) stop.abort(new EtcdError('compacted', 'the revision that was being read is gone'));
      Object.assign(running, { names: [], known: 0, header: undefined });
    },
    onProgress(count) {
      running.known = Math.max(running.known, count);
      running.wake();
    },
  };
  list(feed, stop.signal)
    .then((level) => {
      stop.signal.throwIfAborted();
      Object.assign(running, { level, header: headerOf(level), names: level.names, known: level.names.length });
    })
    .catch((thrown: unknown) => {
      const why: unknown = stop.signal.aborted ? stop.signal.reason : thrown;
      running.failure = why instanceof Error ? why : new Error(String(why));
    })
    .finally(() => {
      clearTimeout(limit);
      running.wake();
    });
  return running;
}

function isOver(running: Running): boolean {
  return running.level !== undefined || running.failure !== undefined;
}

function take(running: Running, max: number): Batch {
  const names = running.names.slice(running.taken, running.taken + max);
  running.taken += names.length;
  const { known, level } = running;
  return { names, known, ...(level && running.taken === level.names.length && { level }) };
}

/** What is true of all names of a level. */
export function headerOf({ revision, clusterId, stale }: Level): ReadHeader {
  return { revision, clusterId, stale };
}

/** Until `ready`, or for `ms`. */
async function until(running: Running, ready: () => boolean, ms?: number): Promise<void> {
  if (ready()) return;
  await new Promise<void>((resolve) => {
    const limit = ms === undefined ? undefined : setTimeout(resolve, ms);
    running.wake = () => {
      if (!ready()) return;
      clearTimeout(limit);
      resolve();
    };
  });
  running.wake = () => undefined;
}
