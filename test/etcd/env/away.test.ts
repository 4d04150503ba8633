/** -watch: what happens to a change if etcd is away, or comes late, or if a command fails. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createClient, fromEnvironment } from '../../../src/library/index.js';
import { startCluster, type TestCluster } from '../../harness/cluster.js';
import { deafServer } from '../../harness/deaf.js';
import { etcdenv, ETCDENV } from '../../harness/etcdenv.js';
import { atAnswer, atRequest, NOWHERE } from '../../fault/moments.js';
import { startRelay } from '../../harness/relay.js';
import { startWatched, type Watched } from '../../harness/watched.js';

const APP = 'echo "v=$V"; exec sleep 1000';
let cluster: TestCluster;
const running: Watched[] = [];
beforeAll(async () => void (cluster = await startCluster({})));
afterAll(() => cluster.close());
afterEach(() => {
  // A failed test leaves etcd stopped, and the next ones would fail because of it.
  cluster.resume(0);
  for (const { child } of running.splice(0)) child.kill('SIGTERM');
});

const put = async (value: string) => cluster.inspect().put('/w/v', value);
function watched(flags: string[], script = APP): Watched {
  const app = startWatched(cluster.endpoints[0] as string, flags, script);
  running.push(app);
  return app;
}

it('a change is not forgotten because etcd is away when it is read', async () => {
  await put('1');
  const relay = await startRelay(cluster.endpoints[0] as string);
  const isWatched = atAnswer(relay, '"created":true', () => undefined);
  const app = startWatched(relay.endpoint, ['-timeout=2s'], APP);
  running.push(app);
  await app.says('v=1');
  await isWatched;
  const isAway = atRequest(relay, '/v3/kv/txn', () => relay.lead(NOWHERE));
  await put('2');
  await isAway;
  await app.warns('trying again');
  relay.lead(cluster.endpoints[0] as string);
  await app.says('v=2');
  relay.close();
});

it('after a start without etcd, its first answer is a change, and goes into the cache', async () => {
  await put('1');
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-env-'));
  const cache = join(dir, 'cache');
  cluster.stop(0);
  const app = watched(['-fallback', '-timeout=1s', '-cache', cache]);
  await app.says('v=');
  cluster.resume(0);
  await app.says('v=1');
  expect(readFileSync(cache, 'utf8')).toContain('"/w/v"');
  rmSync(dir, { recursive: true });
});

it('a change during the pause before a restart starts the command once', async () => {
  await put('1');
  const app = watched(['-restart=on-failure'], 'echo "v=$V"; test $V != 1 || exit 3; exec sleep 1000');
  const clock = watched(['-restart=on-failure'], 'echo "tick"; exit 3');
  await app.says('v=1');
  await put('2');
  await app.says('v=2');
  // Longer than the pause was.
  for (let ticks = 0; ticks < 3; ticks++) await clock.says(/tick(?=\n)/);
  app.child.kill('SIGTERM');
  await app.ended();
  await expect(app.says('v=2\n')).rejects.toThrow('ended');
});

it('the reader ends with the shell that it was to read for', async () => {
  const mute = createServer().listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const args = ['-host', `127.0.0.1:${(mute.address() as AddressInfo).port}`, '-timeout=1h', 'true'];
  const asked = once(mute, 'connection');
  const child = spawn(ETCDENV, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await asked;
  child.kill('SIGTERM');
  // Only after nobody has its stdout any more.
  expect(await once(child, 'close')).toEqual([null, 'SIGTERM']);
  mute.close();
});

it('$ETCDCTL_DIAL_TIMEOUT says how long a connection may take, to the library as well', async () => {
  const deaf = await deafServer();
  const env = { ETCDCTL_ENDPOINTS: deaf.endpoint, ETCDCTL_DIAL_TIMEOUT: '100ms', ETCDCTL_COMMAND_TIMEOUT: '60s' };
  expect((await etcdenv(['-key=/'], { env })).stderr).toContain('no answer to the connection');
  for (const etcd of [fromEnvironment(env), createClient({ endpoints: deaf.endpoint, connectTimeout: 100, timeout: 60_000 })])
    await expect(etcd.get('/x')).rejects.toMatchObject({ code: 'unreachable', message: 'no answer to the connection' });
  deaf.close();
});
