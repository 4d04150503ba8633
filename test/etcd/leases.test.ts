/** Leases of keys on real servers: attached and removed without touching values, listed, and revoked with the keys that were named. */
import { expect, it } from 'vitest';
import { EtcdError } from '../../src/client/index.js';
import { attachNew } from '../../src/keyspace/lease/attach.js';
import { leaseOf, listLeases, revokeLease } from '../../src/keyspace/lease/list.js';
import { leasePlan } from '../../src/keyspace/lease/ttl.js';
import { applyPlan } from '../../src/keyspace/plan/apply.js';
import { onEveryServer, options } from './servers.js';

onEveryServer('leases of keys', (server, client) => {
  it('are attached and taken off, and the value stays', async () => {
    await server().put('/l/a', Buffer.from([0xff, 0]));
    await server().put('/l/b', 'b');
    const lease = await server().grantLease(600);
    await applyPlan(client(), await leasePlan(client(), ['/l/a', '/l/b'], lease, options), options);
    expect(await server().get('/l/a')).toMatchObject({ value: Buffer.from([0xff, 0]), lease });
    expect((await leaseOf(client(), lease, options)).keys).toEqual(['/l/a', '/l/b']);
    await applyPlan(client(), await leasePlan(client(), ['/l/a'], '0', options), options);
    expect(await server().get('/l/a')).toMatchObject({ value: Buffer.from([0xff, 0]), lease: '0' });
    expect((await leasePlan(client(), ['/l/a'], '0', options)).steps).toEqual([]);
  });

  it('are not attached over a change, nor to a key that is not there', async () => {
    await server().put('/l/shared', 'mine');
    const plan = await leasePlan(client(), ['/l/shared'], await server().grantLease(600), options);
    await server().put('/l/shared', 'theirs');
    await expect(applyPlan(client(), plan, options)).rejects.toMatchObject({ code: 'conflict' });
    expect(await server().get('/l/shared')).toMatchObject({ value: Buffer.from('theirs'), lease: '0' });
    await expect(leasePlan(client(), ['/l/never'], '0', options)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are listed, the one that ends next first, and revoked with the keys that were named, no others', async () => {
    const [later, sooner] = [await server().grantLease(5000), await server().grantLease(1000)];
    await server().put('/l/one', 'x', sooner);
    const listed = await listLeases(client(), options);
    const ours = listed.filter(({ id }) => id === later || id === sooner);
    expect(ours).toMatchObject([
      { id: sooner, granted: 1000, keys: ['/l/one'] },
      { id: later, granted: 5000, keys: [] },
    ]);
    await server().put('/l/two', 'x', sooner);
    await expect(revokeLease(client(), sooner, ['/l/one'], options)).rejects.toMatchObject({ code: 'conflict' });
    expect(await server().get('/l/one')).toBeDefined();
    await revokeLease(client(), sooner, ['/l/one', '/l/two'], options);
    expect(await server().get('/l/two')).toBe(undefined);
    expect((await leaseOf(client(), sooner, options)).ttl).toBe(-1);
  });

  it.each(['outcome_unknown', 'conflict', 'timeout'] as const)(
    'keep the key if attaching ends in %s, and it was attached',
    async (code) => {
      await server().put('/l/kept', 'x');
      const attached = attachNew(
        client(),
        600,
        async (lease) => {
          await applyPlan(client(), await leasePlan(client(), ['/l/kept'], lease, options), options);
          throw new EtcdError(code, 'the answer was lost', { indefinite: code === 'timeout' });
        },
        options,
      );
      await expect(attached).rejects.toMatchObject({ code });
      expect(await server().get('/l/kept')).toMatchObject({ value: Buffer.from('x') });
    },
  );

  it('are revoked again if the keys are known not to have got them', async () => {
    let granted = '0';
    const attach = async (lease: string) => leasePlan(client(), ['/l/never'], (granted = lease), options);
    await expect(attachNew(client(), 600, attach, options)).rejects.toMatchObject({ code: 'not_found' });
    expect((await leaseOf(client(), granted, options)).ttl).toBe(-1);
  });
});
