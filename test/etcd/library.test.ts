/** The library, as a program uses it. The parts below it have their own tests. */
import { expect, it } from 'vitest';
import { createClient, fromEnvironment, isEtcdError, type Etcd } from '../../src/library/index.js';
import { onEveryServer } from './servers.js';

onEveryServer('the library', (server) => {
  const within = async (body: (etcd: Etcd) => Promise<void>): Promise<void> => {
    await using etcd = createClient({ endpoints: server().endpoint });
    await body(etcd);
  };

  it('gets what it puts: text and bytes, as keys and as values', async () => {
    await within(async (etcd) => {
      const bytes = new Uint8Array([0xff, 0x00, 0xfe]);
      await etcd.put('/ä', 'ü');
      await etcd.put(bytes, bytes);
      expect(await etcd.get('/ä')).toMatchObject({ key: '/ä', value: Buffer.from('ü'), version: '1', lease: '0' });
      const found = await etcd.get(bytes);
      expect([found?.keyBytes, found?.value].map((it) => Buffer.from(it ?? []))).toEqual([Buffer.from(bytes), Buffer.from(bytes)]);
      expect((await etcd.getMany(['/ä', '/none', bytes])).map((entry) => entry?.version)).toEqual(['1', undefined, '1']);
      expect(await etcd.get('/none')).toBeUndefined();
    });
  });

  it('puts over what is there, and keeps its lease unless told otherwise', async () => {
    await within(async (etcd) => {
      await using lease = await etcd.lease(60);
      await etcd.put('/l', '1', { lease: lease.id });
      await etcd.put('/l', '2');
      expect(await etcd.get('/l')).toMatchObject({ lease: lease.id, value: Buffer.from('2') });
      expect(await etcd.leaseState(lease.id, { keys: true })).toMatchObject({ grantedTtl: 60, keys: ['/l'] });
      await etcd.put('/l', '3', { keepLease: false });
      expect(await etcd.get('/l')).toMatchObject({ lease: '0' });
    });
  });

  it('revokes a lease once, also if its block ends after that', async () => {
    await within(async (etcd) => {
      await using lease = await etcd.lease(60);
      await lease.revoke();
      expect(await etcd.leaseState(lease.id)).toMatchObject({ ttl: -1 });
    });
  });

  it('creates, updates and compares', async () => {
    await within(async (etcd) => {
      await expect(etcd.update('/c', '0')).rejects.toMatchObject({ code: 'not_found' });
      const { revision } = await etcd.create('/c', '1');
      await expect(etcd.create('/c', '2')).rejects.toMatchObject({ code: 'conflict', theirsRevision: revision });
      const next = await etcd.update('/c', '2');
      expect(await etcd.compareAndPut('/c', '3', { modRevision: revision })).toMatchObject({
        succeeded: false,
        current: { value: Buffer.from('2'), modRevision: next.revision },
      });
      expect(await etcd.compareAndPut('/c', '3', { modRevision: next.revision })).toMatchObject({ succeeded: true });
      expect(await etcd.compareAndDelete('/c', { modRevision: next.revision })).toMatchObject({ succeeded: false });
      const modRevision = (await etcd.get('/c'))?.modRevision ?? '';
      expect(await etcd.compareAndDelete('/c', { modRevision })).toMatchObject({ succeeded: true });
      expect((await etcd.get('/c', { revision }))?.value.toString()).toBe('1');
    });
  });

  it('goes through many entries at one revision, and deletes as many as were expected', async () => {
    await within(async (etcd) => {
      const keys = Array.from({ length: 100 }, (_, i) => `/many/${String(i).padStart(3, '0')}`);
      await etcd.txn({ then: keys.map((key) => ({ put: key, value: key })) });
      const found: string[] = [];
      for await (const { key } of etcd.entries({ prefix: '/many/' })) {
        if (found.length === 0) await etcd.put('/many/later', '');
        found.push(key);
      }
      expect(found).toEqual(keys);
      expect(await etcd.count({ from: '/many/', to: '/many/010' })).toBe(10);
      await expect(etcd.delete({ prefix: '/many/' }, { expectCount: 100 })).rejects.toMatchObject({ code: 'conflict' });
      expect(await etcd.delete({ prefix: '/many/' }, { expectCount: 101 })).toMatchObject({ deleted: 101 });
      expect(await etcd.delete('/many/000')).toMatchObject({ deleted: 0 });
    });
  });

  it('does either branch of a txn', async () => {
    await within(async (etcd) => {
      const move = () =>
        etcd.txn({
          compare: [{ range: '/from', createRevision: '0', result: 'not_equal' }],
          then: [{ put: '/to', value: 'x' }, { delete: '/from' }],
          else: [{ get: { prefix: '/to' } }],
        });
      await etcd.put('/from', 'x');
      expect(await move()).toMatchObject({ succeeded: true, answers: [{ put: true }, { deleted: 1 }] });
      expect(await move()).toMatchObject({ succeeded: false, answers: [{ entries: [{ key: '/to' }], count: 1, more: false }] });
    });
  });

  it('watches, locks and elects', async () => {
    await within(async (etcd) => {
      const seen: string[] = [];
      for await (const item of etcd.watch({ prefix: '/watched/' })) {
        if (item.type === 'created') await etcd.put('/watched/ä', '1');
        if (item.type !== 'events') continue;
        seen.push(...item.events.map(({ type, entry }) => `${type} ${entry.key}=${entry.value.toString()}`));
        break;
      }
      expect(seen).toEqual(['put /watched/ä=1']);
      {
        await using lock = await etcd.lock('/lock');
        expect(await etcd.txn({ compare: [lock.guard], then: [{ put: '/locked', value: '1' }] })).toMatchObject({ succeeded: true });
      }
      expect(await etcd.count({ prefix: '/lock/' })).toBe(0);
      await using leading = await etcd.election('/leader').campaign('me');
      await leading.say('still me');
      expect((await etcd.election('/leader').leader())?.value.toString()).toBe('still me');
    });
  });

  it('knows the members, and the environment of etcdctl', async () => {
    await using etcd = fromEnvironment({ ETCDCTL_ENDPOINTS: server().endpoint });
    expect(await etcd.members()).toMatchObject([{ name: 'm0', leader: true }]);
    expect(() => fromEnvironment({ ETCDCTL_COMMAND_TIMEOUT: 'soon' })).toThrow('COMMAND_TIMEOUT');
  });

  it('tells callers without types what is wrong', async () => {
    await within(async (etcd) => {
      const wrong: (() => unknown)[] = [
        () => etcd.get(1 as never),
        () => etcd.get(''),
        () => etcd.get('/a', { revision: 5 as never }),
        () => etcd.put('/a', undefined as never),
        () => etcd.put('/a', '', { lease: '1', keepLease: true }),
        () => etcd.count({} as never),
        () => etcd.compareAndPut('/a', '', {} as never),
        () => etcd.txn({ then: [{ putt: '/a' } as never] }),
        () => etcd.watch(null as never),
        () => etcd.lock('/a', { ttl: 0 }),
        () => etcd.get('/a', { timeout: -1 }),
        () => createClient({} as never),
      ];
      for (const call of wrong) {
        const thrown: unknown = await Promise.resolve()
          .then(call)
          .catch((error: unknown) => error);
        expect(isEtcdError(thrown, 'invalid_value'), `${String(call)}: ${String(thrown)}`).toBe(true);
      }
    });
  });
});
