/** Vim's encryption is for files (:h encryption). A value is its bytes, whatever they look like and whatever 'key' is. */
import { expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { cannot, inEveryEditor } from './editors.js';

const VALUES = ['VimCrypt~01!abcdefgh\0\xff\r\nxx\n', 'VimCrypt~02!', 'VimCrypt~03!12345678abcdefgh123', 'VimCrypt~99!\n'].map((text) =>
  Buffer.from(text, 'latin1'),
);

async function fill(etcd: TestEtcd): Promise<void> {
  for (const [index, value] of VALUES.entries()) await etcd.put(`/v/${index}`, value);
  await etcd.put('/plain', 'plain\n');
  await etcd.put('/n/VimCrypt~01!x', 'named');
  await etcd.put('/n/VimCrypt~01', 'named');
}

inEveryEditor('encryption', fill, ({ open, etcd, tool }) => {
  it('a value that looks encrypted is opened, inserted and written without a question, byte for byte', async () => {
    const editor = await open();
    for (const [index, value] of VALUES.entries()) {
      await editor.ex(`edit etcd:/v/${index}`);
      const text = value.toString('latin1').split(/\r?\n/)[0]?.slice(0, 12);
      expect(await editor.eval("[getline(1)[:11], &modified, undotree().seq_last, execute('messages') =~# 'E\\d']")).toEqual([
        text,
        0,
        0,
        0,
      ]);
      await editor.ex('write!');
      expect(await etcd().get(`/v/${index}`)).toMatchObject({ value, version: '2' });
      await editor.ex(`enew | call setline(1, ['a', 'b']) | 1read etcd:/v/${index}`);
      expect(await editor.eval("[getline(1), getline(2)[:11], getline('$'), line('.')]")).toEqual(['a', text, 'b', 2]);
      await editor.ex('enew!');
    }
  });

  it('a listing whose first name looks so is a listing', async () => {
    const editor = await open({ args: ['etcd:/n/'] });
    await editor.settled("&filetype ==# 'etcd'");
    expect(await editor.lines()).toEqual(['VimCrypt~01', 'VimCrypt~01%21x']);
  });

  if (tool.kind === 'nvim') {
    cannot("'key'", 'Neovim has no such option');
    return;
  }
  it("'key' is off in a value, and a buffer that has it is not written in the clear", async () => {
    const editor = await open({ rc: ['set cryptmethod=blowfish2 key=secret'] });
    await editor.ex('edit etcd:/plain | call setline(1, "text") | write');
    expect((await etcd().get('/plain'))?.value.toString()).toBe('text\n');
    await editor.ex('setlocal key=another | call setline(1, "more") | write');
    expect((await etcd().get('/plain'))?.value.toString()).toBe('more\n');
    expect(await editor.eval("[&l:key, &modified, execute('messages') =~# 'does not encrypt values']")).toEqual(['', 0, 1]);
    await editor.ex(`edit ${editor.home}/file | call setline(1, 'local') | setlocal key=third | write`);
    await expect(editor.ex('write etcd:/new')).rejects.toThrow(/not written: 'key' encrypts this buffer.*:setlocal key= first/);
    await expect(editor.ex('write! etcd:/plain')).rejects.toThrow(/not written/);
    expect(await etcd().get('/new')).toBeUndefined();
    expect(await editor.eval(`[&l:key, readfile('${editor.home}/file')[0][:8]]`)).toEqual(['*****', 'VimCrypt~']);
  });
});
