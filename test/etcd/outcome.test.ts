/** Puts whose answers are lost on the way, by a relay that cuts the connection at the moment that matters. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type Client } from '../../src/etcd/index.js';
import { baseOf, readKey, writeKey, type Base } from '../../src/keyspace/document.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { muteServer } from '../harness/mute.js';
import { startRelay, type Relay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';

const options = { budget: 5000 };
const mine = Buffer.from('mine');

describe.each(tools.etcds)('a put whose answer is lost ($name)', ({ command }) => {
  let cluster: TestCluster;
  let relay: Relay;
  let client: Client;
  beforeEach(async () => {
    cluster = await startCluster({ command });
    relay = await startRelay(cluster.endpoints[0] as string);
    client = createClient({ endpoints: [relay.endpoint] });
  });
  afterEach(async () => {
    await client.close();
    relay.close();
    await cluster.close();
  });

  async function based(value = 'base'): Promise<Base> {
    await cluster.inspect().put('/k', value);
    return baseOf(await readKey(client, '/k', undefined, options));
  }

  /** The first txn is carried out, its answer lost, and then something happens before the client comes again. */
  function loseAnswer(meanwhile: () => Promise<unknown>): { done: Promise<void> } {
    const lost = { done: Promise.resolve() };
    relay.onRequest = (piece, wire) => {
      if (!piece.includes('/v3/kv/txn')) return;
      relay.onRequest = (_, next) => next.cut();
      lost.done = wire.answered.then(async () => {
        await meanwhile();
        relay.onRequest = undefined;
      });
      wire.cut();
    };
    return lost;
  }
  const put = (base?: Base) => writeKey(client, { key: '/k', value: mine, force: false, ...(base && { base }) }, options);

  it('is found to be there, once, and acknowledged', async () => {
    const base = await based();
    loseAnswer(() => Promise.resolve());
    const written = await put(base);
    expect(await cluster.inspect().get('/k')).toMatchObject({ value: mine, modRevision: written.modRevision, version: '2' });
  });

  it('that created a key is found to be there', async () => {
    loseAnswer(() => Promise.resolve());
    const written = await put();
    expect(await cluster.inspect().get('/k')).toMatchObject({ value: mine, modRevision: written.modRevision, version: '1' });
  });

  it('and then overwritten is found in the history, however much happened since', async () => {
    const base = await based();
    loseAnswer(async () => {
      for (let i = 0; i < 20; i++) await cluster.inspect().put(i % 2 ? '/k' : '/elsewhere', `theirs ${i}`);
      await cluster.inspect().delete('/k');
      await cluster.inspect().put('/k', 'theirs');
    });
    const written = String(Number(base.modRevision) + 1);
    await expect(put(base)).rejects.toMatchObject({
      code: 'conflict',
      writtenRevision: written,
      message: expect.stringContaining(`written at revision ${written}`) as string,
    });
    expect((await cluster.inspect().get('/k'))?.value.toString()).toBe('theirs');
  });

  it('and then deleted is found in the history too', async () => {
    const base = await based();
    loseAnswer(() => cluster.inspect().delete('/k'));
    await expect(put(base)).rejects.toMatchObject({
      code: 'conflict',
      writtenRevision: String(Number(base.modRevision) + 1),
      theirsRevision: undefined,
    });
    expect(await cluster.inspect().get('/k')).toBeUndefined();
  });

  it('behind a history that is gone is unknown, and nothing is overwritten', async () => {
    const base = await based();
    loseAnswer(async () => {
      const now = await cluster.inspect().put('/k', 'theirs');
      await cluster.inspect().post('/v3/kv/compaction', { revision: now });
    });
    await expect(put(base)).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect((await cluster.inspect().get('/k'))?.value.toString()).toBe('theirs');
  });

  it('that created a key, deleted and created by another, is unknown', async () => {
    loseAnswer(async () => {
      await cluster.inspect().delete('/k');
      await cluster.inspect().put('/k', 'theirs');
    });
    await expect(put()).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect((await cluster.inspect().get('/k'))?.value.toString()).toBe('theirs');
  });

  it('that never arrived, and lost to another, is a conflict', async () => {
    const base = { ...(await based()), clusterId: '' };
    const mute = await muteServer();
    const other = createClient({ endpoints: [mute.endpoint, relay.endpoint] });
    const sent = mute.asked();
    const attempt = writeKey(other, { key: '/k', value: mine, base, force: false }, options).catch((error: unknown) => error);
    await sent;
    const now = await cluster.inspect().put('/k', 'theirs');
    expect(await attempt).toMatchObject({ code: 'conflict', theirsRevision: now, writtenRevision: undefined });
    await other.close();
    mute.close();
  });

  it('is unknown as long as nobody can be asked, and quickly', async () => {
    const base = await based();
    relay.onRequest = (_, wire) => wire.cut();
    const began = performance.now();
    await expect(writeKey(client, { key: '/k', value: mine, base, force: false }, { budget: 1000 })).rejects.toMatchObject({
      code: 'outcome_unknown',
    });
    expect(performance.now() - began).toBeLessThan(2500);
  });

  it('whose key went with its lease is told so', async () => {
    const lease = await cluster.inspect().grantLease(600);
    await cluster.inspect().put('/k', 'base', lease);
    const base = baseOf(await readKey(client, '/k', undefined, options));
    await cluster.inspect().post('/v3/lease/revoke', { ID: lease });
    await expect(put(base)).rejects.toMatchObject({
      code: 'lease_not_found',
      message: `read at revision ${base.modRevision}; its lease ${BigInt(lease).toString(16)} has expired since, and took the key along`,
      hint: expect.stringContaining('without a lease') as string,
    });
    const written = await writeKey(client, { key: '/k', value: mine, base, force: true }, options);
    expect(written).toMatchObject({ created: true, kv: { lease: '0', version: '1' } });
  });

  it('whose key was created again, with the same version, is told so', async () => {
    const base = await based();
    await cluster.inspect().delete('/k');
    const again = await cluster.inspect().put('/k', 'theirs');
    await expect(put(base)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`created again at revision ${again}`) as string,
    });
  });

  it('of the bytes that are there already is no conflict', async () => {
    const base = await based();
    const now = await cluster.inspect().put('/k', mine);
    expect(await put(base)).toMatchObject({ unchanged: true, modRevision: now });
    expect(await cluster.inspect().get('/k')).toMatchObject({ version: '2' });
  });

  it('costs one request, and one more where the connection is new', async () => {
    const base = await based();
    const asked: string[] = [];
    relay.onRequest = (piece) => void asked.push(/POST (\S+)/.exec(piece.toString('latin1'))?.[1] ?? '');
    const { modRevision, kv, seen } = await put(base);
    expect(kv).toMatchObject({ version: '2' });
    expect(asked).toEqual(['/v3/kv/txn']);
    const other = createClient({ endpoints: [relay.endpoint] });
    await writeKey(
      other,
      {
        key: '/k',
        value: Buffer.from('next'),
        base: { ...base, modRevision, version: '2', digest: '', ...(seen && { seen }) },
        force: false,
      },
      options,
    );
    expect(asked).toEqual(['/v3/kv/txn', '/v3/kv/range', '/v3/kv/txn']);
    await other.close();
  });

  it('to an etcd that is full is refused, and known to be', async () => {
    const base = await based();
    await cluster.inspect().post('/v3/maintenance/alarm', { action: 'ACTIVATE', alarm: 'NOSPACE' });
    await expect(put(base)).rejects.toMatchObject({ code: 'no_space', indefinite: false });
    expect(await cluster.inspect().get('/k')).toMatchObject({ modRevision: base.modRevision });
  });
});
