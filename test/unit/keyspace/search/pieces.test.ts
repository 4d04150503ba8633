/** A large range that is read in pieces, side by side: every entry once, in order, whatever the answers do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EtcdError, type Client, type Entry, type RangeRequest } from '../../../../src/client/index.js';
import { askAhead } from '../../../../src/keyspace/search/ahead.js';
import { streamEntries } from '../../../../src/keyspace/search/read.js';
import { spanBelow } from '../../../../src/keyspace/subtree.js';

const header = { clusterId: '1', revision: '9' };
const options = { budget: 10_000 };

interface Road {
  /** Pairs of one chunk. */
  each: number;
  /** Some answers fail before they have given anything; others break off once, and begin again. */
  fails: readonly number[];
  breaks: readonly number[];
  /** Nothing is counted. */
  uncounted: boolean;
}

interface Server {
  client: Client;
  /** The most that were open at once, and how many were asked for in all. */
  most: number;
  asked: number;
}

function road(entries: readonly Entry[], { each, fails, breaks, uncounted }: Road): Server {
  const sorted = [...entries].sort((a, b) => (a.key < b.key ? -1 : 1));
  const within = ({ key: start, rangeEnd = '' }: RangeRequest): Entry[] =>
    sorted.filter(({ key }) => key >= start && (rangeEnd === '\0' || key < rangeEnd));
  const one: Server = { client: undefined as unknown as Client, most: 0, asked: 0 };
  let open = 0;
  one.client = {
    user: '',
    endpoint: () => 'http://there',
    range: () => Promise.resolve({ header, kvs: [], count: 0, more: false, stale: false }),
    rangeMany(requests: RangeRequest[]) {
      if (uncounted) return Promise.reject(new EtcdError('too_large', 'no'));
      return Promise.resolve({
        header,
        stale: false,
        ranges: requests.map((asking) => ({ keys: [], count: within(asking).length, more: false })),
      });
    },
    async scanEntries(request: RangeRequest, onEntries: (some: Entry[]) => void | Promise<void>) {
      const number = ++one.asked;
      one.most = Math.max(one.most, ++open);
      try {
        await new Promise(setImmediate);
        if (fails.includes(number)) throw new EtcdError('unavailable', 'not now');
        const all = within(request);
        const page = all.slice(0, request.limit);
        if (breaks.includes(number) && page.length > 0) await onEntries(page.slice(0, each));
        for (let i = 0; i < page.length; i += each) await onEntries(page.slice(i, i + each));
        return { header, count: all.length, more: page.length < all.length };
      } finally {
        open--;
      }
    },
  } as unknown as Client;
  return one;
}

const key = fc.oneof(
  fc.nat(2000).map((n) => `/n/${String(n).padStart(5, '0')}`),
  fc.tuple(fc.constantFrom('a', 'b', 'ns'), fc.constantFrom('x', 'y', 'é'), fc.nat(99)).map(([a, b, n]) => `/n/${a}/${b}${n}`),
  fc.uint8Array({ minLength: 1, maxLength: 4 }).map((some) => `/n/${Buffer.from(some).toString('latin1')}`),
);
const entry = fc.record({ key, value: fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some)) });
const tree = fc.uniqueArray(entry, { selector: (each) => each.key, minLength: 20, maxLength: 400, size: 'max' });

/** Takes some time for each chunk. */
async function read({ client }: Server, pieceBytes: number, prefix = '/n/'): Promise<Entry[]> {
  const entries: Entry[] = [];
  const take = async (some: Entry[]): Promise<void> => {
    await new Promise(setImmediate);
    entries.push(...some);
  };
  await streamEntries(client, { ...spanBelow(prefix), keysOnly: false, pieceBytes }, take, options);
  return entries;
}

describe('a range that is read in pieces', () => {
  it('gives each entry once, in order', async () => {
    const way = fc.record({
      each: fc.integer({ min: 1, max: 50 }),
      fails: fc.constant([]),
      breaks: fc.uniqueArray(fc.nat(12), { maxLength: 4 }),
      uncounted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        tree,
        way,
        fc.constantFrom('', '/n/', '/n/a'),
        fc.constantFrom(300, 1500, 8000),
        async (entries, how, prefix, bytes) => {
          const found = await read(road(entries, how), bytes, prefix);
          const expected = entries.filter((each) => each.key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1));
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('asks for the next ones while one is read, and for no more than two', async () => {
    const entries = Array.from({ length: 500 }, (_, i) => ({ key: `/n/${1000 + i}`, value: Buffer.alloc(20) }));
    const quiet = { each: 10, fails: [], breaks: [], uncounted: false };
    const [cut, whole] = [road(entries, quiet), road(entries, { ...quiet, uncounted: true })];
    expect([await read(cut, 2000), await read(whole, 2000)]).toEqual([entries, entries]);
    expect([cut.most, whole.most]).toEqual([3, 1]);
    expect(cut.asked).toBeGreaterThan(10);
  });

  it('asks again in its turn for what has failed before', async () => {
    const entries = Array.from({ length: 500 }, (_, i) => ({ key: `/n/${1000 + i}`, value: Buffer.alloc(20) }));
    const quiet = { each: 10, breaks: [], uncounted: false };
    const [well, ill] = [road(entries, { ...quiet, fails: [] }), road(entries, { ...quiet, fails: [3, 4] })];
    expect([await read(well, 2000), await read(ill, 2000)]).toEqual([entries, entries]);
    expect(ill.asked).toBe(well.asked + 2);
    await expect(read(road(entries, { ...quiet, fails: [1] }), 2000)).rejects.toThrow('not now');
  });

  it('ends what was asked for as soon as nobody takes what comes', async () => {
    const entries = Array.from({ length: 500 }, (_, i) => ({ key: `/n/${1000 + i}`, value: Buffer.alloc(20) }));
    const there = road(entries, { each: 10, fails: [], breaks: [], uncounted: false });
    let seen = 0;
    const enough = (some: Entry[]): void => {
      if ((seen += some.length) > 100) throw new Error('enough');
    };
    await expect(streamEntries(there.client, { ...spanBelow('/n/'), keysOnly: false, pieceBytes: 2000 }, enough, options)).rejects.toThrow(
      'enough',
    );
    const asked = there.asked;
    await new Promise(setImmediate);
    expect(there.asked).toBe(asked);
  });
});

describe('an answer that is asked for ahead', () => {
  const answer = (parts: string[]) => async (onPart: (part: string) => void | Promise<void>) => {
    for (const part of parts) await onPart(part);
    return parts.length;
  };

  it('gives nothing before its turn', async () => {
    const given: string[] = [];
    const ahead = askAhead(answer(['a', 'b']), (part: string) => void given.push(part), 1000);
    await new Promise(setImmediate);
    expect(given).toEqual([]);
    expect([await ahead.take(), given]).toEqual([2, ['a', 'b']]);
  });

  it('is asked for anew if it has failed by then, or has waited too long', async () => {
    let [clock, tries] = [0, 0];
    const given: string[] = [];
    const take = (part: string): void => void given.push(part);
    const failing = async (onPart: (part: string) => void | Promise<void>): Promise<number> => {
      if (++tries === 1) throw new EtcdError('timeout', 'late');
      return answer(['a'])(onPart);
    };
    const failed = askAhead(failing, take, 1000);
    await new Promise(setImmediate);
    expect(await failed.take()).toBe(1);
    const late = askAhead(answer(['b']), take, 1000, () => clock);
    clock = 1001;
    expect([await late.take(), given, tries]).toEqual([1, ['a', 'b'], 2]);
  });

  it('is not asked for again if it fails in its turn', async () => {
    const given: string[] = [];
    let tries = 0;
    const broken = async (onPart: (part: string) => void | Promise<void>): Promise<number> => {
      tries++;
      await onPart('a');
      throw new EtcdError('unavailable', 'gone');
    };
    await expect(askAhead(broken, (part: string) => void given.push(part), 1000).take()).rejects.toThrow('gone');
    expect([given, tries]).toEqual([['a'], 1]);
  });

  it('is ended if nobody wants it', async () => {
    let signal: AbortSignal | undefined;
    const waiting = (onPart: (part: string) => void | Promise<void>, ending?: AbortSignal) => {
      signal = ending;
      return answer(['a'])(onPart);
    };
    askAhead(waiting, () => undefined, 1000).drop();
    await new Promise(setImmediate);
    expect(signal?.aborted).toBe(true);
  });
});
