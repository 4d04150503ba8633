/** The past of keys and prefixes on real servers: all of it, newest first, as far as etcd still has it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, openSecret, type Client } from '../../src/client/index.js';
import type { Change } from '../../src/keyspace/history/change.js';
import { readPast, type PastRequest } from '../../src/keyspace/history/past.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import type { TestEtcd } from '../harness/etcd.js';
import { tools } from '../harness/tools.js';
import { atRequest } from '../fault/moments.js';
import { startRelay } from '../harness/relay.js';
import { ALICE, changePassword, enableAuth, ROOT } from '../harness/users.js';
import { onEveryServer, options } from './servers.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Whole {
  changes: Change[];
  since: string | undefined;
  parts: number;
}

async function whole(client: Client, request: PastRequest): Promise<Whole> {
  const found: Whole = { changes: [], since: undefined, parts: 0 };
  for await (const { changes, since } of readPast(client, request, options)) {
    found.changes.push(...changes);
    found.since = since;
    found.parts++;
  }
  return found;
}

const pastOf = (client: Client, key: string, until?: string) => whole(client, { kind: 'key', key, ...(until !== undefined && { until }) });
const words = ({ changes }: Whole) => changes.map(({ revision, what }) => [revision, what]);

/** One txn, and so one revision, for each value. */
async function putMany(server: TestEtcd, key: string, count: number): Promise<string[]> {
  const revisions: string[] = [];
  for (let i = 0; i < count; i += 20) {
    const puts = Array.from({ length: Math.min(20, count - i) }, (_, j) => server.put(key, `v${i + j}`));
    revisions.push(...(await Promise.all(puts)));
  }
  return revisions.sort((a, b) => Number(b) - Number(a));
}

async function compact(server: TestEtcd, revision: string): Promise<void> {
  expect((await server.post('/v3/kv/compaction', { revision, physical: true })).status).toBe(200);
}

async function headRevision(server: TestEtcd): Promise<string> {
  return ((await server.post('/v3/kv/range', { key: base64('\0') })).body as { header: { revision: string } }).header.revision;
}

onEveryServer('the past', (server, client) => {
  it('of a key has all its lives, what was changed in each, and the deletes', async () => {
    const revisions = [await server().put('/lives', 'one')];
    revisions.push(await server().put('/lives', 'three'));
    revisions.push(await server().put('/lives', 'three'));
    await server().delete('/lives');
    revisions.push(await headRevision(server()));
    const lease = await server().grantLease(600);
    revisions.push(await server().put('/lives', 'again', lease));
    revisions.push(await server().put('/lives', 'again'));
    await server().put('/other', 'x');
    const all = await pastOf(client(), '/lives');
    const expected = ['created', '+2 B', 'same bytes', 'deleted', 'created', 'lease off'];
    expect(words(all)).toEqual(revisions.map((revision, i) => [revision, expected[i]]).reverse());
    expect(all.since).toBe('1');
    expect(words(await pastOf(client(), '/lives', revisions[3] as string))).toEqual(words(all).slice(2));
  });

  it('of a key that never was, and of one that is deleted, ends', async () => {
    expect(await pastOf(client(), '/never')).toMatchObject({ changes: [], since: '1' });
    await server().put('/gone', 'x');
    await server().delete('/gone');
    expect((await pastOf(client(), '/gone')).changes.map(({ what }) => what)).toEqual(['deleted', 'created']);
  });

  it('says of a key whose lease has ended that it expired', async () => {
    const lease = await server().grantLease(600);
    await server().put('/leased', 'x', lease);
    await server().put('/leased/below', 'x', lease);
    await server().post('/v3/lease/revoke', { ID: lease });
    expect((await pastOf(client(), '/leased')).changes.map(({ what }) => what)).toEqual(['expired', 'created']);
    const below = await whole(client(), { kind: 'prefix', key: '/leased/' });
    expect(below.changes.map(({ what }) => what)).toEqual(['expired', 'created']);
  });

  it('of a prefix is that of each key below it', async () => {
    const first = await server().put('/p/a', 'x');
    const both = { success: ['/p/a', '/p/b'].map((key) => ({ request_put: { key: base64(key), value: base64('y') } })) };
    await server().post('/v3/kv/txn', both);
    const second = await headRevision(server());
    const third = await server().put('/p/', 'the key of the prefix');
    await server().put('/pa', 'x');
    const { changes } = await whole(client(), { kind: 'prefix', key: '/p/' });
    expect(changes.map(({ revision, key, what }) => [revision, key, what])).toEqual([
      [third, '/p/', 'created'],
      [second, '/p/b', 'created'],
      [second, '/p/a', 'same size'],
      [first, '/p/a', 'created'],
    ]);
  });

  it('of a key with more versions than etcd sends at once has each once, and the newest come first', async () => {
    const revisions = await putMany(server(), '/many', 2500);
    const { changes, since, parts } = await pastOf(client(), '/many');
    expect(changes.map(({ revision }) => revision)).toEqual(revisions);
    expect([since, parts]).toEqual(['1', 3]);
  }, 60_000);

  it('of exactly as many revisions as etcd sends at once ends', async () => {
    const revisions = await putMany(server(), '/exact', 1000);
    await server().delete('/exact');
    const later = await server().put('/exact', 'x');
    const some = await pastOf(client(), '/exact');
    expect(some.changes.slice(2).map(({ revision }) => revision)).toEqual(revisions);
    expect(some.changes[0]?.revision).toBe(later);
  }, 60_000);

  it('begins at the compaction, with what was there then', async () => {
    await server().put('/kept', 'old');
    const kept = await server().put('/kept', 'kept');
    await server().put('/untouched', 'x');
    const compacted = await server().put('/other', 'x');
    const newest = await server().put('/kept', 'newest');
    await compact(server(), compacted);
    const { changes, since } = await pastOf(client(), '/kept');
    expect(since).toBe(compacted);
    expect(changes.map(({ revision, at, what }) => [revision, at, what])).toEqual([
      [newest, newest, '+2 B'],
      [kept, compacted, 'older versions are compacted'],
    ]);
    expect((await pastOf(client(), '/untouched')).changes).toMatchObject([{ at: compacted, size: 1 }]);
    expect((await pastOf(client(), '/gone')).changes).toEqual([]);
    await expect(pastOf(client(), '/kept', kept)).rejects.toMatchObject({ code: 'compacted' });
  });
});

describe.each(tools.etcds)('the past with users ($name)', ({ command }) => {
  let cluster: TestCluster;
  let client: Client;
  beforeAll(async () => {
    cluster = await startCluster({ command });
    const server = cluster.inspect();
    await server.put('/alice/a', 'x');
    await enableAuth(server, [{ type: 'READWRITE', key: '/alice/', rangeEnd: '/alice0' }]);
    const password = openSecret({ what: 'password', given: ALICE.password });
    client = createClient({ endpoints: cluster.endpoints, credentials: { user: ALICE.user, password } });
  });
  afterAll(async () => {
    await client.close();
    await cluster.close();
  });

  it('is read by whoever may read the key, also if nothing is there', async () => {
    expect((await pastOf(client, '/alice/a')).changes).toMatchObject([{ what: 'created' }]);
    expect((await pastOf(client, '/alice/never')).changes).toEqual([]);
    await expect(pastOf(client, '/root')).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('is read over a token that ends when it is about to be', async () => {
    const relay = await startRelay(cluster.endpoints[0] as string);
    const password = openSecret({ what: 'password', given: ALICE.password });
    const over = createClient({ endpoints: [relay.endpoint], credentials: { user: ALICE.user, password } });
    await cluster.login(ROOT.user, ROOT.password);
    await over.range({ key: '/alice/a' }, options);
    for (const [key, changes] of [
      ['/alice/a', [{ what: 'created' }]],
      ['/alice/never', []],
    ] as const) {
      // Setting a password, even to the same one, ends every token.
      const ended = atRequest(relay, '/v3/watch', async () => changePassword(cluster.inspect(), ALICE.user, ALICE.password));
      expect((await pastOf(over, key)).changes).toMatchObject(changes);
      await ended;
    }
    await over.close();
    relay.close();
  });
});
