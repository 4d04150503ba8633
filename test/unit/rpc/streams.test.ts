import { describe, expect, it } from 'vitest';
import { EtcdError } from '../../../src/etcd/index.js';
import type { Level } from '../../../src/keyspace/listing.js';
import { openStreams, type Feed } from '../../../src/rpc/streams.js';

const header = { revision: '7', clusterId: '1', stale: false };
const level = (names: string[]): Level => ({ names, ...header, more: false, scoped: false });

/** A listing whose steps the test takes. */
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
    const streams = openStreams();
    expect(await streams.begin(() => Promise.resolve(level(['a', 'b'])), 1000)).toMatchObject({
      names: ['a', 'b'],
      level: { revision: '7' },
    });
    await expect(streams.begin(() => Promise.reject(new EtcdError('timeout', 'late')), 1000)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('give the beginning of one that is not, and the rest in batches that are no larger than was asked for', async () => {
    const streams = openStreams();
    const listing = stepped();
    const beginning = streams.begin(listing.list, 10_000);
    listing.front('a', 'b');
    const { id, ...first } = await beginning;
    expect(first).toEqual({ names: ['a', 'b'], known: 2, header });
    listing.front('c', 'd', 'e');
    expect(await streams.more(id as number, 2)).toEqual({ names: ['c', 'd'], known: 5 });
    listing.progress(9);
    expect(await streams.more(id as number, 2)).toEqual({ names: ['e'], known: 9 });
    listing.end('a', 'b', 'c', 'd', 'e', 'f');
    const last = await streams.more(id as number, 2);
    expect(last).toMatchObject({ names: ['f'], known: 6, level: { revision: '7' } });
    await expect(streams.more(id as number, 2)).rejects.toMatchObject({ code: 'internal' });
  });

  it('wait for the first name, and can be cancelled until then', async () => {
    const listing = stepped();
    const stop = new AbortController();
    const beginning = openStreams().begin(listing.list, 10_000, stop.signal);
    stop.abort(new EtcdError('cancelled', 'enough'));
    listing.fail(new Error('aborted'));
    await expect(beginning).rejects.toMatchObject({ code: 'cancelled' });
    expect(listing.stopped()).toBe(true);
  });

  it('know what they are of, also where no name says so: of the whole alone, of none, begun again', async () => {
    const streams = openStreams();
    expect(await streams.begin(() => Promise.resolve(level(['a'])), 1000)).toMatchObject({ header });
    const [empty, again] = [stepped(), stepped()];
    const [one, two] = [streams.begin(empty.list, 10_000), streams.begin(again.list, 10_000)];
    empty.end();
    expect(await one).toMatchObject({ names: [], header });
    again.front('a');
    again.restart();
    again.end('b');
    expect(await two).toMatchObject({ names: ['b'], header });
  });

  it('wait for names that make a screen, or for the whole', async () => {
    const streams = openStreams();
    const [soon, never, late] = [stepped(), stepped(), stepped()];
    const isScreen = (names: readonly string[]): boolean => names.length > 1;
    const [one, two] = [soon, never].map((listing) => streams.begin(listing.list, 10_000, undefined, isScreen));
    const any = streams.begin(late.list, 10_000);
    for (const listing of [soon, never, late]) listing.front('/');
    // That one shows what it has, so the others have waited as long.
    expect(await any).toMatchObject({ names: ['/'] });
    soon.front('a');
    expect(await one).toMatchObject({ names: ['/', 'a'] });
    never.end('/');
    expect(await two).toMatchObject({ names: ['/'], level: { revision: '7' } });
  });

  it('tell what broke them behind the names that were there, and stop when told', async () => {
    const streams = openStreams();
    const [broken, left] = [stepped(), stepped()];
    const [one, two] = [streams.begin(broken.list, 10_000), streams.begin(left.list, 10_000)];
    broken.front('a');
    left.front('a');
    const [first, second] = [(await one).id as number, (await two).id as number];
    broken.front('b');
    broken.fail(new EtcdError('unavailable', 'no leader'));
    expect(await streams.more(first, 10)).toMatchObject({ names: ['b'] });
    await expect(streams.more(first, 10)).rejects.toMatchObject({ code: 'unavailable' });
    streams.stop(second);
    expect(left.stopped()).toBe(true);
    await expect(streams.more(second, 10)).rejects.toMatchObject({ code: 'internal' });
  });

  it('never mix the names of two revisions: a listing that begins again is broken off', async () => {
    const streams = openStreams();
    const listing = stepped();
    const beginning = streams.begin(listing.list, 10_000);
    listing.front('a', 'b');
    const { id } = await beginning;
    listing.restart();
    listing.end('a', 'b', 'c');
    await expect(streams.more(id as number, 10)).rejects.toMatchObject({ code: 'compacted' });
  });

  it('end at the deadline, also when nobody takes the rest', async () => {
    const streams = openStreams();
    const listing = stepped();
    const beginning = streams.begin(listing.list, 200);
    listing.front('a');
    const { id } = await beginning;
    const rest = streams.more(id as number, 10).then(() => streams.more(id as number, 10));
    while (!listing.stopped()) await new Promise((resolve) => setImmediate(resolve));
    listing.fail(new Error('aborted'));
    await expect(rest).rejects.toMatchObject({ code: 'timeout' });
  });
});
