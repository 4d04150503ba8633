import { describe, expect, it } from 'vitest';
import { EtcdError } from '../../../src/client/index.js';
import type { Level } from '../../../src/keyspace/listing/level.js';
import { openStreams, type Feed } from '../../../src/host/streams.js';

const header = { revision: '7', clusterId: '1', stale: false };
const level = (names: string[]): Level => ({ names, ...header, more: false, scoped: false });
const namesOf = ({ names }: Level): string[] => names;

/** A listing whose steps are controlled by the test. */
function stepped() {
  let feed = undefined as unknown as Feed;
  let signal = undefined as unknown as AbortSignal;
  let end: (level: Level) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const list = (its: Feed, stop: AbortSignal): Promise<Level> => {
    [feed, signal] = [its, stop];
    return new Promise((resolve, reject) => ([end, fail] = [resolve, reject]));
  };
  return {
    list,
    front: (...names: string[]) => feed.onFront(names, header),
    restart: () => feed.onRestart(),
    progress: (count: number) => feed.onProgress(count),
    end: (...names: string[]) => end(level(names)),
    fail: (error: Error) => fail(error),
    stopped: () => signal.aborted,
  };
}

describe('streams', () => {
  it('give a listing that is quick as a whole', async () => {
    const streams = openStreams(namesOf);
    expect(await streams.begin(() => Promise.resolve(level(['a', 'b'])), 1000)).toMatchObject({
      parts: ['a', 'b'],
      whole: { revision: '7' },
    });
    await expect(streams.begin(() => Promise.reject(new EtcdError('timeout', 'late')), 1000)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('give the beginning of one that is not, and the rest in batches that are no larger than was asked for', async () => {
    const streams = openStreams(namesOf);
    const listing = stepped();
    const beginning = streams.begin(listing.list, 10_000);
    listing.front('a', 'b');
    const { id, ...first } = await beginning;
    expect(first).toEqual({ parts: ['a', 'b'], known: 2, header });
    listing.front('c', 'd', 'e');
    expect(await streams.more(id as number, 2)).toEqual({ parts: ['c', 'd'], known: 5 });
    listing.progress(9);
    expect(await streams.more(id as number, 2)).toEqual({ parts: ['e'], known: 9 });
    listing.end('a', 'b', 'c', 'd', 'e', 'f');
    const last = await streams.more(id as number, 2);
    expect(last).toMatchObject({ parts: ['f'], known: 6, whole: { revision: '7' } });
    await expect(streams.more(id as number, 2)).rejects.toMatchObject({ code: 'internal' });
  });

  it('wait for the first name, and can be cancelled until then', async () => {
    const listing = stepped();
    const stop = new AbortController();
    const beginning = openStreams(namesOf).begin(listing.list, 10_000, stop.signal);
    stop.abort(new EtcdError('cancelled', 'enough'));
    listing.fail(new Error('aborted'));
    await expect(beginning).rejects.toMatchObject({ code: 'cancelled' });
    expect(listing.stopped()).toBe(true);
  });

  it('know what they are of, also where no name says so: of the whole alone, of none, begun again', async () => {
    const streams = openStreams(namesOf);
    expect(await streams.begin(() => Promise.resolve(level(['a'])), 1000)).toMatchObject({ header });
    const [empty, again] = [stepped(), stepped()];
    const [one, two] = [streams.begin(empty.list, 10_000), streams.begin(again.list, 10_000)];
    empty.end();
    expect(await one).toMatchObject({ parts: [], header });
    again.front('a');
    again.restart();
    again.end('b');
    expect(await two).toMatchObject({ parts: ['b'], header });
  });

  it('wait for names that make a screen, or for the whole', async () => {
    const streams = openStreams(namesOf);
    const [soon, never, late] = [stepped(), stepped(), stepped()];
    const isScreen = (names: readonly string[]): boolean => names.length > 1;
    const [one, two] = [soon, never].map((listing) => streams.begin(listing.list, 10_000, undefined, isScreen));
    const any = streams.begin(late.list, 10_000);
    for (const listing of [soon, never, late]) listing.front('/');
    // That one shows what it has, so the others have waited as long.
    expect(await any).toMatchObject({ parts: ['/'] });
    soon.front('a');
    expect(await one).toMatchObject({ parts: ['/', 'a'] });
    never.end('/');
    expect(await two).toMatchObject({ parts: ['/'], whole: { revision: '7' } });
  });

  it('tell what broke them behind the names that were there, and stop when told', async () => {
    const streams = openStreams(namesOf);
    const [broken, left] = [stepped(), stepped()];
    const [one, two] = [streams.begin(broken.list, 10_000), streams.begin(left.list, 10_000)];
    broken.front('a');
    left.front('a');
    const [first, second] = [(await one).id as number, (await two).id as number];
    broken.front('b');
    broken.fail(new EtcdError('unavailable', 'no leader'));
    expect(await streams.more(first, 10)).toMatchObject({ parts: ['b'] });
    await expect(streams.more(first, 10)).rejects.toMatchObject({ code: 'unavailable' });
    streams.stop(second);
    expect(left.stopped()).toBe(true);
    await expect(streams.more(second, 10)).rejects.toMatchObject({ code: 'internal' });
  });

  it('never mix the names of two revisions: a listing that begins again is broken off', async () => {
    const streams = openStreams(namesOf);
    const listing = stepped();
    const beginning = streams.begin(listing.list, 10_000);
    listing.front('a', 'b');
    const { id } = await beginning;
    listing.restart();
    listing.end('a', 'b', 'c');
    await expect(streams.more(id as number, 10)).rejects.toMatchObject({ code: 'compacted' });
  });

  it('end at the deadline, also when nobody takes the rest', async () => {
    const streams = openStreams(namesOf);
    const listing = stepped();
    const beginning = streams.begin(listing.list, 200);
    listing.front('a');
    const { id } = await beginning;
    const rest = streams.more(id as number, 10).then(() => streams.more(id as number, 10));
    while (!listing.stopped()) await new Promise((resolve) => setImmediate(resolve));
    listing.fail(new Error('aborted'));
    await expect(rest).rejects.toMatchObject({ code: 'timeout' });
  });

  it('carry anything, and forget what was taken: what has come through the feed is all', async () => {
    interface Hit {
      line: number;
    }
    let feed = undefined as unknown as Feed<Hit>;
    let end: () => void = () => undefined;
    const whole = { ...header, hits: 3 };
    const streams = openStreams<Hit, typeof whole>();
    const beginning = streams.begin((its) => {
      feed = its;
      return new Promise((resolve) => (end = () => resolve(whole)));
    }, 10_000);
    const hits = [1, 2, 3].map((line) => ({ line }));
    feed.onFront(hits.slice(0, 2), header);
    const { id, ...first } = await beginning;
    expect(first).toEqual({ parts: hits.slice(0, 2), known: 2, header });
    feed.onFront(hits.slice(2), header);
    end();
    expect(await streams.more(id as number, 10)).toEqual({ parts: hits.slice(2), known: 3, whole });
    await expect(streams.more(id as number, 10)).rejects.toMatchObject({ code: 'internal' });
  });
});
