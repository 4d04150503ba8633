/** Leases: granted, kept alive, ended; and the news that one may have ended comes in time. */
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { createClient, isEtcdError } from '../../src/client/index.js';
import { startRelay } from '../harness/relay.js';
import { onEveryServer, options } from './servers.js';

onEveryServer('a lease', (server, client) => {
  it('is granted, seen with its keys, and revoked with them', async () => {
    const { leases } = client();
    const { id, ttl } = await leases.grant({ ttl: 60 }, options);
    expect(ttl).toBe(60);
    for (const key of ['/l/b', '/l/a']) await server().put(key, '1', id);
    expect(await leases.list(options)).toContain(id);
    expect(await leases.timeToLive({ id, keys: true }, options)).toMatchObject({ grantedTtl: 60, keys: ['/l/a', '/l/b'] });
    await leases.revoke(id, options);
    expect(await server().get('/l/a')).toBeUndefined();
    expect(await leases.timeToLive({ id }, options)).toEqual({ ttl: -1, grantedTtl: 0, keys: [] });
    await expect(leases.revoke(id, options)).rejects.toMatchObject({ code: 'lease_not_found' });
  });

  it('has the id that was wanted, which nobody else may have', async () => {
    const { leases } = client();
    expect(await leases.grant({ ttl: 60, id: '4242' }, options)).toMatchObject({ id: '4242' });
    await expect(leases.grant({ ttl: 60, id: '4242' }, options)).rejects.toMatchObject({ code: 'conflict' });
    await expect(leases.grant({ ttl: 10_000_000_000 }, options)).rejects.toMatchObject({ code: 'invalid_value' });
  });

  it('is one, also where the answer was lost and it was asked for again', async () => {
    const relay = await startRelay(server().endpoint);
    const cut = createClient({ endpoints: [relay.endpoint] });
    const before = await client().leases.list(options);
    relay.onRequest = (piece, wire) => {
      if (!piece.includes('/lease/')) return;
      relay.onRequest = undefined;
      wire.silence();
      void wire.answered.then(wire.cut);
    };
    const { id } = await cut.leases.grant({ ttl: 60 }, options);
    expect((await client().leases.list(options)).filter((each) => !before.includes(each))).toEqual([id]);
    relay.onRequest = (piece, wire) => {
      if (!piece.includes('/lease/')) return;
      relay.onRequest = undefined;
      wire.silence();
      void wire.answered.then(wire.cut);
    };
    await cut.leases.revoke(id, options);
    await cut.close();
    relay.close();
  });

  it('is kept for longer than its TTL, and lost at once when somebody ends it', async () => {
    const { leases } = client();
    const lease = await leases.grant({ ttl: 2 }, options);
    await server().put('/l/kept', '1', lease.id);
    const kept = leases.keepAlive(lease);
    // Until it would have been gone for long. etcd looks at its leases each half second.
    while (performance.now() < lease.sent + 4000) await client().range({ key: '/l/kept' }, options);
    expect(await server().get('/l/kept')).toBeDefined();
    expect(kept.left()).toBeGreaterThan(0);
    await leases.revoke(lease.id, options);
    await once(kept.lost, 'abort');
    expect(isEtcdError(kept.lost.reason, 'lease_not_found')).toBe(true);
    expect(kept.left()).toBe(0);
  });

  it('of a year is not lost at once, nor asked for again and again', async () => {
    const relay = await startRelay(server().endpoint);
    const far = createClient({ endpoints: [relay.endpoint] });
    let asked = 0;
    relay.onRequest = (piece) => void (asked += piece.includes('/v3/lease/keepalive') ? 1 : 0);
    const kept = far.leases.keepAlive(await far.leases.grant({ ttl: 365 * 24 * 3600 }, options));
    for (let i = 0; i < 20; i++) await far.range({ key: '/none' }, options);
    expect(kept.lost.aborted).toBe(false);
    expect(kept.left()).toBeGreaterThan(350 * 24 * 3600 * 1000);
    expect(asked).toBe(0);
    await far.leases.revoke(kept.id, options);
    await far.close();
    relay.close();
  });

  it('is lost before it has ended, where etcd cannot be asked any more', async () => {
    const relay = await startRelay(server().endpoint);
    const cut = createClient({ endpoints: [relay.endpoint] });
    const kept = cut.leases.keepAlive(await cut.leases.grant({ ttl: 2 }, options));
    await server().put('/l/cut', '1', kept.id);
    relay.lead('127.0.0.1:1');
    await once(kept.lost, 'abort');
    expect(kept.lost.reason).toMatchObject({ code: 'lease_not_found', cause: { code: 'unavailable' } });
    expect(await server().get('/l/cut')).toBeDefined();
    await cut.close();
    relay.close();
  });
});
