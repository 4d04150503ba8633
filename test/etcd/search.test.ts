/** Searches on real servers: exact on hostile keys and values, at one revision, and within what the roles allow. */
import { describe, expect, it, beforeAll, afterAll } from 'vitest';
import { createClient, openSecret, type Client, type Key } from '../../src/client/index.js';
import type { Hit } from '../../src/keyspace/search/hit.js';
import type { Pattern } from '../../src/keyspace/search/pattern.js';
import { findKeys, grep } from '../../src/keyspace/search/search.js';
import { readSubtree, spanBelow } from '../../src/keyspace/subtree.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import type { TestEtcd } from '../harness/etcd.js';
import * as hostile from '../harness/hostile.js';
import { tools } from '../harness/tools.js';
import { ALICE, enableAuth } from '../harness/users.js';
import { onEveryServer } from './servers.js';

const options = { budget: 20_000 };
const base64 = (bytes: string | Buffer): string => Buffer.from(bytes as string).toString('base64');

async function putAll(server: TestEtcd, entries: [key: string | Buffer, value: string | Buffer][]): Promise<void> {
  for (let i = 0; i < entries.length; i += 100) {
    const success = entries.slice(i, i + 100).map(([key, value]) => ({ request_put: { key: base64(key), value: base64(value) } }));
    expect((await server.post('/v3/kv/txn', { success })).status).toBe(200);
  }
}

async function grepped(client: Client, prefix: Key, pattern: Pattern, onFirst?: () => Promise<unknown>) {
  const found: Hit[] = [];
  let first: Promise<unknown> | undefined;
  const onFound = (hits: Hit[]): void => {
    found.push(...hits);
    first ??= onFirst?.();
  };
  const whole = await grep(client, { ...spanBelow(prefix), pattern, max: Infinity }, { onFound, onProgress: () => undefined }, options);
  await first;
  return { found, whole };
}

onEveryServer('a search', (server, client) => {
  it('finds in 20,000 values what is in them at its revision, whatever another client does meanwhile', async () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `/many/${String(i).padStart(6, '0')}`);
    await putAll(
      server(),
      keys.map((key, i) => [key, `first\nnumber ${i} of many`]),
    );
    const { found, whole } = await grepped(client(), '/many/', { kind: 'regexp', source: '^number \\d+5 ', flags: '' }, async () => {
      await server().put('/many/002995', 'nothing');
      await server().put('/many/9', 'number 15 is new');
    });
    expect(found.map(({ key, line, column }) => [key, line, column])).toEqual(
      keys.filter((key) => /\d5$/.test(key) && key > '/many/000005').map((key) => [key, 2, 1]),
    );
    expect(whole).toMatchObject({ keys: 20_000, scoped: false, more: false });
    expect((await grepped(client(), '/many/', { kind: 'text', text: 'is new' })).found.length).toBe(1);
  });

  it('finds each hostile value by its own bytes, and each hostile key by its name', async () => {
    const values = hostile.values.filter(({ length }) => length > 0);
    await putAll(
      server(),
      values.map((value, i) => [`/v/${String(i).padStart(3, '0')}`, value]),
    );
    const { found } = await grepped(client(), '/v/', { kind: 'regexp', source: '^', flags: '' });
    for await (const { kvs } of readSubtree(client(), spanBelow('/v/'), options)) {
      for (const { key, value } of kvs) {
        const lines = value.toString('latin1').replace(/\n$/, '').split('\n').length;
        expect([key, found.filter((hit) => hit.key === key).length]).toEqual([key, lines]);
      }
    }
    await putAll(
      server(),
      hostile.keys.map((key) => [key, 'x']),
    );
    const names: Key[] = [];
    const feed = { onFound: (some: Key[]) => void names.push(...some), onProgress: () => undefined };
    await findKeys(client(), { ...spanBelow(''), pattern: { kind: 'glob', glob: '**' }, max: Infinity }, feed, options);
    expect(names).toEqual(expect.arrayContaining(hostile.keys.map((key) => key.toString('latin1'))));
    expect(names).toEqual([...names].sort());
  });
});

describe.each(tools.etcds)('a search and roles ($name)', ({ command }) => {
  let cluster: TestCluster;
  let alice: Client;
  beforeAll(async () => {
    cluster = await startCluster({ command });
    for (const key of ['/a/b/1', '/a/b/2', '/a/c', '/a/d', '/z']) await cluster.inspect().put(key, 'x');
    await enableAuth(cluster.inspect(), [
      { type: 'READWRITE', key: '/a/b/', rangeEnd: '/a/b0' },
      { type: 'READ', key: '/a/c' },
      { type: 'WRITE', key: '/a/d' },
    ]);
    const password = openSecret({ what: 'password', given: ALICE.password });
    alice = createClient({ endpoints: cluster.endpoints, credentials: { user: ALICE.user, password } });
  });
  afterAll(async () => {
    await alice.close();
    await cluster.close();
  });

  it('sees what the user may read, and says that it is a part', async () => {
    const { found, whole } = await grepped(alice, '/', { kind: 'text', text: 'x' });
    expect([found.map(({ key }) => key), whole.scoped]).toEqual([['/a/b/1', '/a/b/2', '/a/c'], true]);
    expect((await grepped(alice, '/a/b/', { kind: 'text', text: 'x' })).whole.scoped).toBe(false);
    await expect(grepped(alice, '/z', { kind: 'text', text: 'x' })).rejects.toMatchObject({ code: 'permission_denied' });
  });
});
