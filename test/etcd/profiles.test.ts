/** Profiles as the editor configures them: login, root, read-only, the sides of a conflict, status; through the dispatcher. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDispatcher, type Dispatcher } from '../../src/host/dispatcher.js';
import type { Opened } from '../../src/host/protocol.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { tools } from '../harness/tools.js';
import { ALICE, enableAuth, ROOT } from '../harness/users.js';
import { written } from '../harness/settings.js';

interface Reply {
  ok?: Record<string, unknown>;
  err?: Record<string, unknown>;
}

describe.each(tools.etcds)('profiles ($name)', ({ command }) => {
  let cluster: TestCluster;
  let dispatcher: Dispatcher;
  let dir: string;
  const waiting = new Map<number, (reply: Reply) => void>();
  const said: string[] = [];
  const profiles: string[] = [];
  let serial = 0;

  const ask = (method: string, params: object): Promise<Reply> => {
    const id = ++serial;
    dispatcher.receive([id, method, params, 5000]);
    return new Promise((resolve) => waiting.set(id, resolve));
  };
  const put = (name: string, text: string, more: object = {}): Promise<Reply> => {
    const file = join(dir, `w${++serial}`);
    writeFileSync(file, text);
    return ask('put', { name, file, ...more });
  };

  beforeAll(async () => {
    cluster = await startCluster({ command });
    await enableAuth(cluster.inspect(), [{ type: 'READWRITE', key: '/app/', rangeEnd: '/app0' }]);
    await cluster.login(ROOT.user, ROOT.password);
    dir = mkdtempSync(join(tmpdir(), 'etcd-vim-profiles-'));
    dispatcher = createDispatcher((frame) => {
      said.push(JSON.stringify(frame));
      waiting.get(frame[0])?.(frame[1] as Reply);
    });
    await ask('hello', { protocol: 1, dir });
    const { endpoints } = cluster;
    const alice = { endpoints, user: ALICE.user };
    const known = { ...alice, password: ALICE.password };
    const careful = { ...known, confirm: true };
    const configured = { '': alice, rooted: { ...known, root: '/app' }, fixed: { ...alice, readonly: true }, careful };
    profiles.push(...Object.keys(configured));
    expect(await ask('configure', written(configured))).toMatchObject({
      ok: { profiles: expect.arrayContaining([{ name: '', endpoints, user: ALICE.user }]) as object },
    });
  });
  afterAll(async () => {
    dispatcher.close();
    rmSync(dir, { recursive: true, force: true });
    await cluster.close();
  });

  it('say which password of which profile they want, and take it; nobody repeats it', async () => {
    const refused = { code: 'unauthenticated', wants: 'password' };
    expect(await ask('open', { name: 'etcd:/app/x' })).toMatchObject({ err: { ...refused, profile: '' } });
    expect(await ask('open', { name: 'etcd://fixed/app/x' })).toMatchObject({ err: { ...refused, profile: 'fixed' } });
    await ask('login', { profile: '', what: 'password', secret: 'hunter2' });
    expect(await ask('open', { name: 'etcd:/app/x' })).toMatchObject({ err: { ...refused, profile: '' } });
    for (const profile of ['', 'fixed'])
      expect(await ask('login', { profile, what: 'password', secret: ALICE.password })).toEqual({ ok: {} });
    expect(await ask('open', { name: 'etcd:/app/x' })).toMatchObject({ ok: { kind: 'new', readonly: false, stale: false } });
    const { ok } = await ask('log', {});
    expect(`${JSON.stringify(ok)}${said.join('')}`).not.toMatch(/hunter2|\$HOME/);
  });

  it('open their root by their bare address, and prefixes that only the roles know', async () => {
    await put('etcd:/app/x', 'one');
    expect(await ask('open', { name: 'etcd://rooted' })).toMatchObject({
      ok: { kind: 'prefix', address: 'etcd://rooted/app/', scoped: false },
    });
    for (const stream of [false, true]) {
      const { ok } = await ask('open', { name: 'etcd:/', stream });
      expect(ok).toMatchObject({ kind: 'prefix', count: 1, scoped: true });
      expect(ok).toMatchObject({
        revision: expect.stringMatching(/^[1-9]/) as string,
        cluster_id: expect.stringMatching(/^[1-9]/) as string,
      });
      expect(await ask('open', { name: 'etcd:/app/nothing/', stream })).toMatchObject({ ok: { count: 0, cluster_id: ok?.['cluster_id'] } });
    }
    expect(await ask('open', { name: 'etcd:/app' })).toMatchObject({ ok: { kind: 'prefix', address: 'etcd:///app/' } });
    expect(await ask('open', { name: 'etcd:/other' })).toMatchObject({ err: { code: 'permission_denied' } });
  });

  it('that want a question refuse a put that nobody was asked about, forced or not', async () => {
    const name = 'etcd://careful/app/careful';
    const why = expect.stringContaining('profile careful wants a question before each write') as string;
    for (const force of [false, true])
      expect(await put(name, 'unasked', { force })).toMatchObject({ err: { code: 'permission_denied', message: why } });
    expect(await ask('open', { name })).toMatchObject({ ok: { kind: 'new' } });
    expect(await put(name, 'asked', { asked: true })).toMatchObject({ ok: { bytes: 5, created: true } });
  });

  it('that are read-only refuse a put, forced or not', async () => {
    const why = expect.stringContaining('profile fixed is read-only') as string;
    expect(await ask('open', { name: 'etcd://fixed/app/x' })).toMatchObject({ ok: { kind: 'key', readonly: true } });
    for (const force of [false, true]) {
      expect(await put('etcd://fixed/app/x', 'two', { force })).toMatchObject({ err: { code: 'permission_denied', message: why } });
    }
  });

  it('show the sides of a conflict', async () => {
    const opened = (await ask('open', { name: 'etcd:/app/x' })).ok as unknown as Opened;
    const { address, mod_revision, digest, cluster_id, create_revision, lease } = opened;
    const now = await cluster.inspect().put('/app/x', 'theirs');
    const base = { address, mod_revision, digest, cluster_id, create_revision, lease };
    expect(await put('etcd:/app/x', 'mine', { base })).toMatchObject({ err: { code: 'conflict', theirs_revision: now } });
    const { ok } = await ask('theirs', { name: 'etcd:/app/x', base_revision: mod_revision });
    const sides = ok as { theirs: { file: string; mod_revision: string }; base: { file: string } };
    expect(readFileSync(sides.theirs.file, 'utf8')).toBe('theirs');
    expect(readFileSync(sides.base.file, 'utf8')).toBe('one');
    expect(sides.theirs.mod_revision).toBe(now);
    expect(await put('etcd:/app/x', 'mine', { base, force: true })).toMatchObject({ ok: { version: '3', create_revision, lease: '0' } });
    await cluster.inspect().delete('/app/x');
    expect(await ask('theirs', { name: 'etcd:/app/x', base_revision: '999999' })).toMatchObject({ ok: { theirs: null, base: null } });
  });

  it('tell their status, as far as the user may know it', async () => {
    const { ok } = await ask('status', { profile: '' });
    expect(ok).toMatchObject({ user: ALICE.user, alarms: [], endpoints: [{ reachable: true, in_use: true, error: '' }] });
    // Since 3.5.28 only root may see the status of a member.
    const error = (ok as { denied: string[] }).denied.includes('status') ? 'this user may not see its status' : '';
    expect(ok).toMatchObject({ members: [{ error, id: expect.stringMatching(/^[0-9a-f]{1,16}$/) as string }] });
    expect(await ask('health', {})).toMatchObject({ ok: { lines: [{}, ...profiles.map(() => ({ level: 'ok' }))] } });
  });
});
