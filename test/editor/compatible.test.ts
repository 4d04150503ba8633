/** Whatever 'cpoptions' and 'compatible' are, everything works. */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { PATH } from '../harness/editor.js';
import type { TestEtcd } from '../harness/etcd.js';
import { openTerminal } from '../harness/terminal.js';
import { PATIENCE } from '../harness/tmux.js';
import { inEveryEditor } from './editors.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const fill = async (etcd: TestEtcd): Promise<void> => {
  await etcd.put('/c/one', 'first');
  await etcd.put('/c/two', 'second');
};

/** What a test needs after 'compatible'. */
const AFTER = 'set hidden cmdheight=4 shortmess+=I nomore wildchar=<Tab> wildmode=full';

inEveryEditor('compatible', fill, ({ open, etcd, tool }) => {
  const settings = [
    // With it, Neovim's own plugins do not load.
    ['cpo+=C', [tool.kind === 'nvim' ? 'autocmd VimEnter * set cpoptions+=C' : 'set cpoptions+=C']],
    ['cpo+=S', ['silent! set cpoptions+=S']],
    // Neovim has lost these.
    ...(tool.kind === 'nvim'
      ? []
      : ([
          ['cpo+=<', ['set cpoptions+=<']],
          ['compatible', ['set compatible', AFTER]],
        ] as const)),
  ] as const;

  it.each(settings)('%s: listings, their keys, completion and values', async (_, rc) => {
    const editor = await open({ rc: [...rc] });
    await editor.ex('edit etcd:/c/');
    await editor.settled("&filetype ==# 'etcd'");
    const cpoptions = await editor.eval('&cpoptions');
    await editor.type('<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///c/one'");
    await editor.ex('edit etcd:/c/');
    await editor.settled("bufname('%') ==# 'etcd:///c/'");
    await editor.type(':e etcd:/c/t<Tab><CR>');
    await editor.settled("bufname('%') ==# 'etcd:///c/two'");
    await editor.ex('buffer etcd:///c/one');
    await editor.eval("setline(1, 'changed')");
    await editor.ex('write');
    expect((await etcd().get('/c/one'))?.value.toString()).toBe('changed');
    await editor.ex('Etcd status');
    await editor.ex("call setbufvar('%', '&modifiable', 1) | call setline(1, 'old')");
    await editor.type('R');
    await editor.settled("getline(1) =~# '^profile'");
    expect(await editor.eval('&cpoptions')).toBe(cpoptions);
    expect(await editor.eval("execute('messages')")).not.toMatch(/E\d+:/);
  });

  it.skipIf(tool.kind === 'nvim')('says in one line that restricted mode starts no Node', async () => {
    const rc = join(tmpdir(), `etcd-vim-restricted-${process.pid}.vim`);
    writeFileSync(rc, `set nocompatible shortmess+=I runtimepath^=${ROOT}\n`);
    const env = { PATH, HOME: tmpdir(), TERM: 'screen-256color', LANG: 'C.UTF-8' };
    const terminal = await openTerminal([tool.command, '-Z', '-u', rc, '-i', 'NONE', 'etcd:/c/one.gz'], env, { columns: 80, rows: 24 });
    const told = /^etcd: Vim starts no Node in restricted mode \(-Z\)/;
    try {
      await expect.poll(() => terminal.screen(), { timeout: PATIENCE, interval: 5 }).toContainEqual(expect.stringMatching(told));
      expect((await terminal.screen()).join('\n')).not.toMatch(/E145|Error detected|Press ENTER|line +\d+:/);
      await terminal.send(':w etcd:/c/two\r');
      // The error of a write is the editor's own, and it has its own introduction.
      await expect.poll(() => terminal.screen(), { timeout: PATIENCE, interval: 5 }).toContainEqual(expect.stringMatching(/BufWriteCmd/));
      await expect.poll(() => terminal.screen(), { timeout: PATIENCE, interval: 5 }).toContainEqual(expect.stringMatching(told));
      expect((await terminal.screen()).join('\n')).not.toMatch(/E\d+:|line +\d+:/);
    } finally {
      await terminal.close();
      rmSync(rc);
    }
  });

  it('the keys of a listing go with its filetype', async () => {
    const editor = await open({ rc: ['silent! set cpoptions+=<'], args: ['etcd:/c/'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.ex('setlocal filetype=');
    expect(await editor.eval("map(['\\<CR>', '-', 'R', 'gf'], 'maparg(v:val, \"n\")')".replace("'\\<CR>'", '"\\<CR>"'))).toEqual([
      '',
      '',
      '',
      '',
    ]);
  });
});
