/** Files and directories whose names look like addresses: each stays what it is. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import type { TestEtcd } from '../harness/etcd.js';
import { inEveryEditor } from './editors.js';

async function fill(etcd: TestEtcd): Promise<void> {
  await etcd.put('/app/x', 'remote');
  await etcd.put('v3.5/s.vim', 'let g:ran = "remote"');
}

const homes: string[] = [];
/** netrw keeps a history beside the first directory of 'runtimepath'. */
const rc = ['let g:netrw_dirhistmax = 0'];
const FILES = { 'etcd:/app/f': 'local f', 'etcd:v3.5/s.vim': 'let g:ran = "local"', 'etcd:foo': 'local foo', 'sub/f': 'f' };

/** A directory to start in, whose files have names like addresses. */
function standHere(): string {
  const home = mkdtempSync(join(tmpdir(), 'etcd-vim-local-'));
  homes.push(home);
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), `${text}\n`);
  }
  return home;
}

const shown = (editor: Editor) => editor.eval("[bufname('%'), &filetype, getline(1)]");

inEveryEditor('local names', fill, ({ open, etcd }) => {
  afterEach(() => {
    for (const home of homes.splice(0)) rmSync(home, { recursive: true });
  });

  it('a directory of that name here does not take the address, and netrw still has all other directories', async () => {
    const home = standHere();
    const editor = await open({ rc, args: ['-o', 'etcd:/app', 'sub'], env: { HOME: home } });
    await editor.settled("&filetype ==# 'etcd'");
    expect(await shown(editor)).toEqual(['etcd:///app/', 'etcd', 'x']);
    await editor.ex('wincmd w');
    expect(await editor.eval("[&filetype, winnr('$'), tabpagenr('$'), getcwd()]")).toEqual(['netrw', 2, 1, home]);
    await editor.ex('only! | edit sub/f');
    await editor.ex('edit etcd:/app');
    expect(await shown(editor)).toEqual(['etcd:///app/', 'etcd', 'x']);
    await editor.ex('edit sub/f');
    await editor.ex('edit etcd:///app/');
    expect(await shown(editor)).toEqual(['etcd:///app/', 'etcd', 'x']);
    await editor.ex('edit ./etcd:v3.5');
    expect(await editor.eval("[&filetype, search('s.vim', 'w') > 0]")).toEqual(['netrw', 1]);
  });

  it.each(['source s.vim', 'runtime s.vim', 'source ../etcd:v3.5/s.vim'])(
    'in a directory of that name, :%s runs the file',
    async (command) => {
      const home = standHere();
      const editor = await open({ env: { HOME: home } });
      await editor.ex('cd etcd:v3.5 | set runtimepath^=.');
      await editor.ex(command);
      expect(await editor.eval('[g:ran, &eventignore]')).toEqual(['local', '']);
    },
  );

  it(':source of a short name runs the file that is there, unless it was typed; other names are never ours', async () => {
    const home = standHere();
    const editor = await open({ env: { HOME: home } });
    for (const name of ['etcd:v3.5/s.vim', './etcd:v3.5/s.vim', `${home}/etcd:v3.5/s.vim`]) {
      await editor.ex(`let g:ran = '' | source ${name}`);
      expect(await editor.eval('[g:ran, &eventignore]'), name).toEqual(['local', '']);
    }
    await editor.type(':source etcd:v3.5/s.vim<CR>');
    await editor.settled("g:ran ==# 'remote'");
    await editor.ex("let g:ran = '' | cd sub | source etcd:v3.5/s.vim");
    expect(await editor.eval('g:ran')).toBe('remote');
  });

  describe('a file of that name', () => {
    it.each(['etcd:foo', 'etcd:/app/f'])('%s, by its whole name or behind ./, is read and written there', async (file) => {
      const home = standHere();
      const editor = await open({ env: { HOME: home } });
      for (const name of [`${home}/${file}`, `./${file}`]) {
        await editor.ex(`edit ${name}`);
        expect(await editor.lines()).toEqual([FILES[file as 'etcd:foo']]);
        await editor.ex(`0read ${name}`);
        await editor.ex(`1write >> ${name} | edit!`);
        await editor.ex('$delete | write | enew');
      }
      expect(readFileSync(join(home, file), 'utf8')).toBe(`${FILES[file as 'etcd:foo']}\n`);
      expect(await etcd().get('/app/f')).toBeUndefined();
    });

    it('is written there also if :cd makes its name short', async () => {
      const home = standHere();
      const file = join(home, 'etcd:v3.5/s.vim');
      const editor = await open({ env: { HOME: home } });
      await editor.ex(`cd / | edit ${file}`);
      await editor.ex(`cd ${home}`);
      expect(await editor.eval("bufname('%')")).toBe('etcd:v3.5/s.vim');
      await editor.ex('let g:events = [] | autocmd BufWritePre,BufWritePost *.vim call add(g:events, expand("<afile>"))');
      await editor.eval("setline(1, 'changed')");
      await editor.ex('write');
      expect([readFileSync(file, 'utf8'), await editor.eval('[&modified, len(g:events)]')]).toEqual(['changed\n', [0, 2]]);
      await editor.ex('1write >>');
      expect(readFileSync(file, 'utf8')).toBe('changed\nchanged\n');
      await editor.ex('1write!');
      expect(readFileSync(file, 'utf8')).toBe('changed\n');
      expect((await etcd().get('v3.5/s.vim'))?.value.toString()).toBe('let g:ran = "remote"');
    });
  });
});
