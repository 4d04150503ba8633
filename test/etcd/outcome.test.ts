/** Puts whose answers are lost on the way. A relay cuts the connection at the moment that matters. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type Client } from '../../src/client/index.js';
import { baseOf, readKey, type Base } from '../../src/keyspace/document.js';
import { leasePlan } from '../../src/keyspace/lease/ttl.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import { writeKey } from '../../src/keyspace/write/save.js';
import type { TestCluster } from '../harness/cluster.js';
import { muteServer } from '../harness/mute.js';
import type { Relay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { loseAnswer, startRelayed, type Relayed } from './lost-answer.js';

const options = { budget: 5000 };
const mine = Buffer.from('mine');

describe.each(tools.etcds)('a put whose answer is lost ($name)', ({ command }) => {
  let relayed: Relayed;
  let cluster: TestCluster;
  let relay: Relay;
  let client: Client;
  beforeEach(async () => {
    relayed = await startRelayed(command);
    ({ cluster, relay, client } = relayed);
  });
  afterEach(async () => relayed.close());

  async function based(value = 'base'): Promise<Base> {
    await cluster.inspect().put('/k', value);
    return baseOf(await readKey(client, '/k', undefined, options));
  }

  const put = (base?: Base) => writeKey(client, { key: '/k', value: mine, force: false, ...(base && { base }) }, options);

  it('is found to be there, once, and acknowledged', async () => {
    const base = await based();
    loseAnswer(relay, () => Promise.resolve());
    const written = await put(base);
    expect(await cluster.inspect().get('/k')).toMatchObject({ value: mine, modRevision: written.modRevision, version: '2' });
  });

  it('that created a key is found to be there', async () => {
    loseAnswer(relay, () => Promise.resolve());
    const written = await put();
    expect(written.created).toBe(true);
    expect(await cluster.inspect().get('/k')).toMatchObject({ value: mine, modRevision: written.modRevision, version: '1' });
  });

  it('that created a large key, which is gone again, is unknown', async () => {
    loseAnswer(relay, async () => cluster.inspect().delete('/k'));
    const large = Buffer.alloc(600 * 1024, 'm');
    const done = writeKey(client, { key: '/k', value: large, force: false }, options);
    // It is written anew, or nobody can know; but it is no conflict.
    const code = await done.then(
      () => 'written',
      (error: unknown) => (error as { code: string }).code,
    );
    expect(['written', 'outcome_unknown']).toContain(code);
  });

  it('and then overwritten is found in the history, however much happened since', async () => {
    const base = await based();
    loseAnswer(relay, async () => {
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
    loseAnswer(relay, () => cluster.inspect().delete('/k'));
    await expect(put(base)).rejects.toMatchObject({
      code: 'conflict',
      writtenRevision: String(Number(base.modRevision) + 1),
      theirsRevision: undefined,
    });
    expect(await cluster.inspect().get('/k')).toBeUndefined();
  });

  it('and whose lease was taken off again is not told to have it', async () => {
    await based();
    const lease = await cluster.inspect().grantLease(600);
    const plan = await leasePlan(client, ['/k'], lease, options);
    loseAnswer(relay, () => cluster.inspect().put('/k', 'base'));
    await expect(applyPlan(client, plan, options)).rejects.toMatchObject({ code: 'conflict' });
    expect((await cluster.inspect().get('/k'))?.lease).toBe('0');
  });

  it('behind a history that is gone is unknown, and nothing is overwritten', async () => {
    const base = await based();
    loseAnswer(relay, async () => {
      const now = await cluster.inspect().put('/k', 'theirs');
      await cluster.inspect().post('/v3/kv/compaction', { revision: now });
    });
    await expect(put(base)).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect((await cluster.inspect().get('/k'))?.value.toString()).toBe('theirs');
  });

  it('that created a key, deleted and created by another, is unknown', async () => {
    loseAnswer(relay, async () => {
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
      subject: { reason: 'lease_expired' },
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
