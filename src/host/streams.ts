/**
 * Reads that are under way. Their result is taken in batches while the rest is still being read: names of a listing, hits, anything
 * that comes in parts. The editor sets the pace, one batch at a time. Parts that it has not taken yet wait here, and are stored once.
 * Parts that it has taken are forgotten.
 */
import { EtcdError, type Key } from '../client/index.js';
import type { Level, ReadHeader } from '../keyspace/listing/level.js';

/** What a read tells on its way. */
export interface Feed<Part = Key> {
  /** The next parts, final and in order, and the header of the answer that they came with. */
  onFront: (parts: Part[], header: ReadHeader) => void;
  /** It has begun again at another revision. */
  onRestart: () => void;
  /** How many parts are known, in order or not. */
  onProgress: (count: number) => void;
}

export interface Batch<Part = Key, Whole = Level> {
  parts: Part[];
  /** Parts known so far, taken or not. */
  known: number;
  /** What the read has ended with. It comes with the last batch. */
  whole?: Whole;
}

/** The first batch. It comes as soon as it is known what the parts are of. */
export interface Screen<Part = Key, Whole = Level> extends Batch<Part, Whole> {
  header: ReadHeader;
  /** The id by which the rest is asked for. */
  id?: number;
}

/** @param feed gets the parts in order @returns what is true of all of them */
export type Read<Part, Whole> = (feed: Feed<Part>, signal: AbortSignal) => Promise<Whole>;

export interface Streams<Part = Key, Whole = Level> {
  /**
   * Begins to read.
   * @param deadline ms for all of it
   * @param signal cancels the read, until this returns
   * @param isScreen whether these parts can be shown; by default any can
   * @returns the first batch: all of it, or what is known FIRST_SCREEN ms later, with the id for the rest
   * @throws what `read` throws until then
   */
  begin(
    read: Read<Part, Whole>,
    deadline: number,
    signal?: AbortSignal,
    isScreen?: (parts: readonly Part[]) => boolean,
  ): Promise<Screen<Part, Whole>>;
  /**
   * The next batch, with at most `max` names. After NEXT_BATCH ms it is whatever there is, perhaps nothing.
   * @throws EtcdError internal if there is no such read any more; or what stopped it, after all parts that it gave
   */
  more(id: number, max: number): Promise<Batch<Part, Whole>>;
  /** Stops it and forgets its parts. */
  stop(id: number): void;
}

/** ms after which a read shows what it has. */
const FIRST_SCREEN = 150;
/** ms that a batch waits to be filled. */
const NEXT_BATCH = 200;
/** ms in which the editor asks for the second batch. If it does not, it had cancelled while the first batch was on its way. */
const ABANDONED = 10_000;

interface Running<Part, Whole> {
  /** Not taken yet. */
  parts: Part[];
  taken: number;
  known: number;
  header: ReadHeader | undefined;
  whole: Whole | undefined;
  failure: Error | undefined;
  /** Wakes whoever waits for something new. */
  wake: () => void;
  stop: AbortController;
}

/**
 * No read is under way yet.
 * @param partsOf gives all parts, for a read that ends with them; without it they are the parts that the feed was given
 */
export function openStreams<Part, Whole extends ReadHeader>(partsOf?: (whole: Whole) => Part[]): Streams<Part, Whole> {
  const streams = new Map<number, Running<Part, Whole>>();
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
    async begin(read, deadline, signal, isScreen = () => true) {
      const running = start(read, deadline, partsOf);
      const cancel = (): void => running.stop.abort(signal?.reason);
      signal?.addEventListener('abort', cancel, { once: true });
      if (signal?.aborted) cancel();
      try {
        // An empty screen helps nobody.
        await until(running, () => isOver(running), FIRST_SCREEN);
        await until(running, () => isOver(running) || (running.parts.length > 0 && isScreen(running.parts)));
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
      if (running.failure !== undefined) throw running.failure;
      const { header } = running;
      // Either parts have come or all is over, and both bring a header.
      if (!header) throw new EtcdError('internal', 'a read without a header');
      const batch = { ...take(running, Infinity), header };
      if (batch.whole) return batch;
      const id = ++serial;
      streams.set(id, running);
      unclaimed.set(id, setTimeout(() => drop(id), ABANDONED).unref());
      return { ...batch, id };
    },

    async more(id, max) {
      const running = streams.get(id);
      if (!running) throw new EtcdError('internal', 'that read is not under way any more');
      claim(id);
      await until(running, () => isOver(running) || running.parts.length >= max, NEXT_BATCH);
      const batch = take(running, max);
      const failure = batch.parts.length === 0 ? running.failure : undefined;
      if (failure || batch.whole) drop(id);
      if (failure) throw failure;
      return batch;
    },

    stop: drop,
  };
}

function start<Part, Whole extends ReadHeader>(
  read: Read<Part, Whole>,
  deadline: number,
  partsOf: ((whole: Whole) => Part[]) | undefined,
): Running<Part, Whole> {
  const stop = new AbortController();
  const running: Running<Part, Whole> = {
    ...{ parts: [], taken: 0, known: 0, header: undefined, whole: undefined, failure: undefined },
    wake: () => undefined,
    stop,
  };
  const late = new EtcdError('timeout', `not done within ${deadline} ms`, { indefinite: true });
  const limit = setTimeout(() => stop.abort(late), deadline).unref();
  const feed: Feed<Part> = {
    onFront(parts, header) {
      if (stop.signal.aborted) return;
      for (const part of parts) running.parts.push(part);
      running.header ??= header;
      feed.onProgress(running.taken + running.parts.length);
    },
    // If parts are already on the screen, parts of two revisions must not mix.
    onRestart() {
      if (running.taken > 0) stop.abort(new EtcdError('compacted', 'the revision that was being read is gone'));
      Object.assign(running, { parts: [], known: 0, header: undefined });
    },
    onProgress(count) {
      running.known = Math.max(running.known, count);
      running.wake();
    },
  };
  read(feed, stop.signal)
    .then((whole) => {
      stop.signal.throwIfAborted();
      const parts = partsOf?.(whole).slice(running.taken) ?? running.parts;
      Object.assign(running, { whole, header: headerOf(whole), parts, known: running.taken + parts.length });
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

function isOver<Part, Whole>({ whole, failure }: Running<Part, Whole>): boolean {
  return whole !== undefined || failure !== undefined;
}

function take<Part, Whole>(running: Running<Part, Whole>, max: number): Batch<Part, Whole> {
  const parts = running.parts.splice(0, max);
  running.taken += parts.length;
  const { known, whole } = running;
  return { parts, known, ...(whole !== undefined && running.parts.length === 0 && { whole }) };
}

/** What is true of all parts. */
export function headerOf({ revision, clusterId, stale }: ReadHeader): ReadHeader {
  return { revision, clusterId, stale };
}

/** Waits until `ready`, or for `ms`. */
async function until<Part, Whole>(running: Running<Part, Whole>, ready: () => boolean, ms?: number): Promise<void> {
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
