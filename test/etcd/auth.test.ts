/** Users on real servers: login, expiry, and what happens when a password is missing or wrong. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSecret, type Client, type SecretSource } from '../../src/client/index.js';
import { readKey } from '../../src/keyspace/document.js';
import { writeKey } from '../../src/keyspace/write/save.js';
import { createClient } from '../harness/client.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { tools } from '../harness/tools.js';
import { addGrant, ALICE, changePassword, enableAuth, ROOT } from '../harness/users.js';
import { options } from './servers.js';

const opened: Client[] = [];

function clientOf({ endpoints }: TestCluster, user: string, password: SecretSource): Client {
  const client = createClient({ endpoints, credentials: { user, password } });
  opened.push(client);
  return client;
}

const given = (password: string): SecretSource => openSecret({ what: 'password', given: password });
const asked = (): SecretSource => openSecret({ what: 'password' });
const app = { type: 'READWRITE', key: '/app/', rangeEnd: '/app0' } as const;

function users(title: string, flags: () => string[], body: (cluster: () => TestCluster) => void): void {
  describe.each(tools.etcds)(`${title} ($name)`, ({ command }) => {
    let cluster: TestCluster;
    beforeAll(async () => {
      cluster = await startCluster({ command, flags: flags() });
      await cluster.inspect().put('/app/x', 'value');
      await enableAuth(cluster.inspect(), [app]);
      await cluster.login(ROOT.user, ROOT.password);
    });
    afterAll(async () => {
      await Promise.all(opened.splice(0).map((client) => client.close()));
      await cluster.close();
    });
    body(() => cluster);
  });
}

async function value(client: Client, key = '/app/x'): Promise<string | undefined> {
  return (await readKey(client, key, undefined, options)).kv?.value.toString();
}

users(
  'users',
  () => ['--auth-token-ttl', '1'],
  (cluster) => {
    it('are logged in, read, write, and are told what they may not', async () => {
      const alice = clientOf(cluster(), ALICE.user, given(ALICE.password));
      expect(await value(alice)).toBe('value');
      expect(await writeKey(alice, { key: '/app/new', value: Buffer.from('1'), force: false }, options)).toMatchObject({ created: true });
      await expect(value(alice, '/other')).rejects.toMatchObject({ code: 'permission_denied', message: 'permission denied to user alice' });
      await expect(writeKey(alice, { key: '/other', value: Buffer.from('1'), force: false }, options)).rejects.toMatchObject({
        code: 'permission_denied',
        indefinite: false,
      });
    });

    it('without a user the error says to set one', async () => {
      const nobody = createClient({ endpoints: cluster().endpoints });
      await expect(value(nobody)).rejects.toMatchObject({
        code: 'unauthenticated',
        wants: undefined,
        subject: { reason: 'no_user' },
      });
      await nobody.close();
    });

    it('whose password nobody knows are asked for it, again when it was wrong, and then never again', async () => {
      const source = asked();
      const alice = clientOf(cluster(), ALICE.user, source);
      await expect(value(alice)).rejects.toMatchObject({ code: 'unauthenticated', wants: 'password' });
      source.answer('wrong');
      await expect(value(alice)).rejects.toMatchObject({
        code: 'unauthenticated',
        wants: 'password',
        message: expect.stringContaining('wrong') as string,
      });
      expect(await source.get({ end: performance.now() + 1000 })).toBeUndefined();
      source.answer(ALICE.password);
      expect(await value(alice)).toBe('value');
    });

    it('with a wrong password in the settings are not asked: the settings are wrong', async () => {
      const alice = clientOf(cluster(), ALICE.user, given('wrong'));
      await expect(value(alice)).rejects.toMatchObject({ code: 'unauthenticated', wants: undefined });
    });

    it('do not notice that a token expires, of reads and of puts', async () => {
      const alice = clientOf(cluster(), ALICE.user, given(ALICE.password));
      const { header, kv } = await readKey(alice, '/app/x', undefined, options);
      const base = { modRevision: kv?.modRevision ?? '', digest: '', clusterId: header.clusterId };
      // The server's own clock of one second, which it checks each second.
      await pause(2500);
      const written = await writeKey(alice, { key: '/app/x', value: Buffer.from('value'), base, force: false }, options);
      await pause(2500);
      expect((await readKey(alice, '/app/x', undefined, options)).kv).toMatchObject({ modRevision: written.modRevision });
    });

    it('whose password changes log in with the new one that a command prints', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-secret-'));
      const file = join(dir, 'password');
      const write = (text: string): void => void execFileSync('sh', ['-c', 'printf "%s\\n" "$1" > "$2"', 'sh', text, file]);
      write(ALICE.password);
      const alice = clientOf(cluster(), ALICE.user, openSecret({ what: 'password', command: ['cat', file] }));
      expect(await value(alice)).toBe('value');
      await cluster().login(ROOT.user, ROOT.password);
      await changePassword(cluster().inspect(), ALICE.user, 'new');
      write('new');
      expect(await value(alice)).toBe('value');
      // On a busy machine the administrator's own token has lived for a second by now.
      await cluster().login(ROOT.user, ROOT.password);
      await changePassword(cluster().inspect(), ALICE.user, ALICE.password);
      rmSync(dir, { recursive: true });
    });
  },
);

describe('a cluster without users', () => {
  it.each(tools.etcds)('does not mind a user who is set ($name)', async ({ command }) => {
    const cluster = await startCluster({ command });
    const client = clientOf(cluster, 'alice', given('x'));
    expect(await value(client)).toBeUndefined();
    // It is turned on later, so a login is due.
    await enableAuth(cluster.inspect(), [app]);
    await expect(value(client)).rejects.toMatchObject({ code: 'unauthenticated' });
    await client.close();
    await cluster.close();
  });

  it.each(tools.etcds)('that takes the place of one with users drops the token, and a put is refused ($name)', async ({ command }) => {
    const cluster = await startCluster({ command });
    await enableAuth(cluster.inspect(), [app]);
    const alice = clientOf(cluster, ALICE.user, given(ALICE.password));
    const made = await writeKey(alice, { key: '/app/y', value: Buffer.from('1'), force: false }, options);
    await cluster.swap();
    const base = { modRevision: made.modRevision, digest: made.digest, clusterId: made.clusterId };
    const put = { key: '/app/y', value: Buffer.from('2'), base, force: false };
    await expect(writeKey(alice, put, { budget: 10_000 })).rejects.toMatchObject({ code: 'cluster_changed' });
    expect(await cluster.inspect().get('/app/y')).toBeUndefined();
    await expect(writeKey(alice, { ...put, force: true }, options)).rejects.toMatchObject({ code: 'cluster_changed' });
    expect(await cluster.inspect().get('/app/y')).toBeUndefined();
    const told = { ...put, base: { ...base, clusterId: '' }, force: true };
    expect(await writeKey(alice, told, options)).toMatchObject({ created: true });
    await cluster.close();
  });
});

const keys = mkdtempSync(join(tmpdir(), 'etcd-vim-jwt-'));
afterAll(() => rmSync(keys, { recursive: true }));

function jwt(): string[] {
  const [priv, pub] = [join(keys, 'private.pem'), join(keys, 'public.pem')];
  execFileSync('openssl', ['genrsa', '-out', priv, '2048'], { stdio: 'ignore' });
  execFileSync('openssl', ['rsa', '-in', priv, '-pubout', '-out', pub], { stdio: 'ignore' });
  // Tokens end with a whole second. With ttl=1s some would live only for a few ms.
  return ['--auth-token', `jwt,pub-key=${pub},priv-key=${priv},sign-method=RS256,ttl=2s`];
}

users('users with JWT', jwt, (cluster) => {
  it('do not notice that a token expires, nor that roles change', async () => {
    const alice = clientOf(cluster(), ALICE.user, given(ALICE.password));
    expect(await value(alice)).toBe('value');
    await pause(2500);
    expect(await value(alice)).toBe('value');
    await cluster().login(ROOT.user, ROOT.password);
    await addGrant(cluster().inspect(), { type: 'READ', key: '/extra' });
    expect(await value(alice, '/extra')).toBeUndefined();
  });
});
