/** Searches, compared with a model that looks at everything, one line after the other. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EtcdError, type Client, type Entry, type KeyRange, type RangeRequest } from '../../../../src/client/index.js';
import type { Pattern } from '../../../../src/keyspace/search/pattern.js';
import { findKeys, grep, type SearchRequest } from '../../../../src/keyspace/search/search.js';
import { spanBelow } from '../../../../src/keyspace/subtree.js';

const options = { budget: 1000 };
const header = { clusterId: '1', revision: '9' };

interface Fake {
  ranges?: KeyRange[];
  /** Pairs of one chunk. */
  each?: number;
  /** The n-th answer breaks off after its first chunk, and then begins again. */
  breaks?: number;
}

/** A client that has these entries, in pages and chunks. */
function fake(entries: Entry[], { ranges, each = 3, breaks = 0 }: Fake = {}): Client {
  const sorted = [...entries].sort((a, b) => (a.key < b.key ? -1 : 1));
  let answers = 0;
  const check = ({ key, rangeEnd = `${key}\0` }: RangeRequest): void => {
    const may = !ranges || ranges.some((range) => range.key <= key && rangeEnd <= (range.rangeEnd ?? `${range.key}\0`));
    if (!may) throw new EtcdError('permission_denied', 'no');
  };
  const client = {
    user: ranges ? 'alice' : '',
    endpoint: () => 'http://there',
    readable: () => Promise.resolve({ header, ranges, writable: [] }),
    // eslint-disable-next-line @typescript-eslint/require-await -- it throws as a client does
    async range(request: RangeRequest) {
      check(request);
      return { header, kvs: [], count: 0, more: false, stale: false };
    },
    async scanEntries(request: RangeRequest, onEntries: (some: Entry[]) => void | Promise<void>) {
      check(request);
      const { key: start, rangeEnd = '', limit = Infinity, keysOnly } = request;
      const all = sorted.filter(({ key }) => key >= start && (rangeEnd === '\0' || key < rangeEnd));
      const page = all.slice(0, limit).map(({ key, value }) => ({ key, value: keysOnly ? Buffer.alloc(0) : value }));
      if (++answers === breaks && page.length > 0) await onEntries(page.slice(0, each));
      for (let i = 0; i < page.length; i += each) await onEntries(page.slice(i, i + each));
      return { header, count: all.length, more: page.length < all.length };
    },
  };
  return client as unknown as Client;
}

const hold = async <Part>(
  search: (client: Client, request: SearchRequest, feed: never, options: never) => Promise<object>,
  client: Client,
  prefix: string,
  pattern: Pattern,
  max = Infinity,
) => {
  const found: Part[] = [];
  const feed = { onFound: (parts: Part[]) => void found.push(...parts), onProgress: () => undefined };
  const whole = await search(client, { ...spanBelow(prefix), pattern, max }, feed as never, options as never);
  return { found, whole };
};

const lineOf = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀', ' ', '{', '\t'), maxLength: 6 });
const text = fc.array(lineOf, { maxLength: 5 }).map((lines) => Buffer.from(lines.join('\n')));
const bytes = fc.uint8Array({ maxLength: 20 }).map((some) => Buffer.from(some));
const key = fc.array(fc.constantFrom('a', 'b', 'ab.json', 'é'), { minLength: 1, maxLength: 3 }).map((parts) => {
  return Buffer.from(`/${parts.join('/')}`).toString('latin1');
});
const tree = fc.uniqueArray(fc.record({ key, value: fc.oneof(text, bytes) }), { selector: (entry) => entry.key, maxLength: 30 });

/** Everything that a search line by line finds: key, line, column. */
function model(entries: Entry[], prefix: string, at: (line: Buffer, isText: boolean) => number): unknown[] {
  const inOrder = [...entries].sort((a, b) => (a.key < b.key ? -1 : 1)).filter((entry) => entry.key.startsWith(prefix));
  return inOrder.flatMap((entry) => {
    const isUnicode = Buffer.from(entry.value.toString()).equals(entry.value);
    const lines = entry.value.toString('latin1').replace(/\n$/, '').split('\n');
    return lines.flatMap((line, i) => {
      const place = at(Buffer.from(line, 'latin1'), isUnicode);
      const before = line.slice(0, Math.max(0, place));
      const width = isUnicode ? before.length : Buffer.byteLength(before);
      const bom = isUnicode && i === 0 && line.startsWith('\xef\xbb\xbf') ? 3 : 0;
      return place < 0 ? [] : [[entry.key, i + 1, Math.max(0, width - bom) + 1, isUnicode && !entry.value.includes(0)]];
    });
  });
}

describe('grep', () => {
  const shape = fc.record({
    entries: tree,
    prefix: fc.constantFrom('', '/', '/a', '/a/', '/x'),
    each: fc.integer({ min: 1, max: 5 }),
    breaks: fc.nat(2),
  });
  interface Found {
    key: string;
    line: number;
    column: number;
    isText: boolean;
  }
  const placesOf = (found: Found[]) => found.map(({ key: name, line, column, isText }) => [name, line, column, isText]);

  it('finds the lines with a text that a look at everything finds', async () => {
    const needle = fc.constantFrom('a', 'ab', 'é', '{', '😀', 'a b');
    await fc.assert(
      fc.asyncProperty(shape, needle, async ({ entries, prefix, ...how }, wanted) => {
        const { found } = await hold<Found>(grep, fake(entries, how), prefix, { kind: 'text', text: wanted });
        expect(placesOf(found)).toEqual(model(entries, prefix, (line) => line.indexOf(wanted)));
      }),
      { numRuns: 500 },
    );
  });

  it('finds those with a regular expression, byte by byte in what is no text', async () => {
    const expression = fc.constantFrom<[string, string]>(['a+b', ''], ['^A', 'i'], ['é|\\{$', ''], ['.$', 'u'], ['\\xe9', ''], ['^$', '']);
    await fc.assert(
      fc.asyncProperty(shape, expression, async ({ entries, prefix, ...how }, [source, flags]) => {
        const { found } = await hold<Found>(grep, fake(entries, how), prefix, { kind: 'regexp', source, flags });
        const at = (raw: Buffer, isUnicode: boolean): number => {
          const line = raw.toString(isUnicode ? 'utf8' : 'latin1').replace(/\r$/, '');
          const match = new RegExp(source, flags).exec(line);
          return match ? Buffer.byteLength(line.slice(0, match.index), isUnicode ? 'utf8' : 'latin1') : -1;
        };
        expect(placesOf(found)).toEqual(model(entries, prefix, at));
      }),
      { numRuns: 25 },
    );
  });

  it('ends with as many as were asked for, and says that there may be more', async () => {
    const entries = ['a', 'b', 'c'].map((name) => ({ key: `/${name}`, value: Buffer.from('x\nx\nx') }));
    const { found, whole } = await hold(grep, fake(entries, { each: 1 }), '/', { kind: 'text', text: 'x' }, 5);
    expect(found.length).toBe(5);
    expect(whole).toMatchObject({ more: true, keys: 2, revision: '9' });
    expect((await hold(grep, fake(entries), '/', { kind: 'text', text: 'x' }, 10)).whole).toMatchObject({ more: false, keys: 3 });
  });

  it('looks only at what the roles allow to see', async () => {
    const entries = ['/a/1', '/b/1', '/c/1', '/c/2'].map((name) => ({ key: name, value: Buffer.from('x') }));
    const ranges = [
      { key: '/a/', rangeEnd: '/a0' },
      { key: '/c/2', rangeEnd: undefined },
    ];
    const { found, whole } = await hold<Found>(grep, fake(entries, { ranges }), '/', { kind: 'text', text: 'x' });
    expect(found.map(({ key: name }) => name)).toEqual(['/a/1', '/c/2']);
    expect(whole).toMatchObject({ scoped: true });
    await expect(hold(grep, fake(entries, { ranges }), '/b/', { kind: 'text', text: 'x' })).rejects.toMatchObject({
      code: 'permission_denied',
    });
  });

  it('stops an expression that does not come to an end, and names the key', async () => {
    const entries = [
      { key: '/good', value: Buffer.from('x') },
      { key: '/bad', value: Buffer.from(`${'a'.repeat(60)}!`) },
    ];
    const slow: Pattern = { kind: 'regexp', source: '^(a+)+$', flags: '' };
    await expect(hold(grep, fake(entries), '/', slow)).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('/bad') as unknown,
    });
    const cancel = AbortSignal.timeout(300);
    const feed = { onFound: () => undefined, onProgress: () => undefined };
    const request = { ...spanBelow('/'), pattern: slow, max: 9 };
    await expect(grep(fake(entries), request, feed, { ...options, signal: cancel })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('refuses what is no pattern', async () => {
    for (const pattern of [
      { kind: 'text', text: '' },
      { kind: 'regexp', source: '(', flags: '' },
      { kind: 'regexp', source: 'a', flags: 'k' },
    ]) {
      await expect(hold(grep, fake([]), '/', pattern as Pattern)).rejects.toMatchObject({ code: 'invalid_value' });
    }
  });
});

describe('find', () => {
  const names = ['/a.json', '/a/b/c.json', '/a/b.json', '/a/bc', '/abc', '/a\n.json', '/caf\xc3\xa9/x', 'bare'].sort();
  it.each<[string, Pattern, string[]]>([
    ['a part', { kind: 'text', text: 'bc' }, ['/a/bc', '/abc']],
    ['a part with a slash', { kind: 'text', text: '/b' }, ['/a/b.json', '/a/b/c.json', '/a/bc']],
    ['the end of a name', { kind: 'glob', glob: '*.json' }, ['/a\n.json', '/a.json', '/a/b.json', '/a/b/c.json']],
    ['a whole segment', { kind: 'glob', glob: 'b*' }, ['/a/b.json', '/a/bc', 'bare']],
    ['a whole name', { kind: 'glob', glob: '/a/*' }, ['/a/b.json', '/a/bc']],
    ['a whole name without a slash at its beginning', { kind: 'glob', glob: './b*' }, ['bare']],
    ['any depth', { kind: 'glob', glob: '/a/**' }, ['/a/b.json', '/a/b/c.json', '/a/bc']],
    ['any depth, also none', { kind: 'glob', glob: '/a/**/*.json' }, ['/a/b.json', '/a/b/c.json']],
    ['one character', { kind: 'glob', glob: 'a?c' }, ['/abc']],
    ['one character of several bytes', { kind: 'glob', glob: '/caf?/x' }, ['/caf\xc3\xa9/x']],
    ['an expression', { kind: 'regexp', source: '^/A', flags: 'i' }, names.filter((name) => name.startsWith('/a'))],
  ])('%s', async (_, pattern, expected) => {
    const { found } = await hold<string>(findKeys, fake(names.map((name) => ({ key: name, value: Buffer.from('x') }))), '', pattern);
    expect(found).toEqual([...expected].sort());
  });
});
