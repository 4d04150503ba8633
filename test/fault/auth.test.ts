/** Tokens that end, tokens of another cluster, and what a user may not do. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { it } from 'vitest';
import { openSecret, type ClusterSettings } from '../../src/client/index.js';
import type { Method } from '../../src/host/protocol.js';
import { startCluster, type TestCluster } from '../harness/cluster.js';
import { startRelay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { addGrant, ALICE, changePassword, enableAuth, ROOT } from '../harness/users.js';
import { openHost } from './host.js';
import { row } from './ledger.js';
import { bounds } from './trials.js';
import { openWriter } from './writer.js';

const app = { type: 'READWRITE', key: '/app/', rangeEnd: '/app0' } as const;
const alice = (endpoints: string[], password = ALICE.password): ClusterSettings => ({
  endpoints,
  credentials: { user: ALICE.user, password: openSecret({ what: 'password', given: password }) },
});

async function withUsers(command: string, flags: string[]): Promise<TestCluster> {
  const cluster = await startCluster({ command, flags });
  await fill(cluster);
  return cluster;
}

async function fill(cluster: TestCluster): Promise<void> {
  await enableAuth(cluster.inspect(), [app]);
  await cluster.login(ROOT.user, ROOT.password);
  await cluster.inspect().put('/app/x', 'first');
}

/** A second is the shortest time that etcd has. A JWT ends with a full second, so it gets two; else a new one might have no time at all. */
function tokens(dir: string): Record<string, string[]> {
  const [secret, open] = [join(dir, 'private.pem'), join(dir, 'public.pem')];
  execFileSync('openssl', ['genrsa', '-out', secret, '2048'], { stdio: 'ignore' });
  execFileSync('openssl', ['rsa', '-in', secret, '-pubout', '-out', open], { stdio: 'ignore' });
  const jwt = `jwt,pub-key=${open},priv-key=${secret},sign-method=RS256,ttl=2s`;
  return { simple: ['--auth-token-ttl', '1'], jwt: ['--auth-token', jwt] };
}

/** Root's token ends after a second, too. If the machine stood still that long, it tries once more. */
async function asRoot(cluster: TestCluster, change: () => Promise<void>): Promise<void> {
  await cluster.login(ROOT.user, ROOT.password);
  await change().catch(async (error: unknown) => {
    if (!String(error).includes('invalid auth token')) throw error;
    await cluster.login(ROOT.user, ROOT.password);
    await change();
  });
}

/** Mutant: isExpiry() of src/client/auth.ts answering false: the first request with a dead token fails. */
it.each(tools.etcds)('token-expiry ($name): one silent login, and one clear error', bounds, async ({ name, command }) => {
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-jwt-'));
  await row('token-expiry', name, async (ledger) => {
    ledger.promise({ trials: 2 * ledger.wanted });
    for (const [kind, flags] of Object.entries(tokens(dir))) {
      const cluster = await withUsers(command, flags);
      const relay = await startRelay(cluster.endpoints[0] as string);
      let logins = 0;
      relay.onRequest = (piece) => {
        if (piece.includes('/v3/auth/authenticate')) logins++;
      };
      const writer = openWriter(alice([relay.endpoint]));
      try {
        for (let trial = 0; trial < ledger.wanted; trial++) {
          let base = await writer.read('/app/x');
          logins = 0;
          await pause(2100);
          const expired = await writer.write('/app/x', `${kind} ${trial}`, base);
          ledger.hold(expired.revision !== undefined, `${kind}, expired: ${expired.error?.message}`);
          ledger.hold(logins === 1, `${kind}, expired: ${logins} logins`);
          if (logins > 0) ledger.hit();
          base = await writer.read('/app/x');
          logins = 0;
          await asRoot(cluster, () => addGrant(cluster.inspect(), { type: 'READ', key: `/extra/${trial}` }));
          const granted = await writer.write('/app/x', `${kind} ${trial} granted`, base);
          ledger.hold(granted.revision !== undefined && logins <= 1, `${kind}, role changed: ${granted.error?.message}, ${logins} logins`);
          base = await writer.read('/app/x');
          await asRoot(cluster, () => changePassword(cluster.inspect(), ALICE.user, 'another'));
          const changed = await writer.write('/app/x', `${kind} ${trial} changed`, base);
          ledger.hold(
            changed.revision !== undefined ? kind === 'jwt' : /wrong password, or no user alice/.test(changed.error?.message ?? ''),
            `${kind}, password changed: ${changed.error?.code} ${changed.error?.message}`,
          );
          await asRoot(cluster, () => changePassword(cluster.inspect(), ALICE.user, ALICE.password));
          ledger.tried(expired.ms);
        }
      } finally {
        await writer.client.close();
        relay.close();
        await cluster.close();
      }
    }
  }).finally(() => rmSync(dir, { recursive: true }));
});

/**
 * Mutant: `drop(sent)` after a timeout left out of openAuth() in src/client/auth.ts: etcd waits until its log is as long as the
 * other cluster's was, and every request hangs.
 */
it.each(tools.etcds)('token-foreign ($name): no hang over the budget', bounds, async ({ name, command }) => {
  await row('token-foreign', name, async (ledger) => {
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const cluster = await withUsers(command, []);
      const relay = await startRelay(cluster.endpoints[0] as string);
      const sent: string[] = [];
      relay.onRequest = (piece) =>
        sent.push(...[...piece.toString('latin1').matchAll(/^authorization: *(\S+)/gim)].map(([, it = '']) => it));
      const writer = openWriter(alice([relay.endpoint]));
      try {
        for (let i = 0; i < 100; i++) await cluster.inspect().put('/app/x', String(i));
        // A token says how long the log was, so it is fetched when the log is long.
        await writer.read('/app/x');
        const [foreign = ''] = sent.splice(0).slice(-1);
        await cluster.swap();
        await fill(cluster);
        const began = performance.now();
        const base = await writer.read('/app/x').catch((error: unknown) => (error as Error).message);
        const ms = performance.now() - began;
        if (foreign !== '' && sent[0] === foreign) ledger.hit();
        ledger.hold(typeof base === 'object', `${trial}: ${JSON.stringify(base)}`);
        ledger.hold(sent.length > 1 && sent.at(-1) !== foreign, `${trial}: no login at the other cluster`);
        ledger.hold(ms < 5500, `${trial}: took ${ms.toFixed(0)} ms of a budget of 5000`);
        ledger.tried(ms);
      } finally {
        await writer.client.close();
        relay.close();
        await cluster.close();
      }
    }
  });
});

const denied: [Method, object, string?][] = [
  ['open', { name: 'etcd:/other/key' }],
  ['open', { name: 'etcd:/other/key?rev=2' }],
  ['open', { name: 'etcd:/other/' }],
  ['read', { name: 'etcd:/other/key' }],
  ['put', { name: 'etcd:/other/key' }, 'new'],
  ['put', { name: 'etcd:/other/key', force: true }, 'forced'],
  ['put', { name: 'etcd:/other/key', append: true }, 'appended'],
  ['put', { name: 'etcd:/other/key', append: true, force: true }, 'appended by force'],
  ['put', { name: 'etcd:/other/absent' }, 'new'],
  ['preview', { name: 'etcd:/other/key' }, 'new'],
  ['theirs', { name: 'etcd:/other/key', base_revision: '2' }],
  ['complete', { text: 'etcd:/other/k', max: 10 }],
];

/** Mutant: throwRefused() of src/client/auth.ts throwing the error as it is: nobody is told which user may not. */
it.each(tools.etcds)('perm ($name): what is denied is told by key and user, and nothing is written', bounds, async ({ name, command }) => {
  const cluster = await withUsers(command, []);
  await cluster.inspect().put('/other/key', 'theirs');
  const host = await openHost({ endpoints: cluster.endpoints, user: ALICE.user, password: ALICE.password });
  await row('perm', name, async (ledger) => {
    ledger.promise({ trials: denied.length });
    for (const [method, params, text] of denied) {
      const { err, ok } = await host.ask(method, params, text);
      const told = err?.message ?? JSON.stringify(ok);
      ledger.tried();
      if (err?.code === 'permission_denied') ledger.hit();
      ledger.hold(err?.code === 'permission_denied', `${method} ${JSON.stringify(params)}: ${told}`);
      ledger.hold(/etcd:\/other\//.test(told) && /user alice/.test(told), `${method} ${JSON.stringify(params)}: ${told}`);
    }
    const { ok } = await host.ask('put', { name: 'etcd:/app/mine' }, 'mine');
    ledger.hold(ok !== undefined, 'what is allowed is refused');
    ledger.hold((await cluster.inspect().get('/other/key'))?.version === '1', 'the key was written');
    ledger.hold((await cluster.inspect().get('/other/absent')) === undefined, 'a key was made');
  }).finally(async () => {
    host.close();
    await cluster.close();
  });
});
