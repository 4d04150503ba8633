/** -lock: of several processes with one prefix, only so many are down at a time. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startEtcd, type TestEtcd } from '../../harness/etcd.js';
import { ETCDENV } from '../../harness/etcdenv.js';

let server: TestEtcd;
let dir: string;
let children: ChildProcess[] = [];
beforeAll(async () => void (server = await startEtcd()));
afterAll(() => server.stop());
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'etcdenv-'));
  writeFileSync(join(dir, 'log'), '');
  await server.put('/w/v', '1');
});
afterEach(async () => {
  await Promise.all(children.map((child) => new Promise((resolve) => void child.once('exit', resolve).kill('SIGTERM'))));
  children = [];
  rmSync(dir, { recursive: true });
});

/** Says in the log when it is up, and when it is told to end. That takes it a while. */
const APP = 'trap "echo down $ID >>$LOG; sleep 0.3; exit 0" TERM; echo "up $ID $V" >>$LOG; while :; do sleep 0.02; done';

function start(id: number, flags: string[]): void {
  const args = ['-host', server.endpoint, '-key=/w/', '-watch', '-wait=50ms:1s', '-lock=/locks/w', ...flags, 'sh', '-c', APP];
  const env = { PATH: process.env['PATH'], LOG: join(dir, 'log'), DIR: dir, ID: String(id) };
  children.push(spawn(ETCDENV, args, { env, stdio: ['ignore', 'ignore', 'inherit'] }));
}

function log(): string[] {
  return readFileSync(join(dir, 'log'), 'utf8').split('\n').slice(0, -1);
}

async function until(holds: () => boolean): Promise<void> {
  const watcher = watch(dir);
  try {
    while (!holds()) await new Promise((resolve) => watcher.once('change', resolve));
  } finally {
    watcher.close();
  }
}

const ups = (value: string): number => log().filter((line) => line.startsWith('up ') && line.endsWith(` ${value}`)).length;

/** The most processes that were down at once. */
function mostDown(lines: readonly string[]): number {
  let [down, most] = [0, 0];
  for (const line of lines) {
    down += line.startsWith('down') ? 1 : -1;
    most = Math.max(most, down);
  }
  return most;
}

it.each([1, 2])('of three no more are down than there are slots: %i', async (slots) => {
  for (const id of [1, 2, 3]) start(id, [`-slots=${slots}`, '-ready-after=200ms']);
  await until(() => ups('1') === 3);
  await server.put('/w/v', '2');
  await until(() => ups('2') === 3);
  expect(mostDown(log().slice(3))).toBe(slots);
});

it('what does not get ready holds the others back, until a change mends it', async () => {
  for (const id of [1, 2]) start(id, ['-ready=touch $DIR/asked; test $V != bad']);
  await until(() => ups('1') === 2);
  await server.put('/w/v', 'bad');
  await until(() => existsSync(join(dir, 'asked')) && log().length >= 4);
  expect(
    log()
      .slice(2)
      .map((line) => line.split(' ')[0]),
  ).toEqual(['down', 'up']);
  const broken = log()[3]?.split(' ')[1];
  await server.put('/w/v', 'good');
  await until(() => ups('good') === 2);
  const [first, ...rest] = log().slice(4);
  expect(first).toBe(`down ${broken}`);
  expect(mostDown([String(first), ...rest])).toBe(1);
  expect(ups('bad')).toBe(1);
});
