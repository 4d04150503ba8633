/** 'fileignorecase', which is on by default on macOS: keys differ in case, and so do their buffers. */
import { expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import type { TestEtcd } from '../harness/etcd.js';
import { inEveryEditor } from './editors.js';

async function fill(etcd: TestEtcd): Promise<void> {
  for (const key of ['/c/name', '/c/Name', '/C/name']) await etcd.put(key, `value of ${key}`);
}

const rc = ['set fileignorecase nowildignorecase'];
const shown = (editor: Editor) => editor.eval("[bufname('%'), getline(1)]");

inEveryEditor("'fileignorecase'", fill, ({ open, etcd, tool }) => {
  it.each(['etcd://', 'etcd:'])('keys that differ in case are opened by %s, written, and kept apart', async (scheme) => {
    const editor = await open({ rc });
    for (const key of ['/c/name', '/c/Name', '/C/name', '/c/nAme', '/c/name']) {
      await editor.ex(`edit ${scheme}${key}`);
      expect(await editor.eval("bufname('%')")).toBe(`etcd://${key}`);
      await editor.eval(`setline(1, '${scheme} ${key}')`);
      await editor.ex('write!');
    }
    for (const key of ['/c/name', '/c/Name', '/C/name', '/c/nAme']) {
      expect((await etcd().get(key))?.value.toString().trim()).toBe(`${scheme} ${key}`);
    }
    await etcd().delete('/c/nAme');
    await fill(etcd());
  });

  it('from a listing and by completion the one that was meant is opened', async () => {
    const editor = await open({ rc, args: ['etcd:/c/'] });
    await editor.settled("&filetype ==# 'etcd'");
    expect(await editor.lines()).toEqual(['Name', 'name']);
    await editor.type('<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///c/Name'");
    expect(await shown(editor)).toEqual(['etcd:///c/Name', 'value of /c/Name']);
    await editor.type(':e etcd:/c/n<Tab><CR>');
    await editor.settled("bufname('%') ==# 'etcd:///c/name'");
    expect(await shown(editor)).toEqual(['etcd:///c/name', 'value of /c/name']);
  });

  it('the list of arguments, :write, :saveas and :file to a name in another case mean the other key', async () => {
    const editor = await open({ rc });
    await editor.ex('args etcd:/c/name etcd:/c/Name');
    expect(await editor.eval("[argc(), bufname('%')]")).toEqual([2, 'etcd:///c/name']);
    await editor.ex('next');
    expect(await shown(editor)).toEqual(['etcd:///c/Name', 'value of /c/Name']);
    await expect(editor.ex('write etcd:/c/name')).rejects.toThrow(/the key exists/);
    await editor.eval("setline(1, 'new')");
    await editor.ex('write etcd:/c/NAME');
    await editor.ex('saveas etcd:///c/NaMe');
    await editor.ex('file etcd:/c/nAMe');
    expect(await shown(editor)).toEqual(['etcd:///c/nAMe', 'new']);
    await editor.ex('write');
    for (const key of ['/c/NAME', '/c/NaMe', '/c/nAMe']) {
      expect((await etcd().get(key))?.value.toString().trim(), key).toBe('new');
      await etcd().delete(key);
    }
    for (const key of ['/c/name', '/c/Name']) expect((await etcd().get(key))?.value.toString()).toBe(`value of ${key}`);
  });

  it('is off while there are addresses, with a word, and as it was behind the last one', async () => {
    const editor = await open({ rc });
    const options = '[&fileignorecase, &wildignorecase]';
    expect(await editor.eval(options)).toEqual([1, 0]);
    await editor.ex('edit etcd:/c/name | split etcd:/c/Name');
    expect(await editor.eval(options)).toEqual([0, 1]);
    await editor.ex('set fileignorecase');
    expect(await editor.eval(`${options} + [execute('messages') =~# "'fileignorecase' stays off"]`)).toEqual([0, 1, 1]);
    await editor.ex('bwipeout');
    expect(await editor.eval(options)).toEqual([0, 1]);
    await editor.ex('bwipeout');
    expect(await editor.eval(options)).toEqual([1, 0]);
    await editor.ex('edit etcd:/c/name | set nofileignorecase | bwipeout');
    expect(await editor.eval(options)).toEqual([0, 0]);
  });

  it('where it comes on unseen, a name that is taken for another is refused, and nothing is written from there', async () => {
    const editor = await open();
    await editor.ex('edit etcd:/c/name | noautocmd set fileignorecase | autocmd! etcd BufNew | autocmd! etcd BufReadCmd');
    await editor.ex("autocmd etcd BufReadCmd etcd:*{/,}* ++nested execute etcd#buffer#read#read(str2nr(expand('<abuf>')))");
    await editor.ex('edit etcd:/c/Name');
    if (tool.name !== 'nvim07') {
      expect(await editor.eval("execute('messages')")).toMatch(
        /cannot open etcd:\/\/\/c\/Name: the editor has buffer \d+ for etcd:\/\/\/c\/name and 'fileignorecase' takes them for one; :bwip/,
      );
      expect(await editor.eval('[&modifiable, getline(1), b:etcd.kind]')).toEqual([0, '', 'failed']);
      await expect(editor.ex('write!')).rejects.toThrow(/cannot write|could not be read/);
    } else {
      // It takes no name without a file for another name.
      expect(await shown(editor)).toEqual(['etcd:///c/Name', 'value of /c/Name']);
    }
    expect((await etcd().get('/c/Name'))?.value.toString()).toBe('value of /c/Name');
  });
});
