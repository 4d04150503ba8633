/** One buffer for each key, whatever was typed and in whatever directory the editor is. */
import { join } from 'node:path';
import { mkdirSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import type { TestEtcd } from '../harness/etcd.js';
import { inEveryEditor } from './editors.js';

async function fill(etcd: TestEtcd): Promise<void> {
  for (const key of ['/n/a', '/n/b', '/n/a b', '/n/p|q', 'rel/x']) await etcd.put(key, `value of ${key}`);
}

const buffers = (editor: Editor) => editor.eval<string[]>("filter(map(range(1, bufnr('$')), 'bufname(v:val)'), 'v:val !=# \"\"')");

inEveryEditor('names', fill, ({ open, etcd }) => {
  it('one buffer for one key', async () => {
    const editor = await open();
    for (const name of ['etcd:/n/a', 'etcd:///n/a', 'etcd:/n/%61', 'etcd:/n/a']) await editor.ex(`edit ${name.replaceAll('%', '\\%')}`);
    await editor.ex('split etcd:/n/a');
    await editor.ex('cd /');
    await editor.ex('edit etcd:/n/a');
    expect(await buffers(editor)).toEqual(['etcd:///n/a']);
  });

  it('under a new name every text is modified, also one that undo brings back', async () => {
    const editor = await open({ args: ['etcd:/n/a'] });
    await editor.settled("getline(1) =~# 'value'");
    await editor.type('ccsecond<Esc>');
    await editor.until("getline(1) ==# 'second'");
    await editor.ex('file etcd:/n/fresh');
    await editor.type('u');
    await editor.until("getline(1) =~# 'value'");
    expect(await editor.eval("[bufname('%'), &modified]")).toEqual(['etcd:///n/fresh', 1]);
  });

  it('text that a failed read has kept keeps its name, and what undo knows, if another buffer has the new one', async () => {
    const editor = await open({ args: ['etcd:/n/a'], rc: ['set hidden'] });
    await editor.settled("getline(1) =~# 'value'");
    await editor.eval("setline(1, 'typed')");
    await editor.ex('edit etcd:/n/b');
    await editor.ex('buffer etcd:///n/a');
    await editor.ex("let $ETCDCTL_ENDPOINTS = '127.0.0.1:1'");
    await editor.ex('silent! edit!');
    expect(await editor.eval('[getline(1), b:etcd.kind]')).toEqual(['typed', 'failed']);
    await editor.ex(`let $ETCDCTL_ENDPOINTS = '${etcd().endpoint}'`);
    await expect(editor.ex('file etcd:/n/b')).rejects.toThrow(/E139|E95/);
    expect(await editor.eval("[bufname('%'), getline(1)]")).toEqual(['etcd:///n/a', 'typed']);
    await editor.ex('edit!');
    await editor.ex('silent undo');
    expect(await editor.eval("[bufname('%'), getline(1)]")).toEqual(['etcd:///n/a', 'typed']);
  });

  it('a local text that cannot have the name of a key is not called by a key that its buffer had before', async () => {
    const editor = await open({ args: ['etcd:/n/a'], rc: ['set hidden'] });
    await editor.settled("getline(1) =~# 'value'");
    await editor.ex('edit etcd:/n/b');
    await editor.ex('buffer etcd:///n/a');
    await editor.ex('file local.txt');
    await expect(editor.ex('file etcd:/n/b')).rejects.toThrow(/E139|E95/);
    expect(await editor.eval("bufname('%')")).not.toBe('etcd:///n/a');
  });

  it('unsaved text is shown again, not read over, when its key is opened by another name', async () => {
    const editor = await open({ args: ['etcd:/n/a'] });
    await editor.settled("getline(1) =~# 'value'");
    await editor.eval("setline(1, 'unsaved')");
    await editor.ex('edit etcd:/n/b');
    await editor.ex('edit etcd:/n/a');
    expect(await editor.eval("[bufname('%'), getline(1), &modified]")).toEqual(['etcd:///n/a', 'unsaved', 1]);
    await editor.ex("let $ETCDCTL_ENDPOINTS = '127.0.0.1:1'");
    await editor.ex('edit etcd:/n/b');
    await editor.ex('edit etcd:/n/a');
    expect(await editor.eval("[bufname('%'), getline(1), &modified]")).toEqual(['etcd:///n/a', 'unsaved', 1]);
  });

  it('a buffer that has a short name is shown where Node cannot be started, and gets its whole name later', async () => {
    const editor = await open();
    await editor.ex('edit etcd:/n/a');
    await editor.ex('noautocmd file etcd:/n/a');
    await editor.ex("enew | call etcd#host#job#stop() | let g:etcd = {'node': '/no/such/node'}");
    await editor.ex('buffer etcd:/n/a');
    expect(await editor.eval("[bufname('%'), getline(1)]")).toEqual(['etcd:/n/a', 'value of /n/a']);
    await editor.ex('unlet g:etcd | enew');
    await editor.ex('buffer etcd:/n/a');
    expect(await editor.eval("bufname('%')")).toBe('etcd:///n/a');
  });

  it('a listing is opened again by any name, and reads what is there now', async () => {
    const editor = await open({ args: ['etcd:/n/'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.type('<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///n/a'");
    await editor.ex('edit etcd:/n/');
    expect(await editor.eval("[bufname('%'), line('$'), &modifiable]")).toEqual(['etcd:///n/', 4, 0]);
    await editor.ex('edit etcd:///n/');
    await editor.ex('edit etcd:/n');
    expect(await editor.eval("[bufname('%'), line('$'), &modifiable]")).toEqual(['etcd:///n/', 4, 0]);
  });

  it('writes to the key after :cd, and never to a local file', async () => {
    const editor = await open({ args: ['etcd:/n/b'] });
    await editor.settled("getline(1) =~# 'value'");
    mkdirSync(join(editor.home, 'etcd:/n'), { recursive: true });
    await editor.ex(`cd ${editor.home}`);
    await editor.eval("setline(1, 'after cd')");
    await editor.ex('write');
    await editor.ex('lcd /');
    await editor.eval("setline(1, 'after lcd')");
    await editor.ex('write');
    expect((await etcd().get('/n/b'))?.value.toString()).toBe('after lcd');
    expect(readdirSync(join(editor.home, 'etcd:/n'))).toEqual([]);
  });

  it('keeps the alternate file, and leaves no buffer of a temporary file', async () => {
    const editor = await open({ args: ['etcd:/n/a'] });
    await editor.settled("getline(1) =~# 'value'");
    await editor.ex('edit etcd:/n/b');
    await editor.eval("setline(1, 'x')");
    await editor.ex('write');
    expect(await editor.eval("bufname('#')")).toBe('etcd:///n/a');
    await editor.ex('edit! #');
    expect(await editor.eval("[bufname('%'), bufname('#')]")).toEqual(['etcd:///n/a', 'etcd:///n/b']);
    expect(await buffers(editor)).toEqual(['etcd:///n/a', 'etcd:///n/b']);
  });

  it('opens keys whose names hold what the command line would take for more', async () => {
    const editor = await open({ args: ['etcd:/n/'] });
    await editor.settled("&filetype ==# 'etcd'");
    expect(await editor.lines()).toEqual(['a', 'a%20b', 'b', 'p%7Cq']);
    await editor.type('G<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///n/p%7Cq'");
    expect(await editor.lines()).toEqual(['value of /n/p|q']);
  });

  it('nothing is left of a read in swap, undo or backup', async () => {
    const editor = await open({ args: ['etcd:/n/a'], rc: ['set swapfile undofile backup writebackup'] });
    await editor.settled("getline(1) =~# 'value'");
    await editor.type('Acanary<Esc>:w<CR>');
    await editor.settled("!&modified && getline(1) =~# 'canary'");
    expect(await editor.eval("[&swapfile, &undofile, &modeline, swapname('%')]")).toEqual([0, 0, 0, '']);
  });

  it('modelines in a value do nothing', async () => {
    await etcd().put('/n/modeline', 'x\nvim: set tabstop=13 :\n');
    const editor = await open({ args: ['etcd:/n/modeline'], rc: ['set modeline'] });
    await editor.settled("line('$') == 2");
    expect(await editor.eval('&tabstop')).toBe(8);
    await etcd().delete('/n/modeline');
  });

  it.each(['', '\n', 'a', 'a\n', '\n\n', 'a\r\nb\r\n', 'a\r\nb\n', '\ufeffbom\n', 'nul\0\n', '\xff\xfe', 'caf\xe9\n', '\xd4'])(
    'gives the bytes %j back',
    async (text) => {
      const bytes = Buffer.from(text, /[\x80-\xff]/.test(text) && !text.includes('\ufeff') ? 'latin1' : 'utf8');
      await etcd().put('/n/bytes', bytes);
      const editor = await open();
      await editor.ex('edit etcd:/n/bytes');
      await editor.ex('write!');
      expect(await etcd().get('/n/bytes')).toMatchObject({ value: bytes, version: '2' });
      await etcd().delete('/n/bytes');
    },
  );
});
