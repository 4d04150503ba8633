/** Names in an editor whose encoding lacks letters, and names that are not UTF-8: each still means its key. */
import { expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { cannot, inEveryEditor } from './editors.js';

const ODD = Buffer.from('/l/\xc3', 'latin1');

async function fill(etcd: TestEtcd): Promise<void> {
  for (const key of ['/l/grüße', '/l/中文', '/l/中文2/x', ODD]) await etcd.put(key, 'value');
}

inEveryEditor('letters', fill, ({ open, etcd, tool }) => {
  const value = async (key: string | Buffer) => (await etcd().get(key))?.value.toString();
  const shown = "[bufname('%'), getline(1), b:etcd.mod_revision !=# '0']";

  if (tool.kind === 'nvim') cannot('encoding=latin1', 'Neovim has no other than utf-8');
  else
    it.each([
      ['LANG=C', { LANG: 'C' }, [], ['gr\xfc\xdfe', '%E4%B8%AD%E6%96%87', '%E4%B8%AD%E6%96%872/', '%C3']],
      ['encoding=latin1', {}, ['set encoding=latin1'], ['gr\xfc\xdfe', '%E4%B8%AD%E6%96%87', '%E4%B8%AD%E6%96%872/', '%C3']],
      ['encoding=latin2', {}, ['set encoding=iso-8859-2'], ['gr\xfc\xdfe', '%E4%B8%AD%E6%96%87', '%E4%B8%AD%E6%96%872/', '%C3']],
      // They are written in ASCII, because a byte of such an encoding need not be a letter.
      ['encoding=euc-jp', {}, ['set encoding=euc-jp'], ['gr%C3%BC%C3%9Fe', '%E4%B8%AD%E6%96%87', '%E4%B8%AD%E6%96%872/', '%C3']],
    ])('%s: what the encoding lacks is %%XX in listings, names and completion', async (_, env, rc, names) => {
      const editor = await open({ env, rc, args: ['etcd:/l/'] });
      await editor.settled("&filetype ==# 'etcd'");
      expect((await editor.lines()).sort()).toEqual([...names].sort());
      for (const name of names) {
        await editor.ex(`edit etcd:///l/ | call search('\\C\\V\\^${name}\\$', 'w')`);
        await editor.type('<CR>');
        await editor.settled(`bufname('%') ==# 'etcd:///l/${name}'`);
        if (!name.endsWith('/')) expect(await editor.eval(shown)).toEqual([`etcd:///l/${name}`, 'value', 1]);
      }
      await editor.type(':enew<CR>:e etcd:/l/gr<Tab><CR>');
      await editor.settled("getline(1) ==# 'value'");
      await editor.type('ccown<Esc>:w<CR>');
      await editor.settled("getline(1) ==# 'own' && !&modified");
      expect(await value('/l/grüße')).toBe('own');
      await editor.ex('edit etcd:///l/');
      expect(await editor.eval("line('$')")).toBe(4);
      await etcd().put('/l/grüße', 'value');
    });

  it('a name that is no UTF-8 is the key of these bytes', async () => {
    const editor = await open();
    for (const name of ['"etcd:/l/\\xc3"', '"etcd:///l/\\xc3"']) {
      await editor.ex(`execute 'edit' fnameescape(${name})`);
      expect(await editor.eval(shown)).toEqual(['etcd:///l/%C3', 'value', 1]);
    }
    for (const [name, key] of [
      ['x\\xff', 'x\xff'],
      ['\\xc3\\xa4\\xc3', '\xc3\xa4\xc3'],
      ['\\xed\\xa0\\x80', '\xed\xa0\x80'],
      ['\\xc0\\x80', '\xc0\x80'],
      ['\\xf4\\x90\\x80\\x80', '\xf4\x90\x80\x80'],
    ] as const) {
      await editor.ex(`enew | call setline(1, 'odd') | execute 'write!' fnameescape("etcd:/m/${name}")`);
      expect(await value(Buffer.from(`/m/${key}`, 'latin1')), name).toBe('odd\n');
    }
    expect(await editor.eval('etcd#cmdline#candidates#of("etcd:/m/\\xc3\\xa4")')).toEqual(['etcd:/m/\xe4%C3']);
  });
});
