/** Locks and elections, among ourselves and with etcd's own. */
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createClient, hexadecimal, type KeyValue } from '../../src/client/index.js';
import { startRelay } from '../harness/relay.js';
import { onEveryServer, options } from './servers.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

onEveryServer('a lock', (server, client) => {
  it('is had by one at a time, in the order of asking', async () => {
    const held: number[] = [];
    let inside = 0;
    const one = async (at: number): Promise<void> => {
      await using mine = await client().lock('/lock/many');
      expect(++inside).toBe(1);
      held.push(at);
      await client().txn({ compare: [mine.guard], then: [{ op: 'put', key: '/lock-result', value: Buffer.from(String(at)) }] }, options);
      inside--;
    };
    await Promise.all(Array.from({ length: 8 }, (_, at) => one(at)));
    expect(held.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 8 }, (_, at) => at));
    expect((await client().range({ key: '/lock/many/', rangeEnd: '/lock/many0' }, options)).count).toBe(0);
  });

  it("waits for etcd's own lock, and etcd's for ours", async () => {
    const lease = await server().grantLease(60);
    const theirs = await server().post('/v3/lock/lock', { name: base64('/lock/both'), lease });
    let has = false;
    const waiting = client()
      .lock('/lock/both')
      .then((mine) => ((has = true), mine));
    while ((await client().range({ key: '/lock/both/', rangeEnd: '/lock/both0' }, options)).count < 2);
    expect(has).toBe(false);
    await server().post('/v3/lock/unlock', { key: theirs.body['key'] });
    const mine = await waiting;
    expect(mine.key).toBe(`/lock/both/${hexadecimal(mine.lease)}`);
    const next = server().post('/v3/lock/lock', { name: base64('/lock/both'), lease: await server().grantLease(60) });
    while ((await client().range({ key: '/lock/both/', rangeEnd: '/lock/both0' }, options)).count < 2);
    await mine.release();
    expect((await next).status).toBe(200);
  });

  it('is not waited for after the signal, and leaves nothing in the queue', async () => {
    const first = await client().lock('/lock/s');
    const stop = new AbortController();
    const waiting = client().lock('/lock/s', { signal: stop.signal });
    while ((await client().range({ key: '/lock/s/', rangeEnd: '/lock/s0' }, options)).count < 2);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    expect((await client().range({ key: '/lock/s/', rangeEnd: '/lock/s0' }, options)).count).toBe(1);
    await first.release();
    await first.release();
  });

  it('is lost before another can have it, and its guard holds no more', async () => {
    const relay = await startRelay(server().endpoint);
    const cut = createClient({ endpoints: [relay.endpoint] });
    const mine = await cut.lock('/lock/cut', { ttl: 2 });
    const next = client()
      .lock('/lock/cut')
      .then((theirs) => ({ theirs, isTold: mine.lost.aborted }));
    relay.lead('127.0.0.1:1');
    const { theirs, isTold } = await next;
    expect(isTold).toBe(true);
    expect(theirs.revision > mine.revision).toBe(true);
    expect(await client().txn({ compare: [mine.guard], then: [] }, options)).toMatchObject({ succeeded: false });
    await theirs.release();
    await cut.close();
    relay.close();
  });

  it('is lost when somebody deletes its key', async () => {
    const mine = await client().lock('/lock/del');
    await server().delete(mine.key);
    if (!mine.lost.aborted) await once(mine.lost, 'abort');
    expect(mine.lost.reason).toMatchObject({ code: 'lease_not_found', message: expect.stringContaining('was deleted') as string });
    expect(mine.left()).toBe(0);
  });

  it('is lost when somebody deletes its key, also if it could not be read just then', async () => {
    const relay = await startRelay(server().endpoint);
    const cut = createClient({ endpoints: [relay.endpoint] });
    const key = base64('/lock/later/');
    let reads = 0;
    relay.onRequest = (piece, wire) => {
      // The first one is that of the watch, which asks how far the cluster is.
      if (piece.includes(key) && piece.includes('/v3/kv/range') && ++reads === 2) wire.silence();
    };
    const mine = await cut.lock('/lock/later', { ttl: 60, budget: 1000 });
    await server().delete(mine.key);
    if (!mine.lost.aborted) await once(mine.lost, 'abort');
    expect(mine.lost.reason).toMatchObject({ message: expect.stringContaining('was deleted') as string });
    expect(reads).toBeGreaterThan(2);
    await cut.close();
    relay.close();
  });

  it('with something to say is an election', async () => {
    const election = client().election('/vote');
    const seen: string[] = [];
    const stop = new AbortController();
    const observing = (async () => {
      for await (const leader of election.observe({ signal: stop.signal })) {
        seen.push(leader ? String(leader.value) : '-');
        if (seen.at(-1) === 'two' || seen.length > 9) stop.abort();
      }
    })();
    while (seen.length === 0) await client().range({ key: '/none' }, options);
    const one = await election.campaign(Buffer.from('one'));
    expect(await election.leader()).toMatchObject({ key: one.key } satisfies Partial<KeyValue>);
    const campaigning = election.campaign(Buffer.from('two'));
    await one.proclaim(Buffer.from('still one'));
    while (!seen.includes('still one')) await client().range({ key: '/none' }, options);
    await one.release();
    await expect(one.proclaim(Buffer.from('late'))).rejects.toMatchObject({ code: 'lease_not_found' });
    const two = await campaigning;
    await observing;
    expect([seen[0], seen.at(-1)]).toEqual(['-', 'two']);
    await two.release();
  });

  it('as an election is observed also after a leader could not be read', async () => {
    const relay = await startRelay(server().endpoint);
    const cut = createClient({ endpoints: [relay.endpoint] });
    const prefix = base64('/vote-cut/');
    let reads = 0;
    relay.onRequest = (piece, wire) => {
      // The first one is that of the watch, which asks how far the cluster is.
      if (piece.includes(prefix) && piece.includes('/v3/kv/range') && ++reads === 2) wire.silence();
    };
    const observing = cut.election('/vote-cut').observe({ budget: 1000 })[Symbol.asyncIterator]();
    expect(await observing.next()).toEqual({ value: undefined, done: false });
    expect(reads).toBeGreaterThan(2);
    await cut.close();
    relay.close();
  });
});
