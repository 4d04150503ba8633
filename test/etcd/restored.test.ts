/** A backup that was restored, and a way that leads to another etcd: what was read before is not what is there now. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type Client } from '../../src/client/index.js';
import { baseOf, readForWrite, readKey, type Base } from '../../src/keyspace/document.js';
import { writeKey } from '../../src/keyspace/write/save.js';
import { listLevel } from '../../src/keyspace/listing/level.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { startRelay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';

const options = { budget: 5000 };
const mine = Buffer.from('mine');
const other = (message: string) => ({ code: 'cluster_changed', message: expect.stringContaining(message) as string });
const writtenBy = async (client: Client, base: Base | undefined, force = false, key = '/k') =>
  writeKey(client, { key, value: mine, force, ...(base && { base }) }, options);

describe.each(tools.etcds)('after a backup was restored ($name)', ({ command }) => {
  let cluster: TestCluster;
  let restore: () => Promise<void>;
  let client: Client;
  const clients: Client[] = [];
  const connect = (): Client => {
    clients.push(createClient({ endpoints: cluster.endpoints }));
    return clients.at(-1) as Client;
  };
  const put = (value: string, key = '/k'): Promise<string> => cluster.inspect().put(key, value);
  const held = async (key = '/k') => (await cluster.inspect().get(key))?.value.toString();

  /** '/k' exists, and the backup is older than what is read. */
  beforeEach(async () => {
    cluster = await startCluster({ command });
    await put('in the backup');
    restore = await cluster.backup();
    client = connect();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((it) => it.close()));
    await cluster.close();
  });

  it.each([false, true])('a value that came to the same revision again is not overwritten (forced: %s)', async (force) => {
    const before = await put('of before');
    const base = baseOf(await readKey(client, '/k', undefined, options));
    await restore();
    expect(await put('of others')).toBe(before);
    for (const writer of [client, connect()]) {
      await expect(writtenBy(writer, base, force)).rejects.toMatchObject(other('another history'));
    }
    expect(await held()).toBe('of others');
  });

  it('the transaction itself tells a key apart that has come to the same revision in another way', async () => {
    await put('1', '/else');
    const before = await put('2', '/else');
    const { kv } = await readKey(client, '/else', undefined, options);
    await restore();
    await put('of others');
    expect(await put('3', '/else')).toBe(before);
    const { createRevision = '', version = '' } = kv ?? {};
    for (const known of [{ createRevision }, { version }]) {
      const compared = { key: '/else', value: mine, modRevision: before, ...known };
      expect(await client.compareAndPut(compared, options)).toMatchObject({ succeeded: false });
    }
    expect(await held('/else')).toBe('3');
  });

  it.each([false, true])('a key that did not exist is not created (forced: %s)', async (force) => {
    await put('1', '/else');
    const base = baseOf(await readKey(client, '/new', undefined, options));
    await restore();
    for (const writer of [client, connect()]) {
      await expect(writtenBy(writer, base, force, '/new')).rejects.toMatchObject(other('went back'));
    }
    expect(await held('/new')).toBeUndefined();
  });

  it('what was noticed by any read counts, also when the cluster has come further meanwhile', async () => {
    await put('1', '/else');
    const base = baseOf(await readKey(client, '/new', undefined, options));
    await restore();
    await readKey(client, '/k', undefined, options);
    for (let i = 0; i < 5; i++) await put(String(i), '/else');
    await expect(writtenBy(client, base, false, '/new')).rejects.toMatchObject(other('another cluster has answered'));
    expect(await held('/new')).toBeUndefined();
  });

  it('a write without a base is refused once, and whoever was told writes on', async () => {
    const base = baseOf(await readKey(client, '/k', undefined, options));
    await put('1', '/else');
    await readKey(client, '/else', undefined, options);
    await restore();
    await expect(writtenBy(client, undefined, false, '/new')).rejects.toMatchObject(other('went back'));
    expect(await writtenBy(client, undefined, false, '/new')).toMatchObject({ created: true });
    expect(await writtenBy(client, { ...base, clusterId: '' }, true)).toMatchObject({ unchanged: false });
  });

  it('what is appended to is looked at as well', async () => {
    await put('1', '/else');
    await readKey(client, '/else', undefined, options);
    await restore();
    await expect(readForWrite(client, '/k', undefined, options)).rejects.toMatchObject(other('went back'));
  });

  it('a restart is none, and costs a look at the key', async () => {
    const base = baseOf(await readKey(client, '/k', undefined, options));
    const created = baseOf(await readKey(client, '/new', undefined, options));
    await cluster.kill(0);
    cluster.start(0);
    await cluster.healthy();
    expect(await writtenBy(client, base)).toMatchObject({ unchanged: false });
    expect(await writtenBy(client, created, false, '/new')).toMatchObject({ created: true });
  });
});

describe.each(tools.etcds)('a way that leads elsewhere ($name)', ({ command }) => {
  it('ends a listing, which would be of two clusters', async () => {
    const clusters = await Promise.all([startCluster({ command }), startCluster({ command })]);
    for (const [i, it] of clusters.entries()) {
      for (let at = 0; at < 24; at++) {
        const keys = Array.from({ length: 100 }, (_, j) => Buffer.from(`/${i}/${at}-${j}`).toString('base64'));
        await it.inspect().post('/v3/kv/txn', { success: keys.map((key) => ({ request_put: { key } })) });
      }
    }
    const [one, two] = clusters.map(({ endpoints }) => endpoints[0] as string) as [string, string];
    const relay = await startRelay(one);
    const client = createClient({ endpoints: [relay.endpoint] });
    let asked = 0;
    relay.onRequest = (piece) => {
      if (piece.includes('POST ') && ++asked === 2) relay.lead(two);
    };
    const listing = listLevel(client, { prefix: '/0/' }, options);
    await expect(listing).rejects.toMatchObject({ code: 'cluster_changed', endpoint: expect.stringContaining(relay.endpoint) as string });
    await client.close();
    relay.close();
    await Promise.all(clusters.map((it) => it.close()));
  });
});
