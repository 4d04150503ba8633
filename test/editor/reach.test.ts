/** What the user sees when there is no etcd, no Node, no build, or the host dies. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import { freePort, startEtcd, type TestEtcd } from '../harness/etcd.js';
import { muteServer } from '../harness/mute.js';
import { inOneOfEach } from './editors.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const failed = "get(get(b:, 'etcd', {}), 'kind', '') ==# 'failed'";
const fill = async (etcd: TestEtcd): Promise<void> => {
  await etcd.put('/r/x', 'value');
};

/** The host's pid, as the operating system has it. */
async function hostPid(editor: Editor): Promise<number> {
  const pid = await editor.eval<number>("str2nr(matchstr(etcd#verb#health#lines()[2][1], 'pid \\zs\\d\\+'))");
  expect(pid).toBeGreaterThan(1);
  return pid;
}

/** @returns the parent's pid, 0 if the process has gone */
function parentOf(pid: number): number {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) . /s, '')
        .split(' ')[0],
    );
  } catch {
    return 0;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

inOneOfEach('reach', fill, ({ open, etcd }) => {
  async function refusal(endpoints: string[], line: RegExp): Promise<void> {
    const editor = await open({ endpoints, size: { columns: 200, rows: 24 } });
    await editor.type(':e etcd:/r/x<CR>');
    await editor.settled(failed);
    expect(await editor.untilScreen(line)).toSatisfy(
      (rows: string[]) => rows.filter((row) => /etcd: |Error|function/.test(row)).length === 1,
    );
    expect(await editor.eval("[&modifiable, &readonly, &modified, getline(1, '$')]")).toEqual([0, 1, 0, ['']]);
    await expect(editor.ex('write!')).rejects.toThrow(/could not be read, so there is nothing to compare with/);
  }

  it('nothing is listening', async () => {
    await refusal(
      [`127.0.0.1:${await freePort()}`],
      /^etcd: cannot read etcd:\/r\/x \(http:\/\/127.0.0.1:\d+\): nothing is listening there; check/,
    );
  });

  it('something else is listening', async () => {
    const server = createServer((_, answer) => answer.end('<html>')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await refusal(
      [`127.0.0.1:${(server.address() as AddressInfo).port}`],
      /: no etcd JSON gateway answers there \(the answer is not JSON\); check the port/,
    );
    server.close();
  });

  it('an etcd without its gateway', async () => {
    const bare = await startEtcd(undefined, ['--enable-grpc-gateway=false']);
    await refusal([bare.endpoint], /: no etcd JSON gateway answers there \(HTTP 404\); check the port; the gateway may be off/);
    await bare.stop();
  });

  it('an endpoint that cannot be one', async () => {
    await refusal(['ftp://x'], /: endpoint "ftp:\/\/x": only http and https/);
  });

  it('what could not be read is no empty value for another key, unless it is forced', async () => {
    const editor = await open({ args: ['etcd:/r/?edit=foo'] });
    await editor.settled(failed);
    const refused = /cannot write etcd:\S*\/unread\/other: .*could not be read, so this text is empty/;
    await expect(editor.ex('write etcd:/unread/other')).rejects.toThrow(refused);
    await expect(editor.ex('1write etcd:/unread/other')).rejects.toThrow(refused);
    expect(await etcd().get('/unread/other')).toBeUndefined();
    await editor.ex('write! etcd:/unread/other');
    expect((await etcd().get('/unread/other'))?.value).toHaveLength(0);
  });

  it('takes the next endpoint, and g:etcd where the environment says nothing', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const editor = await open({ endpoints: [nobody, etcd().endpoint], args: ['etcd:/r/x'] });
    await editor.settled("getline(1) ==# 'value'");
    const other = await open({
      env: { ETCDCTL_ENDPOINTS: '' },
      rc: [`let g:etcd = {'endpoints': '${nobody},${etcd().endpoint}'}`],
      args: ['etcd:/r/x'],
    });
    await other.settled("getline(1) ==# 'value'");
    await other.ex("let g:etcd = {'endpoints': ['127.0.0.1:1']}");
    await other.ex('edit');
    expect(await other.eval(failed)).toBe(1);
  });

  it('reads again when etcd is back', async () => {
    const editor = await open({ endpoints: ['127.0.0.1:1'], args: ['etcd:/r/x'] });
    await editor.settled(failed);
    await editor.ex(`let $ETCDCTL_ENDPOINTS = '${etcd().endpoint}'`);
    await editor.ex('edit');
    expect(await editor.eval('[getline(1), &modifiable, &readonly]')).toEqual(['value', 1, 0]);
  });

  it('a profile that there is not', async () => {
    const editor = await open({ size: { columns: 200, rows: 24 } });
    await editor.type(':e etcd://r/x<CR>');
    await editor.untilScreen(/there is no profile "r"; a key of the default cluster is written etcd:\/r\//);
  });

  it('a profile', async () => {
    const editor = await open({
      endpoints: ['127.0.0.1:1'],
      rc: [`let g:etcd = {'profiles': {'staging': {'endpoints': ['${etcd().endpoint}']}}}`],
    });
    await editor.ex('edit etcd://staging/r/');
    expect(await editor.lines()).toEqual(['x']);
    await editor.type('<CR>');
    await editor.settled("bufname('%') ==# 'etcd://staging/r/x' && getline(1) ==# 'value'");
  });

  it('starts the host again when it was killed, and loses no text', async () => {
    // What follows etcd would start it at any time.
    const editor = await open({ args: ['etcd:/r/x'], rc: ["let g:etcd = {'watch': 0}"] });
    await editor.settled("getline(1) ==# 'value'");
    const pid = await hostPid(editor);
    process.kill(pid, 'SIGKILL');
    await editor.until("etcd#host#job#status() ==# ''");
    await editor.untilScreen(/etcd: the host process ended with status -?\d+; it starts again with the next command/);
    await editor.eval("setline(1, 'written after')");
    await editor.ex('write');
    expect((await etcd().get('/r/x'))?.value.toString()).toBe('written after');
    expect(await hostPid(editor)).not.toBe(pid);
    await etcd().put('/r/x', 'value');
  });

  it('tells everyone who waits when the host is killed, once, and a write that was under way is not taken for done', async () => {
    const mute = await muteServer();
    const editor = await open({ endpoints: [mute.endpoint], rc: ["let g:etcd = {'timeout': {'write': 300000}}"] });
    await editor.eval("setline(1, 'precious')");
    const asked = mute.asked();
    await editor.type(':w etcd:/r/y<CR>');
    await asked;
    for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && parentOf(Number(entry)) === editor.pid)) {
      process.kill(Number(name), 'SIGKILL');
    }
    await editor.settled("execute('messages') =~# 'the host process ended'");
    expect(await editor.eval('[getline(1), &modified]')).toEqual(['precious', 1]);
    const messages = await editor.eval<string>("execute('messages')");
    expect(messages.match(/the host process ended/g)).toHaveLength(1);
    expect(messages).toMatch(/do not know whether etcd:\/\/\/r\/y was written: the host process ended .*; the text is still here/);
    mute.close();
  });

  it('takes the host and the private directory away when the editor leaves or is killed', async () => {
    for (const kill of [false, true]) {
      const editor = await open({ args: ['etcd:/r/x'] });
      await editor.settled("getline(1) ==# 'value'");
      const pid = await hostPid(editor);
      const left = () => readdirSync(join(editor.home, 'run')).filter((name) => name.startsWith('etcd.vim-'));
      expect(left()).toHaveLength(1);
      expect(readdirSync(join(editor.home, 'run', left()[0] as string))).toEqual([]);
      if (kill) process.kill(editor.pid, 'SIGKILL');
      else await editor.type(':qa!<CR>');
      await editor.gone();
      await expect.poll(() => alive(pid) || left().length > 0, { timeout: 5000, interval: 5 }).toBe(false);
    }
  });

  it('says how to build when dist/ is missing, and which Node is needed', async () => {
    const editor = await open();
    const copy = join(editor.home, 'copy');
    for (const part of ['plugin', 'autoload', 'ftplugin', 'syntax', 'lua']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    await editor.ex(`set runtimepath-=${ROOT.replace(/\/$/, '')} runtimepath-=${ROOT} runtimepath^=${copy}`);
    await editor.ex('edit etcd:/r/x');
    expect(await editor.eval('b:etcd.error')).toBe(`etcd: it is not built yet; run: cd '${copy}' && npm ci --omit=dev`);
    await editor.ex("let g:etcd = {'node': '/no/such/node'}");
    await editor.ex('edit');
    expect(await editor.eval('b:etcd.error')).toMatch(/^etcd: Node.js 20.18 or newer is needed and not on \$PATH/);
    mkdirSync(join(copy, 'dist'));
    writeFileSync(join(copy, 'dist/main.cjs'), '');
    const old = join(editor.home, 'node');
    writeFileSync(old, '#!/bin/sh\n[ "$1" = --version ] && echo v18.20.0\nexit 3\n');
    chmodSync(old, 0o755);
    await editor.ex(`let g:etcd = {'node': '${old}'}`);
    await editor.ex('edit');
    expect(await editor.eval('b:etcd.error')).toMatch(
      /needs Node.js 20.18 or newer, and .*node is v18.20.0; install a newer one, or set g:etcd.node/,
    );
    rmSync(copy, { recursive: true });
  });

  it('the host does not see NODE_OPTIONS', async () => {
    const canary = join('/tmp', `etcd-vim-canary-${process.pid}-${Math.random().toString(36).slice(2)}`);
    const preload = `${canary}.cjs`;
    writeFileSync(preload, `require('fs').writeFileSync(${JSON.stringify(canary)}, '')`);
    const editor = await open({ env: { NODE_OPTIONS: `--require=${preload}`, NODE_TLS_REJECT_UNAUTHORIZED: '0' }, args: ['etcd:/r/x'] });
    await editor.settled("getline(1) ==# 'value'");
    expect(await editor.eval(`filereadable('${canary}')`)).toBe(0);
    rmSync(preload);
  });

  it(':Etcd health and :Etcd log say what is there', async () => {
    const editor = await open({ args: ['etcd:/r/x'] });
    await editor.settled("getline(1) ==# 'value'");
    await editor.ex('Etcd health');
    expect((await editor.lines()).join('\n')).toMatch(
      /OK +default profile: http:\/\/127.0.0.1:\d+ answers in .* ms, cluster \d+, revision \d+/,
    );
    await editor.ex('Etcd log');
    expect((await editor.lines()).join('\n')).toMatch(/ open \d+\.\d ms/);
  });
});
