/** Trees with their values on real servers: all of it, exact, at one revision, in little memory. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, openSecret, type CallOptions, type Client, type RangeRequest } from '../../src/client/index.js';
import { readSubtree, spanBelow, type SubtreePage } from '../../src/keyspace/subtree.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import type { TestEtcd } from '../harness/etcd.js';
import * as hostile from '../harness/hostile.js';
import { tools } from '../harness/tools.js';
import { ALICE, enableAuth } from '../harness/users.js';
import { onEveryServer } from './servers.js';

const options = { budget: 20_000 };
const MIB = 1024 * 1024;
const base64 = (bytes: string | Buffer): string => Buffer.from(bytes as string).toString('base64');
const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(6, '0')}`);

type Entry = readonly [key: string | Buffer, value: string | Buffer, lease?: string];

/** In few txns, because etcd waits for the disk once for each. */
async function putAll(server: TestEtcd, entries: Entry[], each = 100): Promise<void> {
  for (let i = 0; i < entries.length; i += each) {
    const success = entries.slice(i, i + each).map(([key, value, lease]) => {
      return { request_put: { key: base64(key), value: base64(value), ...(lease !== undefined && { lease }) } };
    });
    expect((await server.post('/v3/kv/txn', { success })).status).toBe(200);
  }
}

/** Each key has itself as its value. */
const twice = (keys: string[]): Entry[] => keys.map((key) => [key, key]);

async function all(pages: AsyncIterable<SubtreePage>): Promise<SubtreePage[]> {
  const found = [];
  for await (const page of pages) found.push(page);
  return found;
}

/** Each key with its value as text. */
const textsOf = (pages: SubtreePage[]) => pages.flatMap(({ kvs }) => kvs.map(({ key, value }) => [key, value.toString('latin1')]));

/** The client, and the limits that it was asked with. */
function counted(client: Client): { client: Client; limits: (number | undefined)[] } {
  const limits: (number | undefined)[] = [];
  const range = (request: RangeRequest, how: CallOptions) => {
    limits.push(request.limit);
    return client.range(request, how);
  };
  return { client: { ...client, range }, limits };
}

onEveryServer('a subtree', (server, client) => {
  const keys = numbered('/many/', 20_000);

  it('is all of 20,000 keys as they were at its revision, whatever another client does meanwhile', async () => {
    await putAll(server(), twice(keys));
    const seen: SubtreePage[] = [];
    for await (const page of readSubtree(client(), spanBelow('/many/'), options)) {
      seen.push(page);
      await server().put('/many/000000', 'changed');
      await server().put('/many/019999', 'changed');
      await server().delete(`/many/${String(19_000 + seen.length).padStart(6, '0')}`);
      await server().put(`/many/019998-${seen.length}`, 'new');
    }
    expect(seen.length).toBeGreaterThan(3);
    expect(textsOf(seen)).toEqual(keys.map((key) => [key, key]));
    expect(new Set(seen.map(({ revision }) => revision)).size).toBe(1);
    const { revision } = seen[0] as SubtreePage;
    expect(textsOf(await all(readSubtree(client(), { ...spanBelow('/many/'), revision }, options)))).toEqual(keys.map((key) => [key, key]));
  });

  it('says so if its revision is compacted meanwhile', async () => {
    const pages = readSubtree(client(), spanBelow('/many/'), options);
    await pages.next();
    const revision = await server().put('/other', '');
    await server().post('/v3/kv/compaction', { revision, physical: true });
    await expect(all(pages)).rejects.toMatchObject({ code: 'compacted' });
  });

  it('is exact: any bytes, and all that etcd knows of a key', async () => {
    const lease = await server().grantLease(600);
    const names = hostile.keys.map((key) => Buffer.concat([Buffer.from('/exact'), key]));
    const entries = names.map((name, i): Entry => {
      const value = i === 0 ? '' : (hostile.values[i % hostile.values.length] as Buffer);
      return i % 2 ? [name, value, lease] : [name, value];
    });
    const before = names.slice(40).map((name): Entry => [name, 'before']);
    await putAll(server(), before);
    await putAll(server(), entries, 40);
    const { body } = await server().post('/v3/kv/range', { key: base64('/exact'), range_end: base64('/exacu') });
    const truth = (body['kvs'] as Record<string, string>[]).map(({ key = '', value = '', lease: id = '0', ...kv }) => ({
      ...{ key: Buffer.from(key, 'base64').toString('latin1'), value: Buffer.from(value, 'base64').toString('latin1'), lease: id },
      ...{ createRevision: kv['create_revision'], modRevision: kv['mod_revision'], version: kv['version'] },
    }));
    expect(truth.length).toBe(names.length);
    const found = (await all(readSubtree(client(), spanBelow('/exact'), options))).flatMap(({ kvs }) => kvs);
    expect(found.map(({ value, ...kv }) => ({ ...kv, value: value.toString('latin1') }))).toEqual(truth);
  });

  it('of large values behind small ones comes in pages that are small enough', async () => {
    await putAll(server(), twice(numbered('/mixed/a', 2000)));
    await Promise.all(Array.from({ length: 24 }, (_, i) => server().put(`/mixed/b${i + 10}`, Buffer.alloc(MIB, i + 10))));
    const { client: asked, limits } = counted(client());
    const pages = await all(readSubtree(asked, spanBelow('/mixed/'), options));
    const found = pages.flatMap(({ kvs }) => kvs);
    expect(found.length).toBe(2024);
    expect(found.slice(2000).every(({ value }, i) => value.equals(Buffer.alloc(MIB, i + 10)))).toBe(true);
    const sizes = pages.map(({ kvs }) => kvs.reduce((sum, { value }) => sum + value.length, 0));
    expect(Math.max(...sizes)).toBeLessThan(12 * MIB);
    // Pages that met large values were too large, and were asked for again. And no page grew too soon after that.
    expect([1, 2, 3]).toContain(limits.length - pages.length);
  });

  it('ends at once when it is cancelled', async () => {
    const stop = new AbortController();
    const pages = readSubtree(client(), spanBelow('/mixed/'), { ...options, signal: stop.signal });
    await pages.next();
    stop.abort();
    await expect(all(pages)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe.each(tools.etcds)('a subtree and roles ($name)', ({ command }) => {
  let cluster: TestCluster;
  let alice: Client;
  beforeAll(async () => {
    cluster = await startCluster({ command });
    for (const key of ['/a', '/a/b', '/a/b/1', '/a/b/2', '/a/c', '/a/d/1', '/a/e', '/z']) await cluster.inspect().put(key, key);
    await enableAuth(cluster.inspect(), [
      { type: 'READWRITE', key: '/a/b/', rangeEnd: '/a/b0' },
      { type: 'READ', key: '/a/c' },
      { type: 'WRITE', key: '/a/d/', rangeEnd: '/a/d0' },
      { type: 'READ', key: '/a/e' },
    ]);
    const password = openSecret({ what: 'password', given: ALICE.password });
    alice = createClient({ endpoints: cluster.endpoints, credentials: { user: ALICE.user, password } });
  });
  afterAll(async () => {
    await alice.close();
    await cluster.close();
  });

  it('is what the user may read, and says that it is a part', async () => {
    const pages = await all(readSubtree(alice, spanBelow('/a'), options));
    expect(textsOf(pages).map(([key]) => key)).toEqual(['/a/b/1', '/a/b/2', '/a/c', '/a/e']);
    expect(pages.every(({ scoped }) => scoped)).toBe(true);
    expect(new Set(pages.map(({ revision }) => revision)).size).toBe(1);
    expect(await all(readSubtree(alice, spanBelow('/a/b/'), options))).toMatchObject([{ scoped: false, left: 0 }]);
    await expect(all(readSubtree(alice, spanBelow('/a/d/'), options))).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
