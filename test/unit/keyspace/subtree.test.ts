import { describe, expect, it } from 'vitest';
import { EtcdError, type CallOptions, type Client, type Header, type KeyRange, type RangeRequest } from '../../../src/client/index.js';
import { readSubtree, spanBelow, type SubtreePage } from '../../../src/keyspace/subtree.js';

const options = { budget: 1000 };
const numbers = { createRevision: '1', modRevision: '1', version: '1', lease: '0' };

interface Fake {
  /** Bytes of the value of a key; 0 by default. */
  size?: (key: string) => number;
  /** What the n-th answer says of the cluster. */
  header?: (n: number) => Header;
  /** Roles; by default everything may be read. */
  ranges?: KeyRange[];
  /** Replaces the n-th answer. */
  fail?: (n: number) => Error | undefined;
}

/** A client that has these keys, and what it was asked. */
function fake(keys: string[], { size = () => 0, header = () => ({ clusterId: '1', revision: '9' }), ranges, fail }: Fake = {}) {
  const asked: (RangeRequest & CallOptions)[] = [];
  const mayRead = ({ key, rangeEnd = '' }: RangeRequest): boolean =>
    !ranges || ranges.some((range) => range.key <= key && rangeEnd <= (range.rangeEnd ?? `${range.key}\0`));
  const client = {
    user: ranges ? 'alice' : '',
    endpoint: () => 'http://there',
    readable: () => Promise.resolve({ header: header(0), ranges, writable: [] }),
    range(request: RangeRequest, how: CallOptions) {
      asked.push({ ...request, ...how });
      const failure = fail?.(asked.length);
      if (failure) return Promise.reject(failure);
      if (!mayRead(request)) return Promise.reject(new EtcdError('permission_denied', 'no'));
      const { key: start, rangeEnd = '', limit = 0, keysOnly = false } = request;
      const all = keys.filter((key) => key >= start && key < rangeEnd);
      const kvs = all.slice(0, limit).map((key) => ({ key, value: Buffer.alloc(keysOnly ? 0 : size(key)), ...numbers }));
      const bytes = kvs.reduce((sum, { value }) => sum + value.length, 0);
      if (bytes > (how.mostBytes ?? 96 << 20)) return Promise.reject(new EtcdError('too_large', 'the answer is over what it may be'));
      return Promise.resolve({ header: header(asked.length), kvs, count: all.length, more: all.length > kvs.length, stale: false });
    },
  };
  return { client: client as unknown as Client, asked };
}

const below = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(6, '0')}`);
async function all(pages: AsyncIterable<SubtreePage>): Promise<SubtreePage[]> {
  const found = [];
  for await (const page of pages) found.push(page);
  return found;
}
const keysOf = (pages: SubtreePage[]): string[] => pages.flatMap(({ kvs }) => kvs.map(({ key }) => key));

describe('a subtree', () => {
  it('is every key of the range in order, at the revision of the first page', async () => {
    const keys = below('/a/', 20_000);
    const { client, asked } = fake(['/a', ...keys, '/a0'], { header: (n) => ({ clusterId: '1', revision: String(8 + n) }) });
    const pages = await all(readSubtree(client, spanBelow('/a/'), options));
    expect(keysOf(pages)).toEqual(keys);
    expect(new Set(pages.map(({ revision }) => revision))).toEqual(new Set(['9']));
    expect(new Set(pages.map(({ header }) => header.revision))).toEqual(new Set(['9']));
    expect(asked[0]).not.toHaveProperty('revision');
    expect(asked.slice(1).every(({ revision, clusterId }) => revision === '9' && clusterId === '1')).toBe(true);
    expect(pages.map(({ left }) => left)).toEqual([19993, 19881, 18089, 4516, 0]);
  });

  it('is one page without a key where there is none', async () => {
    const { client } = fake(['/a', '/a0']);
    expect(await all(readSubtree(client, { ...spanBelow('/a/'), revision: '5' }, options))).toMatchObject([
      { kvs: [], revision: '5', left: 0, scoped: false },
    ]);
  });

  it('asks again for less if a page is too large, and takes a value alone that fits into no page', async () => {
    const keys = below('/a/', 600);
    const { client, asked } = fake(keys, { size: (key) => (key === '/a/000300' ? 20 << 20 : key > '/a/000200' ? 1 << 20 : 0) });
    const pages = await all(readSubtree(client, spanBelow('/a/'), options));
    expect(keysOf(pages)).toEqual(keys);
    expect(asked.every(({ limit, mostBytes }) => (limit === 1) === (mostBytes === undefined))).toBe(true);
    expect(Math.max(...pages.map(({ kvs }) => kvs.reduce((sum, { value }) => sum + value.length, 0)))).toBe(20 << 20);
  });

  it('names the key whose value is too large even alone', async () => {
    const { client } = fake(['/a/\x01', '/a/\x1b[7m'], { size: (key) => (key === '/a/\x01' ? 0 : 100 << 20) });
    await expect(all(readSubtree(client, spanBelow('/a/'), options))).rejects.toMatchObject({
      code: 'too_large',
      message: 'the value of /a/%1B%5B7m cannot be read: the answer is over what it may be',
    });
  });

  it('reads one page ahead and no more, and stops when nobody takes pages', async () => {
    const { client, asked } = fake(below('/a/', 20_000));
    const pages = readSubtree(client, spanBelow('/a/'), options);
    await pages.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked.length).toBe(2);
    await pages.return();
    expect(asked.length).toBe(2);
    expect(asked.every(({ signal }) => signal?.aborted)).toBe(true);
  });

  it('tells what broke a page when that page is due', async () => {
    const { client } = fake(below('/a/', 200), { fail: (n) => (n === 3 ? new EtcdError('compacted', 'gone') : undefined) });
    const pages = readSubtree(client, spanBelow('/a/'), options);
    expect([(await pages.next()).done, (await pages.next()).done]).toEqual([false, false]);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(pages.next()).rejects.toMatchObject({ code: 'compacted' });
  });

  it('is of one cluster that does not go back', async () => {
    const keys = below('/a/', 100);
    const back = fake(keys, { header: (n) => ({ clusterId: '1', revision: n === 2 ? '8' : '9' }) });
    const term = fake(keys, { header: (n) => ({ clusterId: '1', revision: '9', raftTerm: n === 2 ? '2' : '3' }) });
    const gone = fake(keys, { fail: (n) => (n === 2 ? new EtcdError('future_revision', 'it is not there yet') : undefined) });
    for (const { client } of [back, term, gone]) {
      await expect(all(readSubtree(client, spanBelow('/a/'), options))).rejects.toMatchObject({ code: 'cluster_changed' });
    }
  });

  it('is what the roles allow, without the pages that would be empty', async () => {
    const keys = [...below('/a/b/', 30), '/a/c', ...below('/a/d/', 30), '/z'];
    const ranges = [
      { key: '/a/d/', rangeEnd: '/a/d0' },
      { key: '/a/b/', rangeEnd: '/a/b0' },
      { key: '/a/bb/', rangeEnd: '/a/bb0' },
      { key: '/a/c', rangeEnd: undefined },
    ];
    const { client } = fake(keys, { ranges });
    const pages = await all(readSubtree(client, spanBelow('/a/'), options));
    expect(keysOf(pages)).toEqual(keys.slice(0, -1));
    expect(pages.every(({ kvs, scoped }) => kvs.length > 0 && scoped)).toBe(true);
    await expect(all(readSubtree(client, spanBelow('/y/'), options))).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
