/** Keys that somebody holds by a lease: what is said of them, and the question before one is put, at the place that decides. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KeptLease } from '../../src/client/keep-alive.js';
import { openHost, type Host } from '../fault/host.js';
import { startRelay, type Relay } from '../harness/relay.js';
import { onEveryServer, options } from './servers.js';

onEveryServer('a key with a lease', (server, client) => {
  let host: Host;
  let relay: Relay;
  let looks = 0;
  let kept: KeptLease | undefined;
  beforeEach(async () => {
    relay = await startRelay(server().endpoint);
    relay.onRequest = (piece) => (looks += piece.toString('latin1').split('POST /v3/lease/timetolive ').length - 1);
    host = await openHost({ endpoints: [relay.endpoint] });
    looks = 0;
  });
  afterEach(() => {
    kept?.stop();
    kept = undefined;
    host.close();
    relay.close();
  });

  const name = 'etcd:/held';
  const stored = async () => (await server().get('/held'))?.value.toString();
  const read = async (of = name) => (await host.ask('open', { name: of })).ok as { address: string; lease: string; file: string };
  const words = async (lease: string) => (await host.ask('lease', { name, lease })).ok?.['words'];

  /** Holds it like a lock. */
  async function hold(ttl = 3): Promise<string> {
    const lease = await client().leases.grant({ ttl }, options);
    await server().put('/held', 'theirs', lease.id);
    kept = client().leases.keepAlive(lease);
    return lease.id;
  }

  it('is said to be kept alive once that is known, and not before; so says info', async () => {
    const lease = await hold();
    await read();
    const id = BigInt(lease).toString(16).slice(0, 4);
    expect(await words(lease)).toMatch(new RegExp(`^lease ${id}…, [23] s left$`));
    await expect.poll(() => words(lease), { timeout: 5000 }).toMatch(new RegExp(`^lease ${id}…, [123] s left, kept alive$`));
    const info = await host.ask('info', { name });
    expect(JSON.stringify(info.ok?.['rows'])).toMatch(/\["lease","[0-9a-f]+, \{ttl\} s left of 3 s, kept alive",\{"left":[123]\}\]/);
    await server().put('/runs', 'x', await server().grantLease(600));
    const { lease: other } = await read('etcd:/runs');
    for (let i = 0; i < 20; i++) expect(await words(other)).toMatch(/ 59\d s left$|600 s left$/);
  });

  it('is not put over a lease that is kept alive unasked, but forced, asked, or where somebody has agreed', async () => {
    const lease = await hold();
    const base = await read();
    await expect.poll(() => words(lease), { timeout: 5000 }).toContain('kept alive');
    const { err } = await host.ask('put', { name, base }, 'mine');
    const why =
      /\/held is held by a lease that is kept alive \(a lock or an election\?\), and nobody was asked; :w! writes it all the same$/;
    expect(err).toMatchObject({ code: 'permission_denied', unasked: [], message: expect.stringMatching(why) as string });
    expect(await stored()).toBe('theirs');
    const preview = await host.ask('preview', { name, base }, 'mine');
    expect(preview.ok).toMatchObject({ ask: true, held: { lease, why: expect.stringContaining('/held is held by a lease') as string } });
    expect((await host.ask('put', { name, base, agreed: '1' }, 'mine')).err).toMatchObject({ code: 'permission_denied' });
    looks = 0;
    const agreed = await host.ask('put', { name, base, agreed: lease }, 'agreed');
    expect(agreed.ok).toMatchObject({ unchanged: false });
    const asked = await host.ask('put', { name, base: agreed.ok, asked: true }, 'asked');
    expect(asked.ok).toMatchObject({ unchanged: false });
    expect((await host.ask('put', { name, base: asked.ok, force: true }, 'forced')).ok).toMatchObject({ unchanged: false });
    expect(looks).toBe(0);
    expect(await server().get('/held')).toMatchObject({ value: Buffer.from('forced'), lease });
  });

  it('of which nobody knows is asked about where somebody can be asked, in words that say no more', async () => {
    const lease = await hold(60);
    const base = await read();
    const { err } = await host.ask('put', { name, base, person: true }, 'mine');
    expect(err?.message).toMatch(/\/held has a lease with (59|60) of 60 s left, which somebody may keep alive/);
    expect((await host.ask('put', { name, base, person: true, agreed: lease }, 'mine')).ok).toMatchObject({ unchanged: false });
    const again = await read();
    expect((await host.ask('put', { name, base: again }, 'script')).ok).toMatchObject({ unchanged: false });
    await server().put('/held', 'long', await server().grantLease(600));
    expect((await host.ask('put', { name, base: await read(), person: true }, 'mine')).ok).toMatchObject({ unchanged: false });
  });

  it('stays a question if etcd does not tell of the lease a second time', async () => {
    await hold(60);
    const base = await read();
    expect((await host.ask('put', { name, base, person: true }, 'mine')).err).toMatchObject({ code: 'permission_denied' });
    relay.onRequest = (piece, wire) => piece.includes('POST /v3/lease/timetolive ') && wire.cut();
    expect((await host.ask('preview', { name, base, person: true }, 'mine')).ok).toMatchObject({ ask: true, doubt: true });
    expect((await host.ask('put', { name, base, person: true }, 'mine')).err).toMatchObject({ code: 'permission_denied' });
  });

  it('by :Etcd ttl is ours, and neither it nor a key without a lease, nor what is unchanged, costs a request or a question', async () => {
    await server().put('/held', 'x');
    const none = await host.ask('put', { name, base: await read(), person: true }, 'y');
    expect(none.ok).toMatchObject({ unchanged: false });
    await host.ask('ttl', { names: [{ name }], ttl: 30, open: [] });
    const base = await read();
    expect(base.lease).not.toBe('0');
    expect((await host.ask('put', { name, base, person: true }, 'mine')).ok).toMatchObject({ unchanged: false, lease: base.lease });
    await hold(60);
    expect((await host.ask('put', { name, base: await read(), person: true }, 'theirs')).ok).toMatchObject({ unchanged: true });
    expect(looks).toBe(0);
  });

  /** Keys that go with that lease. */
  const several = async (lease: string) => {
    for (const key of ['/held', '/locks/a', '/locks/b', '/locks/c', '/locks/d']) await server().put(key, 'theirs', lease);
    await server().put('/locks/free', 'x');
  };
  const one = /^\/held is held by a lease that is kept alive \(a lock or an election\?\)$/;
  const all = '5 keys are held by leases that are kept alive (locks or elections?): /held, /locks/a, /locks/b and 2 more';
  const linesOf = async (method: 'remove' | 'document_plan', params: object, text?: string) =>
    (await host.ask(method, params, text)).ok?.['lines'] as string[];

  it('is named in the plan that would delete or write it, with how many more there are', async () => {
    const lease = await hold();
    await several(lease);
    await read();
    await expect.poll(() => words(lease), { timeout: 5000 }).toContain('kept alive');
    expect((await linesOf('remove', { names: [{ name }] }))[0]).toMatch(one);
    expect((await linesOf('remove', { names: [{ name }, { name: 'etcd:/locks/' }] }))[0]).toBe(all);
    const document = await linesOf('document_plan', { name: 'etcd:/locks/?yaml' }, 'a: mine\nb: theirs\nc: theirs\nd: theirs\nfree: x\n');
    expect(document[0]).toMatch(/^\/locks\/a is held by a lease that is kept alive/);
    const free = await linesOf('document_plan', { name: 'etcd:/locks/?yaml' }, 'a: theirs\nb: theirs\nc: theirs\nd: theirs\nfree: y\n');
    expect(free.join()).not.toContain('lease');
  });

  it('is given no other lease by ttl unasked, but forced or asked; nor if nobody knows, and somebody can be asked', async () => {
    const lease = await hold(60);
    await several(lease);
    const names = ['etcd:/held', 'etcd:/locks/a', 'etcd:/locks/free'].map((each) => ({ name: each }));
    const set = async (more: object) => host.ask('ttl', { names, ttl: 500, open: [], ...more });
    const line = '2 keys have leases that somebody may keep alive (locks or elections?): /held, /locks/a';
    expect((await set({ person: true })).err).toMatchObject({ code: 'permission_denied', unasked: [line] });
    expect(await server().get('/held')).toMatchObject({ lease });
    const ours = (await set({ person: true, asked: true })).ok;
    expect(ours).toMatchObject({ keys: 3 });
    // There is no question about our own lease.
    expect((await set({ person: true })).ok).toMatchObject({ keys: 3 });
    await several(lease);
    expect((await set({ person: true, force: true })).ok).toMatchObject({ keys: 3 });
    await several(lease);
    expect((await set({})).ok).toMatchObject({ keys: 3 });
  });
});
