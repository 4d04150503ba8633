/** A server with a small --max-txn-ops: its limit is found out once. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, type Key } from '../../src/client/index.js';
import { readPlaces } from '../../src/keyspace/edit/places.js';
import { openReader } from '../../src/keyspace/listing/reader.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import { readKeys } from '../../src/keyspace/write/read-keys.js';
import { createClient } from '../harness/client.js';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';
import { startRelay, type Relay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';

const options = { budget: 20_000 };

describe.each(tools.etcds)('a server that takes few operations ($name)', ({ command }) => {
  let etcd: TestEtcd;
  let relay: Relay;
  let client: Client;
  let txns: number;
  beforeEach(async () => {
    etcd = await startEtcd(command, ['--max-txn-ops=16']);
    relay = await startRelay(etcd.endpoint);
    client = createClient({ endpoints: [relay.endpoint] });
    txns = 0;
    relay.onRequest = (piece) => {
      txns += piece.toString('latin1').split('/v3/kv/txn').length - 1;
    };
  });
  afterEach(async () => {
    await client.close();
    relay.close();
    await etcd.stop();
  });

  const keys = (prefix: Key): Key[] => Array.from({ length: 30 }, (_, i) => `${prefix}${i}`);
  const put = async (prefix: Key) =>
    applyPlan(client, { steps: keys(prefix).map((key) => ({ op: 'put', key, value: Buffer.from('v'), modRevision: '0' })) }, options);
  const read = async () =>
    readKeys(
      client,
      keys('/a/').map((key) => ({ key })),
      options,
    );
  const list = async () => {
    const reader = openReader(client, { revision: undefined, clusterId: undefined, mayBeStale: false }, options);
    const most = reader.most();
    await reader.ask(
      keys('/a/')
        .slice(0, Math.min(30, most))
        .map((key) => ({ start: key, end: `${key}\0`, keys: 1, limit: 1 })),
    );
  };
  const requests = async (run: () => Promise<unknown>): Promise<number> => {
    const before = txns;
    await run();
    return txns - before;
  };

  it('refuses the first plan three times, and the second one never', async () => {
    expect(await requests(async () => put('/a/'))).toBe(4);
    expect(await requests(async () => put('/b/'))).toBe(1);
    expect(await requests(read)).toBe(2);
  });

  it('is asked for no more after it has refused to read as many', async () => {
    expect(await requests(read)).toBe(3);
    expect(await requests(read)).toBe(2);
    expect(await requests(async () => put('/b/'))).toBe(1);
  });

  it('is asked for no more after it has refused to read the places of an edit', async () => {
    const { header } = await client.range({ key: '/a' }, options);
    const places = keys('/a/').map((key) => ({ kind: 'key' as const, key }));
    expect(await requests(async () => readPlaces(client, places, { header }, options))).toBe(3);
    expect(await requests(async () => readPlaces(client, places, { header }, options))).toBe(2);
  });

  it('is asked for fewer keys if their values are too large together, and for all of them at one revision', async () => {
    const wanted = keys('/l/').slice(0, 8);
    for (const key of wanted) await etcd.put(key, 'v'.repeat(50_000));
    const { header } = await client.range({ key: '/l/' }, options);
    await etcd.put('/l/7', 'later');
    const all = wanted.map((key) => ({ key }));
    const read = await readKeys(client, all, { ...options, mostBytes: 300_000 }, { seen: header, revision: header.revision });
    expect(read.kvs.map(({ key, value }) => [key, value.length])).toEqual(wanted.map((key) => [key, 50_000]));
    const now = await readKeys(client, all, { ...options, mostBytes: 300_000 }, { seen: header });
    expect(now.kvs.at(-1)?.value.toString()).toBe('later');
    await expect(readKeys(client, all, { ...options, mostBytes: 50_000 })).rejects.toMatchObject({ code: 'too_large' });
  });

  it('is asked for no more after it has refused a listing', async () => {
    expect(await requests(list)).toBe(3);
    expect(await requests(list)).toBe(1);
    expect(await requests(async () => put('/b/'))).toBe(1);
  });
});
