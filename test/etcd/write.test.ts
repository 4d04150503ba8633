import { expect, it } from 'vitest';
import { createClient, type Client } from '../../src/client/index.js';
import { baseOf, readKey, type Base } from '../../src/keyspace/document.js';
import { writeKey } from '../../src/keyspace/write/save.js';
import { onEveryServer, options } from './servers.js';

const bytes = (text: string) => Buffer.from(text);

async function ownBase(client: Client, key: string): Promise<Base> {
  const there = await readKey(client, key, undefined, options);
  if (!there.kv) throw new Error(`no key ${key}`);
  return baseOf(there);
}

onEveryServer('write', (server, client) => {
  it('creates a key, and refuses when it is there already', async () => {
    const written = await writeKey(client(), { key: '/new', value: bytes('1'), force: false }, options);
    expect(written).toMatchObject({ created: true, unchanged: false });
    expect(await server().get('/new')).toMatchObject({ value: bytes('1'), modRevision: written.modRevision, version: '1' });
    await expect(writeKey(client(), { key: '/new', value: bytes('2'), force: false }, options)).rejects.toMatchObject({ code: 'conflict' });
    expect((await server().get('/new'))?.value).toEqual(bytes('1'));
  });

  it('writes over what was read, and keeps the lease', async () => {
    const lease = await server().grantLease(600);
    await server().put('/leased', 'old', lease);
    const base = await ownBase(client(), '/leased');
    await writeKey(client(), { key: '/leased', value: bytes('new'), base, force: false }, options);
    expect(await server().get('/leased')).toMatchObject({ value: bytes('new'), lease });
  });

  it('never writes over a change made since, and names both revisions', async () => {
    const first = await server().put('/shared', 'a');
    const base = await ownBase(client(), '/shared');
    const second = await server().put('/shared', 'theirs');
    const attempt = writeKey(client(), { key: '/shared', value: bytes('ours'), base, force: false }, options);
    await expect(attempt).rejects.toMatchObject({
      code: 'conflict',
      message: `read at revision ${first}, changed at revision ${second} since`,
    });
    expect((await server().get('/shared'))?.value).toEqual(bytes('theirs'));
    await writeKey(client(), { key: '/shared', value: bytes('ours'), base, force: true }, options);
    expect((await server().get('/shared'))?.value).toEqual(bytes('ours'));
  });

  it('does not take a key that was deleted and made again for the one it read', async () => {
    await server().put('/again', 'same');
    const base = await ownBase(client(), '/again');
    await server().delete('/again');
    await expect(writeKey(client(), { key: '/again', value: bytes('x'), base, force: false }, options)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('deleted') as string,
    });
    await server().put('/again', 'same');
    await expect(writeKey(client(), { key: '/again', value: bytes('x'), base, force: false }, options)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await server().get('/again'))?.value).toEqual(bytes('same'));
  });

  it('sends nothing for the bytes that were read, unless forced', async () => {
    await server().put('/same', 'v');
    const base = await ownBase(client(), '/same');
    expect(await writeKey(client(), { key: '/same', value: bytes('v'), base, force: false }, options)).toMatchObject({ unchanged: true });
    expect(await server().get('/same')).toMatchObject({ version: '1' });
    await writeKey(client(), { key: '/same', value: bytes('v'), base, force: true }, options);
    expect(await server().get('/same')).toMatchObject({ version: '2' });
  });

  it('says of the bytes that were read what etcd holds since', async () => {
    const read = await server().put('/since', 'v');
    const base = await ownBase(client(), '/since');
    const again = (from: Client) => writeKey(from, { key: '/since', value: bytes('v'), base, force: false }, options);
    const { digest, clusterId, seen } = base;
    const unchanged = { modRevision: read, digest, clusterId, seen, created: false, unchanged: true };
    expect(await again(client())).toEqual(unchanged);
    const now = await server().put('/since', 'theirs');
    expect(await again(client())).toEqual({ ...unchanged, now });
    await server().delete('/since');
    expect(await again(client())).toEqual({ ...unchanged, now: '0' });
    expect(await server().get('/since')).toBeUndefined();
    const nowhere = createClient({ endpoints: ['127.0.0.1:1'] });
    expect(await again(nowhere)).toEqual({ ...unchanged, unasked: 'nothing is listening there' });
    await nowhere.close();
    base.seen = { ...base.seen, clusterId: '42', revision: read };
    await expect(again(client())).rejects.toMatchObject({ code: 'cluster_changed' });
  });

  it('refuses a buffer that was read from another cluster', async () => {
    await server().put('/cluster', 'v');
    const base = await ownBase(client(), '/cluster');
    if (base.seen) base.seen.clusterId = '42';
    await expect(writeKey(client(), { key: '/cluster', value: bytes('x'), base, force: false }, options)).rejects.toMatchObject({
      code: 'cluster_changed',
    });
    expect((await server().get('/cluster'))?.value).toEqual(bytes('v'));
  });

  it('carries any bytes, and says when they are too many', async () => {
    const value = Buffer.from(Array.from({ length: 1024 }, (_, i) => i % 256));
    await writeKey(client(), { key: '/bytes\x00\xff', value, force: false }, options);
    expect((await server().get(Buffer.from('/bytes\x00\xff', 'latin1')))?.value).toEqual(value);
    for (const size of [1_600_000, 2_600_000]) {
      const attempt = writeKey(client(), { key: '/large', value: Buffer.alloc(size), force: false }, options);
      await expect(attempt).rejects.toMatchObject({ code: 'too_large' });
    }
    expect(await server().get('/large')).toBeUndefined();
  });
});
