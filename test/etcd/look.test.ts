/** What is told of keys and prefixes, on real servers: the columns of a listing, and everything about one name. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, openSecret, type Client } from '../../src/client/index.js';
import { describeKey } from '../../src/host/info.js';
import { readKeyInfo, readPrefixInfo } from '../../src/keyspace/look/info.js';
import { readRows, type Target } from '../../src/keyspace/look/rows.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { tools } from '../harness/tools.js';
import { ALICE, enableAuth, ROOT } from '../harness/users.js';
import { onEveryServer, options } from './servers.js';

const all = { value: true, count: true, ttl: true };
const key = (name: string): Target => ({ kind: 'key', key: name });
const prefix = (name: string): Target => ({ kind: 'prefix', key: name });

onEveryServer('rows', (server, client) => {
  let lease = '';
  beforeAll(async () => {
    await server().put('/l/a', 'one\ntwo\n');
    await server().put('/l/sub/x', '1');
    await server().put('/l/sub/y', '2');
    lease = await server().grantLease(600);
    await server().put('/l/leased', '', lease);
    await server().put('/l/a', 'uno\ndos\n');
  });

  it('tell of each key its value, size, revision, version, lease and age, and of a prefix how many keys it has', async () => {
    const targets = [key('/l/a'), key('/l/leased'), key('/l/none'), prefix('/l/sub/')];
    const { rows, stale } = await readRows(client(), targets, all, options);
    const now = BigInt((await server().get('/l/a'))?.modRevision ?? 0);
    expect(stale).toBe(false);
    expect(rows).toEqual([
      { kind: 'key', modRevision: now.toString(), version: '2', age: '0', bytes: 8, line: 'uno' },
      {
        kind: 'key',
        modRevision: (now - 1n).toString(),
        version: '1',
        age: '1',
        bytes: 0,
        line: '',
        lease,
        ttl: expect.any(Number) as number,
      },
      { kind: 'gone' },
      { kind: 'prefix', keys: 2 },
    ]);
  });

  it('tell of the past what it was', async () => {
    const past = (BigInt((await server().get('/l/a'))?.modRevision ?? 0) - 1n).toString();
    const { rows } = await readRows(client(), [key('/l/a')], { ...all, revision: past }, options);
    expect(rows).toMatchObject([{ version: '1', line: 'one' }]);
  });

  it('of more names than a txn may have', async () => {
    const targets = Array.from({ length: 300 }, (_, i) => key(i === 299 ? '/l/a' : `/none/${i}`));
    const { rows } = await readRows(client(), targets, { value: false, count: false, ttl: false }, options);
    expect([rows.length, rows.filter(({ kind }) => kind === 'gone').length]).toEqual([300, 299]);
    expect(rows[299]).not.toHaveProperty('line');
  });

  it('of large values stop telling the value, and tell the rest', async () => {
    for (let i = 0; i < 8; i++) await server().put(`/large/${String(i).padStart(2, '0')}`, 'x'.repeat(1_000_000));
    const targets = Array.from({ length: 8 }, (_, i) => key(`/large/${String(i).padStart(2, '0')}`));
    const { rows } = await readRows(client(), targets, all, { budget: 20_000 });
    const sized = rows.filter((row) => row.kind === 'key' && row.bytes === 1_000_000);
    expect(rows.every((row) => row.kind === 'key' && row.version === '1')).toBe(true);
    expect(sized.length).toBeGreaterThanOrEqual(1);
    expect(sized.length).toBeLessThanOrEqual(4);
  });

  it('info: of a key and of a prefix', async () => {
    expect(await readKeyInfo(client(), '/l/leased', undefined, options)).toMatchObject({
      kv: { version: '1' },
      lease: { grantedTtl: 600 },
      access: { enabled: false },
    });
    const newest = await server().get('/l/sub/y');
    const { read, ...told } = await readPrefixInfo(client(), '/l/sub/', undefined, options);
    expect(told).toMatchObject({ keys: 2, whole: true, scoped: false });
    expect(read).toEqual({ keys: 2, bytes: 18, leased: 0, newest: { key: '/l/sub/y', modRevision: newest?.modRevision } });
    const large = await readPrefixInfo(client(), '/large/', undefined, options);
    expect(large).toMatchObject({ keys: 8 });
  });
});

describe.each(tools.etcds)('rights ($name)', ({ command }) => {
  let cluster: TestCluster;
  const clients: Client[] = [];
  const as = ({ user, password }: typeof ROOT): Client => {
    const client = createClient({
      endpoints: cluster.endpoints,
      credentials: { user, password: openSecret({ what: 'password', given: password }) },
    });
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    cluster = await startCluster({ command });
    for (const name of ['/app/a', '/app/b', '/other/x']) await cluster.inspect().put(name, 'v');
    await enableAuth(cluster.inspect(), [{ type: 'READ', key: '/app/', rangeEnd: '/app0' }]);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await cluster.close();
  });

  it('hide what may not be read, and show the rest of the same request', async () => {
    const { rows } = await readRows(as(ALICE), [key('/app/a'), key('/other/x'), prefix('/other/'), prefix('/app/')], all, options);
    expect(rows).toMatchObject([{ kind: 'key', line: 'v' }, { kind: 'hidden' }, { kind: 'prefix' }, { kind: 'prefix', keys: 2 }]);
    expect(rows[2]).toEqual({ kind: 'prefix' });
  });

  it('are told: to root all of them, to others their own', async () => {
    const app = { name: 'app', permissions: [{ type: 'READ', range: { key: '/app/', rangeEnd: '/app0' } }] };
    const { access } = await readKeyInfo(as(ALICE), '/app/a', undefined, options);
    expect(access).toMatchObject({ roles: [app], whole: false });
    const { access: whole } = await readKeyInfo(as(ROOT), '/app/a', undefined, options);
    expect(whole).toMatchObject({ roles: [app, { name: 'root' }], whole: true });
    // Of a key that may not be read, too.
    const hidden = await readKeyInfo(as(ALICE), '/other/x', undefined, options);
    expect(describeKey({ profile: '', kind: 'key', key: '/other/x' }, hidden, 'alice')).toEqual([
      ['key', '/other/x  (8 bytes)'],
      ['value', 'not yours to read, so nobody tells you whether it is there'],
      ['read by', 'none, of the roles of alice; others are not shown to you'],
      ['written by', 'none, of the roles of alice; others are not shown to you'],
    ]);
  });
});
