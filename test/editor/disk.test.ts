/** What the editor does with files by itself: write, make a swap file, restore a session. A key is not such a file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inEveryEditor, keyOpener } from './editors.js';

inEveryEditor(
  'disk',
  () => Promise.resolve(),
  (bench) => {
    const { etcd } = bench;
    const stored = async (key: string) => (await etcd().get(key))?.value.toString();
    const onKey = keyOpener(bench, '/b/k');

    it('a write without our autocommands goes nowhere, least of all to the disk', async () => {
      const hooks = ["autocmd BufWritePre * call mkdir(expand('<afile>:p:h'), 'p')", 'autocmd InsertLeave * silent! update', 'cd $HOME'];
      const { editor, key } = await onKey('first', hooks);
      await editor.ex('write!');
      await editor.type('A more<Esc>');
      await editor.until("getline(1) ==# 'first more'");
      await expect(editor.ex('noautocmd write')).rejects.toThrow(/E676/);
      expect([await stored(key), await editor.eval('&modified')]).toEqual(['first', 1]);
      expect(existsSync(join(editor.home, 'etcd:/b', key.slice(3)))).toBe(false);
      await editor.ex('write');
      expect(await stored(key)).toBe('first more');
    });

    it('a listing neither', async () => {
      const { editor } = await onKey('first');
      await expect(editor.ex('edit etcd:/b/ | noautocmd write!')).rejects.toThrow(/E676/);
    });

    it('a local file that exists is still only overwritten with !', async () => {
      const { editor } = await onKey('first');
      const file = join(editor.home, 'local');
      await editor.ex(`call writefile(['old'], '${file}')`);
      await expect(editor.ex(`write ${file}`)).rejects.toThrow(/E13/);
      await expect(editor.ex(`1write ${file}`)).rejects.toThrow(/E13/);
      await editor.ex(`write! ${file}`);
      expect(await editor.eval(`readfile('${file}')`)).toEqual(['first']);
    });

    it.each(['saveas!', 'file'])(':%s to a local name makes it a local buffer', async (command) => {
      const { editor, key } = await onKey('first');
      const file = join(editor.home, 'taken');
      await editor.ex(`${command} ${file}`);
      await editor.ex("call setline(1, 'second') | write!");
      expect(await editor.eval(`[&buftype, exists('b:etcd'), readfile('${file}')]`)).toEqual(['', 0, ['second']]);
      expect(await stored(key)).toBe('first');
      await editor.ex(`edit etcd:/b/ | ${command} ${file}2`);
      expect(await editor.eval('[&buftype, &modifiable, &readonly]')).toEqual(['', 1, 0]);
    });

    it("swap files are made if the user asks for them, and the user's own choice outlives a write", async () => {
      const { editor } = await onKey('first', ['set swapfile directory=$HOME', "let g:etcd = {'swap': v:true}"]);
      expect(await editor.eval("[&swapfile, filereadable(swapname('%'))]")).toEqual([1, 1]);
      const own = await onKey('first', ['set directory=$HOME', 'autocmd BufReadPost etcd:*/* setlocal swapfile']);
      await own.editor.eval("setline(1, 'second')");
      await own.editor.ex('write');
      expect(await own.editor.eval('&swapfile')).toBe(1);
    });

    it('a session brings the value back', async () => {
      const { editor, key, address } = await onKey('one\ntwo\nthree\n', ['set hidden']);
      const session = join(editor.home, 'session.vim');
      await editor.ex(`3 | mksession ${session}`);
      await editor.ex(`%bwipeout! | source ${session}`);
      expect(await editor.eval("[bufname('%'), getline(1), &modified, &buftype]")).toEqual([address, 'one', 0, 'acwrite']);
      await editor.ex("call setline(1, 'ONE') | write");
      expect(await stored(key)).toBe('ONE\ntwo\nthree\n');
    });
  },
);
