/** Users who may write a key but not read it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, openSecret, type Client } from '../../src/client/index.js';
import { writeKey } from '../../src/keyspace/write/save.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { startRelay, type Relay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { ALICE, enableAuth, ROOT, type Grant } from '../harness/users.js';
import { options } from './servers.js';

const grants: Grant[] = [
  { type: 'WRITE', key: '/drop/', rangeEnd: '/drop0' },
  { type: 'READ', key: '/seen/', rangeEnd: '/seen0' },
];
const value = Buffer.from('new');

describe.each(tools.etcds)('a role that may only write ($name)', ({ command }) => {
  let cluster: TestCluster;
  let relay: Relay;
  let alice: Client;
  beforeAll(async () => {
    cluster = await startCluster({ command });
    const lease = await cluster.inspect().grantLease(600);
    await cluster.inspect().put('/drop/leased', 'old', lease);
    await enableAuth(cluster.inspect(), grants);
    await cluster.login(ROOT.user, ROOT.password);
    relay = await startRelay(cluster.endpoints[0] as string);
    const password = openSecret({ what: 'password', given: ALICE.password });
    alice = createClient({ endpoints: [relay.endpoint], credentials: { user: ALICE.user, password } });
  });
  afterAll(async () => {
    await alice.close();
    relay.close();
    await cluster.close();
  });
  const stored = async (key: string) => cluster.inspect().get(key);

  it('is told what etcd cannot compare for it, and writes with force, a new key and a known one with its lease', async () => {
    for (const key of ['/drop/new', '/drop/leased']) {
      const before = await stored(key);
      await expect(writeKey(alice, { key, value, force: false }, options)).rejects.toMatchObject({
        code: 'permission_denied',
        message: 'user alice may write it, but not read it, and etcd compares only for readers',
        subject: { reason: 'unseen' },
        indefinite: false,
      });
      expect(await stored(key)).toEqual(before);
      const written = await writeKey(alice, { key, value, force: true }, options);
      expect(written).toMatchObject({ created: before === undefined, unchanged: false });
      expect(await stored(key)).toMatchObject({ value, modRevision: written.modRevision, lease: before?.lease ?? '0' });
    }
  });

  it('is not shown a way where there is none', async () => {
    for (const [key, force] of [
      ['/seen/x', false],
      ['/seen/x', true],
      ['/other', true],
    ] as const) {
      const error = { code: 'permission_denied', message: 'permission denied to user alice' };
      await expect(writeKey(alice, { key, value, force }, options)).rejects.toMatchObject(error);
      expect(await stored(key)).toBeUndefined();
    }
  });

  it('writes to no other cluster than the one of the buffer', async () => {
    const base = { modRevision: '2', digest: '', clusterId: '42' };
    const attempt = writeKey(alice, { key: '/drop/elsewhere', value, base, force: true }, options);
    await expect(attempt).rejects.toMatchObject({ code: 'cluster_changed' });
    expect(await stored('/drop/elsewhere')).toBeUndefined();
  });

  it('has its put sent once: an answer that is lost leaves it unknown', async () => {
    let puts = 0;
    relay.onRequest = (piece, wire) => {
      if (!piece.toString('latin1').includes('POST /v3/kv/put')) return;
      puts++;
      wire.silence();
      void wire.answered.then(() => wire.cut());
    };
    const attempt = writeKey(alice, { key: '/drop/lost', value, force: true }, options);
    await expect(attempt).rejects.toMatchObject({ code: 'outcome_unknown' });
    relay.onRequest = undefined;
    expect(puts).toBe(1);
  });
});
