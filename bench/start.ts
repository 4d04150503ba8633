/** What happens once in an editor: its start, and its first listing, with nothing started and with the host already started. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openTerminal } from '../test/harness/terminal.js';
import { bareNode } from './floor.js';
import type { Bench } from './main.js';
import { interleave } from './samples.js';
import { env, openSession, usual, type Check, type Side } from './session.js';
import { CHILDREN, PREFIX } from './keys.js';
import type { Row } from './table.js';

/** The start of the editor with the plugin beside the start without it. */
export async function measureStartup({ tool, ours, before, scratch, samples }: Bench): Promise<Row[]> {
  const start = (side: Side | undefined) => side && (() => startOnce(tool.command, side, scratch));
  const none = { rc: ['set nocompatible'], env: {} };
  const got = await interleave(2 * samples, 3, { ours: start(ours), floor: start(none), before: start(before) });
  return [{ measure: 'editor start', ours: got.ours, floor: got.floor, target: { times: 1, plus: 1 }, beside: { before: got.before } }];
}

/** @returns ms by the editor's own log. Neovim also logs the process with the screen; the one with the plugins ends last. */
async function startOnce(command: string, side: Side, scratch: string): Promise<number> {
  const home = join(scratch, 'start');
  mkdirSync(home);
  const [rc, log, left] = ['rc.vim', 'log', 'left'].map((name) => join(home, name)) as [string, string, string];
  const quit = 'autocmd VimEnter * call timer_start(0, {-> execute("qall!")})';
  writeFileSync(rc, [...side.rc, ...usual, quit, ''].join('\n'));
  const words = [command, '-u', rc, '-i', 'NONE', '--startuptime', log];
  const terminal = await openTerminal(['sh', '-c', '"$@"; : >"$0"', left, ...words], {
    ...{ ...env, HOME: home, TERM: 'screen-256color', LANG: 'C.UTF-8' },
    ...side.env,
  });
  while (!existsSync(left)) await pause(10);
  await terminal.close();
  const ends = [...readFileSync(log, 'utf8').matchAll(/^(\d+\.\d+) .*--- N?VIM STARTED ---$/gm)].map(([, ms]) => Number(ms));
  rmSync(home, { recursive: true });
  return Math.max(...ends);
}

/** The first listing of an editor. */
export async function measureCold({ tool, ours, before, peer, floor, etcd, samples }: Bench): Promise<Row[]> {
  const filled: Check = { check: 'line("$")', expect: CHILDREN };
  const first = (side: Side | undefined, scheme: string, typed?: string) =>
    side &&
    (async () => {
      const session = await openSession(tool, side);
      if (typed !== undefined) await session.begin(typed);
      return session.time(`edit ${scheme}:${PREFIX}`, filled).finally(session.close);
    });
  const rounds = Math.ceil(samples / 2);
  const cold = await interleave(rounds, 1, {
    ours: first(ours, 'etcd'),
    floor: () => bareNode('undici', etcd.endpoint, PREFIX),
    before: first(before, 'etcd'),
    'node host': first(peer, 'peer'),
    'node:http': () => bareNode('http', etcd.endpoint, PREFIX),
    'node -e 0': () => bareNode('nothing', etcd.endpoint, PREFIX),
  });
  // The command line starts the host at `etcd:`.
  const warm = await interleave(rounds, 1, {
    ours: first(ours, 'etcd', 'edit etcd:'),
    floor: () => floor.list(PREFIX),
    before: first(before, 'etcd', 'edit etcd:'),
  });
  const row = (measure: string, { ours: mine, floor: bare, ...beside }: typeof warm, plus: number): Row => {
    return { measure, ours: mine, floor: bare, target: { times: 1.5, plus }, beside };
  };
  return [row('first listing, nothing started', cold, 0), row('first listing, host started', warm, 2)];
}
