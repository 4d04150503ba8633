/** From the shell, in scripts and across sessions. Each test is a row of doc/fidelity.md. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { TestEtcd } from '../../harness/etcd.js';
import { tools } from '../../harness/tools.js';
import { inEveryEditor } from '../editors.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

async function fill(etcd: TestEtcd): Promise<void> {
  await etcd.put('/s/a', 'alpha\n');
  await etcd.put('/s/b', 'beta\n');
}

inEveryEditor('fidelity: start', fill, ({ open, etcd }) => {
  const stored = async (key: string) => (await etcd().get(key))?.value.toString();

  /** Runs the editor as a script does, without a terminal. */
  async function script(
    args: string[],
    input = '',
    endpoint = etcd().endpoint,
  ): Promise<{ status: number | null; home: string; remove(): void }> {
    const probe = await open({ bare: true });
    const { command } = tools.editors.find(({ name }) => name === probe.name) as { command: string };
    const home = mkdtempSync(join(tmpdir(), 'etcd-vim-script-'));
    const rc = join(home, 'rc.vim');
    writeFileSync(rc, `set nocompatible hidden\nset runtimepath^=${ROOT}\nfiletype plugin on\n`);
    const env = { PATH: process.env['PATH'], HOME: home, ETCDCTL_ENDPOINTS: endpoint, TERM: 'dumb' };
    const { status } = spawnSync(command, ['-u', rc, '-i', 'NONE', '-n', ...args], {
      ...{ env, input, cwd: home },
      // A hanging editor may hear of SIGTERM and go on.
      ...{ timeout: 20_000, killSignal: 'SIGKILL' as const },
    });
    return { status, home, remove: () => rmSync(home, { recursive: true, force: true }) };
  }

  const kindOf = async () => (await open({ bare: true })).kind;

  it('vim etcd:/a etcd:/b', async () => {
    const editor = await open({ args: ['etcd:/s/a', 'etcd:/s/b'] });
    await editor.settled("bufname('%') ==# 'etcd:///s/a'");
    await editor.ex('next');
    expect(await editor.eval("[bufname('%'), getline(1)]")).toEqual(['etcd:///s/b', 'beta']);
  });

  it('vimdiff etcd:/a etcd:/b', async () => {
    const editor = await open({ args: ['-d', 'etcd:/s/a', 'etcd:/s/b'] });
    await editor.settled("winnr('$') == 2");
    expect(await editor.eval('map(range(1, 2), \'[bufname(winbufnr(v:val)), getwinvar(v:val, "&diff")]\')')).toEqual([
      ['etcd:///s/a', 1],
      ['etcd:///s/b', 1],
    ]);
  });

  it.each([
    ['before', ['runtime plugin/gzip.vim plugin/tarPlugin.vim plugin/zipPlugin.vim plugin/vimballPlugin.vim']],
    ['behind', []],
  ])('vim etcd:/x.tar etcd:/x.gz etcd:/x.zip, with the plugins for archives loaded %s ours', async (_, rc) => {
    const names = ['x.tar', 'x.gz', 'x.zip', 'x.vmb'].map((name) => `etcd:/s/${name}`);
    for (const name of names) await etcd().put(name.slice(5), 'text\n');
    const editor = await open({ args: ['-o', ...names], rc });
    await editor.settled("winnr('$') == 4 && getbufline(winbufnr(4), 1) ==# ['text']");
    const seen = 'map(range(1, 4), \'[getbufline(winbufnr(v:val), 1), getbufvar(winbufnr(v:val), "&buftype")]\')';
    expect(await editor.eval(seen)).toEqual(names.map(() => [['text'], 'acwrite']));
    await editor.ex("silent windo call setline(1, 'new') | write");
    for (const name of names) expect(await stored(name.slice(5))).toBe('new\n');
    expect(await editor.eval("execute('messages')")).not.toMatch(/E\d+:|[Ee]rror|\*\*/);
  });

  it('-M, and :set nomodifiable', async () => {
    const editor = await open({ args: ['-M', 'etcd:/s/a'] });
    await editor.settled("getline(1) ==# 'alpha'");
    expect(await editor.eval('[&modifiable, &write, &modified]')).toEqual([0, 0, 0]);
    await editor.ex('edit etcd:/s/');
    await editor.ex('edit etcd:/s/b');
    expect(await editor.eval('[getline(1), &modifiable]')).toEqual(['beta', 0]);
    await editor.ex('set modifiable | edit');
    expect(await editor.eval('[getline(1), &modifiable]')).toEqual(['beta', 1]);
  });

  it.each([
    ['-o', [[2, 1], 'col']],
    ['-O', [[2, 1], 'row']],
    ['-p', [[1, 2], 'leaf']],
  ])('%s, and -c', async (flag, layout) => {
    const editor = await open({ args: [flag, '-c', "let g:c = bufname('%')", 'etcd:/s/a', 'etcd:/s/b'] });
    await editor.settled("exists('g:c')");
    expect(await editor.eval("[[winnr('$'), tabpagenr('$')], winlayout()[0]]")).toEqual(layout);
    expect(await editor.eval('g:c')).toBe('etcd:///s/a');
    const texts = "map(['etcd:///s/a', 'etcd:///s/b'], 'getbufline(v:val, 1)')";
    expect(await editor.eval(texts)).toEqual([['alpha'], ['beta']]);
  });

  it('+N, +/pattern, -R', async () => {
    await etcd().put('/s/lines', 'one\ntwo\nthree\n');
    for (const [flag, line] of [
      ['+2', 2],
      ['+', 3],
      ['+/two', 2],
    ] as const) {
      const editor = await open({ args: ['-R', flag, 'etcd:/s/lines'] });
      await editor.settled("line('$') == 3");
      expect(await editor.eval("[line('.'), &readonly]")).toEqual([line, 1]);
    }
  });

  it('-es: a script edits and writes, and ends with 0', async () => {
    const run = await script(['-es', '-c', '%s/alpha/omega/', '-c', 'wq', 'etcd:/s/a']);
    expect([run.status, await stored('/s/a')]).toEqual([0, 'omega\n']);
    await etcd().put('/s/a', 'alpha\n');
    run.remove();
  });

  it('-es: a write that fails is an exit code other than 0', async () => {
    const run = await script(['-es', '-c', 'write etcd:/s/b', '-c', 'qall', 'etcd:/s/a']);
    expect(run.status).not.toBe(0);
    expect(await stored('/s/b')).toBe('beta\n');
    const unreachable = await script(['-es', '-c', "call setline(1, 'x')", '-c', 'write! etcd:/s/b', '-c', 'qall!'], '', '127.0.0.1:1');
    expect(unreachable.status).not.toBe(0);
    run.remove();
    unreachable.remove();
  });

  it('stdin into :w etcd:/x', async () => {
    await etcd().delete('/s/piped');
    const quiet = (await kindOf()) === 'nvim' ? '--headless' : '--not-a-term';
    const run = await script([quiet, '-c', 'write etcd:/s/piped', '-c', 'quit!', '-'], 'from a pipe\n');
    expect([run.status, await stored('/s/piped')]).toEqual([0, 'from a pipe\n']);
    run.remove();
  });

  it('what comes by itself when the editor leaves starts nothing', async () => {
    const quiet = (await kindOf()) === 'nvim' ? '--headless' : '--not-a-term';
    const ask = "try | call etcd#host#rpc#ask('log', {}, {reply -> 0}) | catch /^etcd:/ | endtry";
    const late = `autocmd VimLeave * call timer_start(0, {-> execute("${ask}")})`;
    const run = await script([quiet, '-c', 'edit etcd:/s/a', '-c', late, '-c', 'quit!']);
    expect(run.status).toBe(0);
    run.remove();
  });

  it(':mksession and restore', async () => {
    const editor = await open({ args: ['-o', 'etcd:/s/a', 'etcd:/s/b'] });
    await editor.settled("winnr('$') == 2");
    const session = join(editor.home, 'session.vim');
    await editor.ex('tabnew etcd:/s/');
    await editor.ex(`mksession ${session}`);
    await etcd().put('/s/a', 'alpha, changed since\n');
    const restored = await open({ args: ['-S', session] });
    await restored.settled("tabpagenr('$') == 2");
    const windows = "map(range(1, 2), 'bufname(tabpagebuflist(1)[v:val - 1])')";
    expect((await restored.eval<string[]>(windows)).sort()).toEqual(['etcd:///s/a', 'etcd:///s/b']);
    expect(await restored.eval("[getbufline('etcd:///s/a', 1), getbufvar('etcd:///s/a', 'etcd').kind]")).toEqual([
      ['alpha, changed since'],
      'key',
    ]);
    expect(await restored.eval("getbufvar(tabpagebuflist(2)[0], 'etcd').kind")).toBe('prefix');
    await etcd().put('/s/a', 'alpha\n');
  });

  it('a session that cannot be read leaves nothing that could be written', async () => {
    const editor = await open({ args: ['etcd:/s/a'] });
    await editor.settled("getline(1) ==# 'alpha'");
    const session = join(editor.home, 'session.vim');
    await editor.ex(`mksession ${session}`);
    const restored = await open({ args: ['-S', session], endpoints: ['127.0.0.1:1'] });
    await restored.settled("get(get(b:, 'etcd', {}), 'kind', '') ==# 'failed'");
    await restored.ex(`let $ETCDCTL_ENDPOINTS = '${etcd().endpoint}'`);
    await expect(restored.ex('write!')).rejects.toThrow(/could not be read/);
    expect(await stored('/s/a')).toBe('alpha\n');
  });

  it(':oldfiles', async () => {
    const history = join(mkdtempSync(join(tmpdir(), 'etcd-vim-history-')), 'history');
    const first = await open({ history, args: ['etcd:/s/a'] });
    await first.settled("getline(1) ==# 'alpha'");
    await first.type('G:qa<CR>');
    await first.gone();
    expect(existsSync(history)).toBe(true);
    const second = await open({ history });
    expect(await second.eval('v:oldfiles')).toContain('etcd:///s/a');
    await second.ex("execute 'edit' fnameescape(v:oldfiles[index(v:oldfiles, 'etcd:///s/a')])");
    expect(await second.lines()).toEqual(['alpha']);
    rmSync(join(history, '..'), { recursive: true });
  });
});
