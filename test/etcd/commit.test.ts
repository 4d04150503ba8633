/** Plans of several steps: all or nothing, what an undo needs, and what happened to one whose answer was lost. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, prefixEnd, type Client, type Known } from '../../src/client/index.js';
import { commit } from '../../src/keyspace/write/commit.js';
import type { Plan, Step } from '../../src/keyspace/write/plan.js';
import type { TestCluster } from '../harness/cluster.js';
import { muteServer } from '../harness/mute.js';
import type { Relay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { loseAnswer, startRelayed, type Relayed } from './lost-answer.js';

const options = { budget: 5000 };
const value = Buffer.from('mine');

describe.each(tools.etcds)('a plan ($name)', ({ command }) => {
  let relayed: Relayed;
  let cluster: TestCluster;
  let relay: Relay;
  let client: Client;
  beforeEach(async () => {
    relayed = await startRelayed(command);
    ({ cluster, relay, client } = relayed);
  });
  afterEach(async () => relayed.close());
  const write = async (key: string, text = 'old', lease?: string) => cluster.inspect().put(key, text, lease);
  const stored = async (key: string) => (await cluster.inspect().get(key))?.value.toString();
  const all = async (...keys: string[]) => Promise.all(keys.map(stored));
  const run = async (...steps: Step[]) => commit(client, { steps }, options);
  const put = (key: string, modRevision: string): Step => ({ op: 'put', key, value, modRevision });
  const remove = (key: string, modRevision: string): Step => ({ op: 'delete', key, modRevision });
  const clear = (key: string, revision: string): Step => ({ op: 'delete range', key, rangeEnd: prefixEnd(key), revision });

  it('is done as one, and tells of each key what an undo needs', async () => {
    const a = await write('/a');
    const b = await write('/b');
    await write('/c/1');
    const second = await write('/c/2');
    const done = await run(put('/a', a), put('/new', '0'), remove('/b', b), clear('/c/', second));
    const after = done.header.revision;
    expect(done).toMatchObject({
      succeeded: true,
      uncertain: false,
      changes: [
        { key: '/a', before: a, after },
        { key: '/new', before: '0', after },
        { key: '/b', before: b, after: '0' },
      ],
      deleted: 2,
    });
    expect(await all('/a', '/new', '/b', '/c/1', '/c/2')).toEqual(['mine', 'mine', undefined, undefined, undefined]);
    expect(await cluster.inspect().get('/a')).toMatchObject({ modRevision: after, version: '2' });
  });

  it.each<[string, (known: Record<string, string>) => Step]>([
    ['a key that has changed', ({ a = '' }) => put('/a', a)],
    ['a key to delete that has changed', ({ a = '' }) => remove('/a', a)],
    ['a key that is there by now', () => put('/a', '0')],
    ['a range with a newer key', ({ a = '' }) => clear('/a', a)],
  ])('is not done at all for the sake of %s', async (_, other) => {
    const a = await write('/a');
    const b = await write('/b');
    const now = await write('/a', 'theirs');
    const lost = await run(put('/b', b), other({ a }));
    expect(lost).toMatchObject({ succeeded: false });
    expect(lost.succeeded || lost.kvs.filter(({ key }) => key === '/b')).toMatchObject([{ modRevision: b }]);
    expect(await cluster.inspect().get('/a')).toMatchObject({ modRevision: now });
    expect(await stored('/b')).toBe('old');
  });

  it('keeps a lease, attaches one, and takes one off', async () => {
    const lease = await cluster.inspect().grantLease(600);
    const [keep, off] = [await write('/keep', 'old', lease), await write('/off', 'old', lease)];
    const at = (key: string, modRevision: string, more: object): Step => ({ op: 'put', key, value, modRevision, ...more });
    await run(at('/keep', keep, {}), at('/on', '0', { lease }), at('/off', off, { lease: '0' }));
    const leases = await Promise.all(['/keep', '/on', '/off'].map(async (key) => (await cluster.inspect().get(key))?.lease));
    expect(leases).toEqual([lease, lease, '0']);
    const after = (await cluster.inspect().get('/on'))?.modRevision ?? '';
    await run(at('/on', after, { lease: '0' }));
    expect(await cluster.inspect().get('/on')).toMatchObject({ lease: '0' });
  });

  it('is for the cluster that it was decided on', async () => {
    const a = await write('/a');
    const known: Known = { key: '/a', modRevision: a };
    const plan: Plan = { steps: [{ op: 'delete', ...known }], seen: { clusterId: '42', revision: a } };
    await expect(commit(client, plan, options)).rejects.toMatchObject({ code: 'cluster_changed' });
    expect(await stored('/a')).toBe('old');
  });

  describe('whose answer is lost', () => {
    it('is found to be done, once', async () => {
      const [a, b] = [await write('/a'), await write('/b')];
      loseAnswer(relay);
      const done = await run(put('/a', a), remove('/b', b), put('/new', '0'));
      const after = (await cluster.inspect().get('/a'))?.modRevision ?? '';
      expect(done).toMatchObject({
        ...{ succeeded: true, uncertain: true },
        changes: [{ after }, { key: '/b', before: b, after: '0' }, { before: '0', after }],
      });
      expect(await cluster.inspect().get('/a')).toMatchObject({ version: '2' });
    });

    it('is found to be done after a delete of a range, and not how many keys went', async () => {
      const before = await write('/c/1');
      loseAnswer(relay);
      const done = await run(clear('/c/', before));
      expect(done).toMatchObject({ succeeded: true, changes: [] });
      expect(done).not.toHaveProperty('deleted');
      expect(await stored('/c/1')).toBeUndefined();
    });

    it('and is then overwritten in part is a conflict that says where it was done', async () => {
      const [a, b] = [await write('/a'), await write('/b')];
      loseAnswer(relay, async () => write('/b', 'theirs'));
      await expect(run(put('/a', a), put('/b', b))).rejects.toMatchObject({
        code: 'conflict',
        writtenRevision: String(BigInt(b) + 1n),
      });
      expect(await all('/a', '/b')).toEqual(['mine', 'theirs']);
    });

    it('and whose deleted key is created again is a conflict, and the new key stays', async () => {
      const b = await write('/b');
      loseAnswer(relay, async () => write('/b', 'theirs'));
      await expect(run(remove('/b', b))).rejects.toMatchObject({ code: 'conflict', writtenRevision: String(BigInt(b) + 1n) });
      expect(await stored('/b')).toBe('theirs');
    });

    it('is unknown if a key of a deleted range is there again', async () => {
      const before = await write('/c/1');
      loseAnswer(relay, async () => write('/c/1', 'theirs'));
      await expect(run(clear('/c/', before))).rejects.toMatchObject({ code: 'outcome_unknown' });
      expect(await stored('/c/1')).toBe('theirs');
    });

    it('is unknown as long as nobody can be asked', async () => {
      const a = await write('/a');
      relay.onRequest = (_, wire) => wire.cut();
      const attempt = commit(client, { steps: [remove('/a', a)] }, { budget: 600 });
      await expect(attempt).rejects.toMatchObject({ code: 'outcome_unknown' });
    });

    it('is a conflict if it never arrived, and lost to another', async () => {
      const [a, b] = [await write('/a'), await write('/b')];
      const mute = await muteServer();
      const other = createClient({ endpoints: [mute.endpoint, relay.endpoint] });
      const sent = mute.asked();
      const attempt = commit(other, { steps: [put('/a', a), put('/b', b)] }, options).catch((error: unknown) => error);
      await sent;
      const now = await write('/b', 'theirs');
      expect(await attempt).toMatchObject({ code: 'conflict', theirsRevision: now, writtenRevision: undefined });
      expect(await all('/a', '/b')).toEqual(['old', 'theirs']);
      await other.close();
      mute.close();
    });
  });
});
