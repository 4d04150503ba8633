/** Watches: every change once and in order, from the past as well. If that is impossible, they say so. */
import { expect, it } from 'vitest';
import { isEtcdError, type Client, type WatchItem } from '../../src/client/index.js';
import { onEveryServer, options } from './servers.js';
import { itemsOf, told, until } from './watching.js';

const range = { key: '/w/', rangeEnd: '/w0' };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

onEveryServer('a watch', (server, client) => {
  const revisionNow = async (): Promise<string> => (await client().range({ key: '/none' }, options)).header.revision;
  const compact = (revision: string) => server().post('/v3/kv/compaction', { revision, physical: true });

  it('tells puts and deletes in order, also those that change nothing, with the values before where they are wanted', async () => {
    const items = itemsOf(client().watch({ ...range, prevKv: true }));
    const created = await items.next('created');
    for (const value of ['1', '2', '2']) await server().put('/w/a', value);
    await server().delete('/w/a');
    await server().put('/x', 'not watched');
    await server().put('/w/b', '');
    const found = await items.take(5);
    expect(found.map(told)).toEqual(['put /w/a=1', 'put /w/a=2 (1)', 'put /w/a=2 (2)', 'delete /w/a= (2)', 'put /w/b=']);
    const revisions = found.map(({ revision }) => Number(revision) - Number(created.revision));
    expect(revisions).toEqual([1, 2, 3, 4, 6]);
    const [first, , , gone] = found as (WatchItem & { type: 'events' })[];
    expect(first?.events[0]?.kv).toMatchObject({ modRevision: first?.revision, createRevision: first?.revision, version: '1', lease: '0' });
    expect(gone?.events[0]?.kv).toMatchObject({ modRevision: gone?.revision, version: '0' });
    await items.end();
  });

  it('tells what a txn has changed in one item, also when it comes in fragments', async () => {
    const items = itemsOf(client().watch(range));
    const { revision } = await items.next('created');
    const value = Buffer.alloc(12_000, 'x').toString('base64');
    const keys = Array.from({ length: 100 }, (_, at) => `/w/txn-${String(at).padStart(3, '0')}`);
    const txn = { success: keys.map((key) => ({ request_put: { key: base64(key), value } })) };
    // More than one message may have, so etcd cuts the second txn somewhere.
    for (let i = 0; i < 3; i++) await server().post('/v3/kv/txn', txn);
    await server().put('/w/after', '');
    const past = itemsOf(client().watch({ ...range, from: String(Number(revision) + 1) }));
    await past.next('created');
    for (const watching of [items, past]) {
      const found = await watching.take(4);
      expect(found.map((item) => Number(item.revision) - Number(revision))).toEqual([1, 2, 3, 4]);
      expect(found.map(({ events }) => events.map(({ kv }) => kv.key))).toEqual([keys, keys, keys, ['/w/after']]);
    }
    await Promise.all([items.end(), past.end()]);
  });

  it('begins in the past, and leaves out what is not wanted', async () => {
    const revision = await server().put('/w/a', 'past');
    await server().delete('/w/a');
    await server().put('/w/a', 'later');
    const items = itemsOf(client().watch({ key: '/w/a', from: revision, filters: ['nodelete'] }));
    expect(await items.next('created')).toMatchObject({ revision: String(Number(revision) - 1) });
    expect((await items.take(2)).map(told)).toEqual(['put /w/a=past', 'put /w/a=later']);
    await items.end();
  });

  it('from a revision that the cluster has not come to says so, and goes on from now', async () => {
    const revision = await server().put('/w/a', '1');
    const next = itemsOf(client().watch({ ...range, from: String(Number(revision) + 1) }));
    expect(await next.next('created')).toMatchObject({ revision });
    const items = itemsOf(client().watch({ ...range, from: String(Number(revision) + 100) }));
    expect(await items.next('created')).toMatchObject({ revision });
    expect(await items.next('resync')).toMatchObject({ revision, why: expect.stringContaining('not come to') as string });
    await server().put('/w/a', '2');
    for (const watching of [next, items]) expect((await watching.take(1)).map(told)).toEqual(['put /w/a=2']);
    await Promise.all([next.end(), items.end()]);
  });

  it('says what was compacted, and goes on from now', async () => {
    const revision = await server().put('/w/a', '1');
    await server().put('/w/a', '2');
    const last = await server().put('/w/a', '3');
    await compact(last);
    const items = itemsOf(client().watch({ ...range, from: revision }));
    await items.next('created');
    const resync = await items.next('resync');
    expect(resync).toMatchObject({ compacted: last, revision: await revisionNow() });
    await server().put('/w/a', '4');
    expect((await items.take(1)).map(told)).toEqual(['put /w/a=4']);
    await items.end();
  });

  it('ends quietly by its signal, when the iteration is left, also while it waits, and with the client', async () => {
    const stop = new AbortController();
    const items = itemsOf(client().watch(range, { signal: stop.signal }));
    await items.next('created');
    const waiting = items.next('events');
    stop.abort();
    await expect(waiting).rejects.toThrow('the watch has ended');
    const left = itemsOf(client().watch(range));
    await left.next('created');
    const alsoWaiting = left.next('events');
    await left.end();
    await expect(alsoWaiting).rejects.toThrow('the watch has ended');
    const before = client().watch(range, { signal: AbortSignal.abort() });
    expect(await until(before, () => false)).toEqual([]);
  });

  it('of many are all told, and reads go on', async () => {
    const many = Array.from({ length: 20 }, () => itemsOf(client().watch(range)));
    for (const items of many) await items.next('created');
    await server().put('/w/many', '1');
    await Promise.all(Array.from({ length: 8 }, () => client().range({ key: '/w/many' }, options)));
    for (const items of many) expect((await items.take(1)).map(told)).toEqual(['put /w/many=1']);
    await Promise.all(many.map((items) => items.end()));
  });

  it('of a key that cannot be is an error, and so is a cluster that is not there', async () => {
    const failed = async (watching: AsyncIterable<WatchItem>) => until(watching, () => false).catch((thrown: unknown) => thrown);
    expect(isEtcdError(await failed(client().watch({ key: '' })), 'invalid_address')).toBe(true);
    const { createClient } = await import('../../src/client/index.js');
    const nobody: Client = createClient({ endpoints: ['127.0.0.1:1'] });
    expect(isEtcdError(await failed(nobody.watch(range, { budget: 300 })), 'unreachable')).toBe(true);
    await nobody.close();
  });
});
