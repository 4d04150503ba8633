/** Watches when something breaks: connections, members, tokens, rights, histories and clusters. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, openSecret, type Client, type EtcdError } from '../../src/client/index.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { startRelay, type Relay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { ALICE, changePassword, enableAuth, ROOT } from '../harness/users.js';
import { itemsOf, told } from './watching.js';

const range = { key: '/w/', rangeEnd: '/w0' };
const NOWHERE = '127.0.0.1:1';

describe.each(tools.etcds)('a watch goes on ($name)', ({ command }) => {
  let cluster: TestCluster;
  let relay: Relay;
  let client: Client;
  const broken: (EtcdError | undefined)[] = [];
  const onConnection = (error: EtcdError | undefined): void => void broken.push(error);
  const here = (): string => cluster.endpoints[0] as string;
  const put = (value: string): Promise<string> => cluster.inspect().put('/w/a', value);

  beforeEach(async () => {
    broken.length = 0;
    cluster = await startCluster({ command });
    relay = await startRelay(here());
    client = createClient({ endpoints: [relay.endpoint] });
  });
  afterEach(async () => {
    await client.close();
    relay.close();
    await cluster.close();
  });

  it('over cut connections, with every event once and in order', async () => {
    const items = itemsOf(client.watch(range, { onConnection }));
    await items.next('created');
    const values = Array.from({ length: 40 }, (_, i) => `put /w/a=${i}`);
    const taking = items.take(values.length);
    for (let i = 0; i < values.length; i++) {
      await put(String(i));
      // In the middle of whatever it is doing.
      if (i % 4 === 3) relay.lead(here());
    }
    expect((await taking).map(told)).toEqual(values);
    expect(broken[0]).toMatchObject({ code: 'unavailable' });
    expect(broken).toContain(undefined);
    await items.end();
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('after its server was ended by %s and started again', async (signal) => {
    const items = itemsOf(client.watch(range));
    await items.next('created');
    await put('before');
    await cluster.kill(0, signal);
    cluster.start(0);
    await cluster.healthy();
    await put('after');
    expect((await items.take(2)).map(told)).toEqual(['put /w/a=before', 'put /w/a=after']);
    await items.end();
  });

  it('and does not miss a delete whose revision was compacted while it was cut off', async () => {
    const items = itemsOf(client.watch(range));
    await items.next('created');
    await put('1');
    await items.take(1);
    relay.lead(NOWHERE);
    await cluster.inspect().delete('/w/a');
    const last = String(Number(await cluster.inspect().put('/x', 'not watched')) - 1);
    await cluster.inspect().post('/v3/kv/compaction', { revision: last, physical: true });
    relay.lead(here());
    expect(await items.next('resync')).toMatchObject({ compacted: last });
    await put('2');
    expect((await items.take(1)).map(told)).toEqual(['put /w/a=2']);
    await items.end();
  });

  it('and says so when another cluster, or an older state of the same one, answers there', async () => {
    const restore = await cluster.backup();
    const items = itemsOf(client.watch(range));
    await items.next('created');
    await put('1');
    await items.take(1);
    await restore();
    expect(await items.next('resync')).toMatchObject({ why: expect.stringContaining('went back') as string });
    await put('2');
    expect((await items.take(1)).map(told)).toEqual(['put /w/a=2']);
    const other = await startCluster({ command });
    for (let i = 0; i < 5; i++) await other.inspect().put('/w/a', `of the other ${i}`);
    relay.lead(other.endpoints[0] as string);
    expect(await items.next('resync')).toMatchObject({ why: expect.stringContaining('answers there now') as string });
    await items.end();
    await other.close();
  });

  it.each([
    ['in the range', '/w/b', 'is not what it was'],
    ['elsewhere alone', '/x', 'went back'],
  ])('and says so when an older state has come further since, by changes %s', async (_, key, why) => {
    await put('1');
    const restore = await cluster.backup();
    const items = itemsOf(client.watch(range));
    await items.next('created');
    for (const value of ['2', '3']) await put(value);
    await items.take(2);
    relay.lead(NOWHERE);
    await restore();
    if (key === '/w/b') await cluster.inspect().delete('/w/a');
    for (let i = 0; i < 5; i++) await cluster.inspect().put(key, String(i));
    relay.lead(here());
    expect(await items.next('resync')).toMatchObject({ why: expect.stringContaining(why) as string });
    await put('4');
    expect((await items.take(1)).map(told)).toEqual(['put /w/a=4']);
    await items.end();
  });
});

describe.each(tools.etcds)('a watch with users ($name)', ({ command }) => {
  it('goes on with a new token, and ends when the right is taken away', async () => {
    const cluster = await startCluster({ command, flags: ['--auth-token-ttl', '1'] });
    const relay = await startRelay(cluster.endpoints[0] as string);
    await enableAuth(cluster.inspect(), [{ type: 'READWRITE', key: range.key, rangeEnd: range.rangeEnd }]);
    await cluster.login(ROOT.user, ROOT.password);
    const credentials = { user: ALICE.user, password: openSecret({ what: 'password', given: ALICE.password }) };
    const client = createClient({ endpoints: [relay.endpoint], credentials });
    const denied = { code: 'permission_denied', message: expect.stringContaining('alice') as string };
    await expect(itemsOf(client.watch({ key: '/w/', rangeEnd: '/x' })).next('created')).rejects.toMatchObject(denied);
    const items = itemsOf(client.watch(range));
    await items.next('created');
    // Nothing tells when a token ends. If it was not used for its second, it is gone.
    await pause(2500);
    await cluster.login(ROOT.user, ROOT.password);
    await cluster.inspect().put('/w/a', '1');
    expect((await items.take(1)).map(told)).toEqual(['put /w/a=1']);
    relay.lead(cluster.endpoints[0] as string);
    await cluster.inspect().put('/w/a', '2');
    expect((await items.take(1)).map(told)).toEqual(['put /w/a=2']);
    await cluster.inspect().post('/v3/auth/user/revoke', { name: ALICE.user, role: 'app' });
    relay.lead(cluster.endpoints[0] as string);
    await expect(items.next('events')).rejects.toMatchObject(denied);
    await client.close();
    relay.close();
    await cluster.close();
  });

  it('begins, and goes on, also if its token ends after the question how far etcd is', async () => {
    const cluster = await startCluster({ command });
    const relay = await startRelay(cluster.endpoints[0] as string);
    await enableAuth(cluster.inspect(), [{ type: 'READWRITE', key: range.key, rangeEnd: range.rangeEnd }]);
    await cluster.login(ROOT.user, ROOT.password);
    const credentials = { user: ALICE.user, password: openSecret({ what: 'password', given: ALICE.password }) };
    const client = createClient({ endpoints: [relay.endpoint], credentials });
    /** At the next watch: setting a password ends every token, even if it is the same one. */
    const endToken = (): void => {
      relay.onRequest = (piece) => {
        if (!piece.includes('POST /v3/watch ')) return undefined;
        relay.onRequest = undefined;
        return changePassword(cluster.inspect(), ALICE.user, ALICE.password);
      };
    };
    endToken();
    const items = itemsOf(client.watch(range));
    await items.next('created');
    endToken();
    relay.lead(cluster.endpoints[0] as string);
    await cluster.inspect().put('/w/a', '1');
    expect((await items.take(1)).map(told)).toEqual(['put /w/a=1']);
    await client.close();
    relay.close();
    await cluster.close();
  });
});
