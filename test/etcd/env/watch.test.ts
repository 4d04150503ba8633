/** -watch: what a change does to a real process, and what ends it. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { startEtcd, type TestEtcd } from '../../harness/etcd.js';
import { ETCDENV, run } from '../../harness/etcdenv.js';
import { openTerminal } from '../../harness/terminal.js';
import { startWatched, type Watched } from '../../harness/watched.js';

let server: TestEtcd;
const running: Watched[] = [];
beforeAll(async () => void (server = await startEtcd()));
afterAll(() => server.stop());
beforeEach(async () => {
  await server.put('/w/v', '1');
});
afterEach(() => {
  for (const { child } of running.splice(0)) child.kill('SIGTERM');
});

const APP = 'trap "echo ended; exit 0" TERM; trap "echo reload" HUP; echo "v=$V pid=$$"; while :; do sleep 0.02; done';

function watched(flags: string[], script = APP): Watched {
  const app = startWatched(server.endpoint, flags, script);
  running.push(app);
  return app;
}

it('starts it anew after a change, once the old one has ended, and only if the environment is another', async () => {
  const app = watched([]);
  await app.says('v=1');
  await server.put('/w/v', '1');
  await server.put('/w/deep/x', '1');
  await server.put('/w/v', '2');
  expect(await app.says('v=2')).toMatch(/^\nended\nv=2/);
  await server.put('/w/v', '3');
  expect(await app.says('v=3')).toMatch(/^\nended\nv=3/);
});

it('goes on with what it has after the prefix has become empty', async () => {
  const app = watched([]);
  await app.says('v=1');
  await server.put('/w/deep/x', '1');
  await server.delete('/w/v');
  await app.warns('all keys under /w/ are deeper; take them with -r or -path, or say -allow-empty; the command goes on with what it has');
  await server.put('/w/v', '4');
  expect(await app.says('v=4')).toMatch(/^\nended\nv=4/);
});

it('tells it, runs something, or ends', async () => {
  const told = watched(['-on-change=signal']);
  const runs = watched(['-on-change=run:echo "now $V"']);
  const ends = watched(['-on-change=exit']);
  for (const app of [told, runs, ends]) await app.says('v=1');
  await server.put('/w/v', '2');
  expect(await told.says('reload')).not.toContain('ended');
  expect(await runs.says('now 2')).not.toContain('ended');
  expect(await ends.ended()).toMatchObject({ code: 120 });
});

it('what a change runs ends with us, and has a shell also without a PATH', async () => {
  const app = watched(['-pristine', '-on-change=run:echo "now $V"; exec /bin/sleep 1000'], APP.replaceAll('sleep', '/bin/sleep'));
  await app.says('v=1');
  await server.put('/w/v', '2');
  await app.says('now 2');
  app.child.kill('SIGTERM');
  // Only after nobody has its stdout any more.
  expect(await app.ended()).toMatchObject({ code: 0 });
});

it('kills what the old one has left behind in its group', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-env-'));
  const fifo = join(dir, 'fifo');
  spawnSync('mkfifo', [fifo]);
  const left = createReadStream(fifo).resume();
  const [opened, closed] = [once(left, 'open'), once(left, 'close')];
  const script = `test $V != 1 || (trap "" TERM; exec sleep 1000 >${fifo}) & echo "v=$V"; exec sleep 1000`;
  const app = watched(['-kill-timeout=500ms'], script);
  await app.says('v=1');
  await opened;
  await server.put('/w/v', '2');
  await closed;
  await app.says('v=2');
  rmSync(dir, { recursive: true });
});

it('on a terminal, too, where it has no group of its own, and nothing that it has not started', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-env-'));
  const fifo = join(dir, 'fifo');
  spawnSync('mkfifo', [fifo]);
  const left = createReadStream(fifo).resume();
  const [opened, closed] = [once(left, 'open'), once(left, 'close')];
  // The second ends by itself, but what it has started would go on, even if that does not hear SIGTERM.
  const script = `test $V != 1 || (trap "" TERM; sleep 1000 >${fifo}) & echo "v=$V"; exec sleep 1000`;
  const words = ['-host', server.endpoint, '-key=/w/', '-watch', '-wait=50ms:1s', '-kill-timeout=500ms', 'sh', '-c', script];
  const line = [ETCDENV, ...words].map((word) => `'${word}'`).join(' ');
  // It is in the same group, like the other end of a pipe.
  const shell = `sleep 1000 & echo other=$!; ${line}`;
  const terminal = await openTerminal(['sh', '-c', shell], { PATH: process.env['PATH'] ?? '', HOME: dir, TERM: 'xterm' });
  const says = async (text: RegExp): Promise<string> =>
    vi.waitFor(async () => (await terminal.screen()).find((row) => text.test(row)) ?? Promise.reject(new Error('not yet')), 30_000);
  try {
    const other = Number(/\d+/.exec(await says(/^other=\d+$/)));
    await says(/^v=1$/);
    await opened;
    await server.put('/w/v', '2');
    await closed;
    await says(/^v=2$/);
    expect(process.kill(other, 0)).toBe(true);
    process.kill(other, 'SIGKILL');
  } finally {
    await terminal.close();
    rmSync(dir, { recursive: true });
  }
});

it('what is inherited stays bytes', async () => {
  const odd = `X=$(printf 'a\\377b'); export X; exec "$0" "$@"`;
  const args = [ETCDENV, '-host', server.endpoint, '-key=/w/', '-watch', 'printenv', 'X'];
  expect((await run('/bin/sh', ['-c', odd, ...args])).stdout).toEqual(Buffer.from('a\xffb\n', 'latin1'));
});

it('parts that another supervisor has left in the environment are not taken for its own', async () => {
  const words = ['-host', server.endpoint, '-key=/w/', '-watch', 'sh', '-c', 'echo "$V $ETCDENV_HANDED_1"'];
  const env = { ETCDENV_HANDED_1: 'old' };
  expect(await run(ETCDENV, words, { env })).toMatchObject({ code: 0, stdout: Buffer.from('1 old\n'), stderr: '' });
});

it('does not kill what ends in its time, which can be longer than a timer of Node', async () => {
  const app = watched(['-kill-timeout=1000h'], 'trap "sleep 0.3; echo left; exit 0" TERM; echo "v=$V"; while :; do sleep 0.02; done');
  await app.says('v=1');
  await server.put('/w/v', '2');
  expect(await app.says('v=2')).toMatch(/left\nv=2/);
});

it('kills what does not end', async () => {
  const app = watched(['-kill-timeout=100ms'], 'trap "" TERM; echo "v=$V"; while :; do sleep 0.02; done');
  await app.says('v=1');
  await server.put('/w/v', '2');
  await app.says('v=2');
  app.child.kill('SIGTERM');
  process.kill(-Number(childOf(app)), 'SIGKILL');
  expect(await app.ended()).toMatchObject({ signal: 'SIGKILL' });
});

it.each([
  ['exit 7', { code: 7, signal: null }],
  ['kill -PIPE $$', { code: 141, signal: null }],
  ['kill -SEGV $$', { code: null, signal: 'SIGSEGV' }],
])('ends as it does: %s', async (script, as) => {
  expect(await watched([], script).ended()).toMatchObject(as);
});

it.each(['SIGTERM', 'SIGINT'] as const)('%s ends it, and then us', async (signal) => {
  const app = watched([], APP.replace('TERM;', 'TERM INT;'));
  await app.says('v=1');
  app.child.kill(signal);
  expect(await app.ended()).toMatchObject({ code: 0, signal: null });
});

it('starts it again as -restart says', async () => {
  const app = watched(['-restart=on-failure'], 'echo "v=$V"; exit 3');
  await app.says('v=1');
  await app.says('v=1');
});

it('after a HUP that the command has taken for a reload it is started anew like any other', async () => {
  const app = watched([]);
  await app.says('v=1');
  app.child.kill('SIGHUP');
  await app.says('reload');
  await server.put('/w/v', '2');
  expect(await app.says('v=2')).toContain('ended');
});

it('a HUP ends a command that is to be there always, unless that ends by itself long after it', async () => {
  const always = ['-restart=always', '-kill-timeout=100ms'];
  const later = watched(always, 'trap "sleep 0.5; exit 3" HUP; echo "pid=$$"; while :; do sleep 0.02; done');
  const atOnce = watched(always, 'echo "pid=$$"; while :; do sleep 0.02; done');
  await Promise.all([later.says('pid='), atOnce.says('pid=')]);
  later.child.kill('SIGHUP');
  atOnce.child.kill('SIGHUP');
  expect(await atOnce.ended()).toMatchObject({ signal: 'SIGHUP' });
  await later.says(/\npid=/);
});

it('starts nothing without a first answer', async () => {
  expect(await watched(['-key=/zz/']).ended()).toMatchObject({
    code: 125,
    stderr: expect.stringContaining('nothing under /zz/') as string,
  });
});

function childOf({ child }: Watched): string {
  return readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
}
