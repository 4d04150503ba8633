/** Moving about, closing and coming back: what works on a file works on an address. Each test is a row of doc/fidelity.md. */
import { expect, it } from 'vitest';
import type { Editor } from '../../harness/editor.js';
import type { TestEtcd } from '../../harness/etcd.js';
import { cannot, inEveryEditor, knowsShort, NOT_SHORT, UNWATCHED } from '../editors.js';

async function fill(etcd: TestEtcd): Promise<void> {
  await etcd.put('/f/a', 'alpha\nbeta\ngamma\n');
  await etcd.put('/f/b', 'see etcd:///f/a here\n');
  await etcd.put('/f/c.json', '{\n  "x": {\n    "y": 1\n  }\n}\n');
}

const here = (editor: Editor) => editor.eval<string>("bufname('%')");

inEveryEditor('fidelity: move', fill, ({ open, etcd, tool }) => {
  async function onA(rc: string[] = []): Promise<Editor> {
    const editor = await open({ args: ['etcd:/f/a'], rc });
    await editor.settled("line('$') == 3");
    return editor;
  }

  it('the jumplist, <C-o> and <C-i>', async () => {
    const editor = await onA();
    await editor.type('3G');
    await editor.until("line('.') == 3");
    await editor.ex('edit etcd:/f/b');
    await editor.type('<C-o>');
    await editor.settled("bufname('%') ==# 'etcd:///f/a' && line('.') == 3");
    await editor.type('<Tab>');
    await editor.settled("bufname('%') ==# 'etcd:///f/b'");
  });

  it('marks', async () => {
    const editor = await onA();
    await editor.type('2GmxmX3G');
    await editor.until("line('.') == 3");
    await editor.ex('edit etcd:/f/b');
    await editor.type("'X");
    await editor.settled("bufname('%') ==# 'etcd:///f/a' && line('.') == 2");
    await editor.ex('edit!');
    expect(await editor.eval('line("\'x")')).toBe(2);
  });

  it("marks and jumps, 'hidden' off and opened again by a short name", async () => {
    const editor = await onA(['set nohidden']);
    await editor.type('2Gmx3G');
    await editor.until("line('.') == 3");
    const buffer = await editor.eval<number>("bufnr('%')");
    await editor.ex('edit etcd:/f/b');
    await editor.ex('edit etcd:/f/a');
    expect(await editor.eval("[bufname('%'), bufnr('%'), line(\"'x\"), getline(1, '$'), bufname('#'), &buflisted]")).toEqual([
      ...['etcd:///f/a', buffer, 2, ['alpha', 'beta', 'gamma'], 'etcd:///f/b', 1],
    ]);
    await editor.eval("setline(1, 'ALPHA')");
    await editor.ex('write');
    expect((await etcd().get('/f/a'))?.value.toString()).toBe('ALPHA\nbeta\ngamma\n');
    await etcd().put('/f/a', 'alpha\nbeta\ngamma\n');
    expect(await editor.eval(`len(filter(copy(getjumplist()[0]), 'v:val.bufnr == ${buffer} && v:val.lnum == 3'))`)).toBe(1);
  });

  it(':bdelete and :bwipeout', async () => {
    const editor = await onA();
    await editor.ex('edit etcd:/f/b');
    await editor.ex('bdelete etcd:///f/a');
    await editor.ex('edit etcd:/f/a');
    expect(await editor.lines()).toEqual(['alpha', 'beta', 'gamma']);
    await editor.eval("setline(1, 'x')");
    await expect(editor.ex('bdelete')).rejects.toThrow(/E89/);
    await editor.ex('bwipeout!');
    await editor.ex('edit etcd:/f/a');
    expect(await editor.lines()).toEqual(['alpha', 'beta', 'gamma']);
  });

  it('undo: not past the read, and over :e!', async () => {
    const editor = await onA();
    await editor.type('u');
    await editor.untilScreen(/oldest change/);
    expect(await editor.lines()).toEqual(['alpha', 'beta', 'gamma']);
    await editor.type('ccchanged<Esc>');
    await editor.settled("getline(1) ==# 'changed' && mode() ==# 'n'");
    await editor.ex('edit!');
    expect(await editor.lines()).toEqual(['alpha', 'beta', 'gamma']);
    await editor.type('u');
    await editor.settled("getline(1) ==# 'changed' && line('$') == 3");
  });

  it('folds', async () => {
    const editor = await open({ args: ['etcd:/f/c.json'], rc: ['set foldmethod=indent shiftwidth=2 foldlevel=0'] });
    await editor.settled("line('$') == 5");
    expect(await editor.eval('foldclosed(3)')).toBe(2);
    await editor.type('3Gzo');
    await editor.settled('foldclosed(2) == -1');
  });

  it(':checktime leaves the buffer as it is and says nothing', async () => {
    const editor = await onA([UNWATCHED, 'set autoread']);
    await etcd().put('/f/t', 'old');
    await editor.ex('edit etcd:/f/t');
    await etcd().put('/f/t', 'new\nand longer');
    // The message of the read comes as soon as the editor is idle.
    await editor.until("execute('messages') =~# '3B' || &shortmess =~# 'F'");
    await editor.ex('messages clear | checktime');
    expect(await editor.eval("[execute('messages'), getline(1, '$'), &modified]")).toEqual(['', ['old'], 0]);
    await editor.ex('edit');
    expect(await editor.lines()).toEqual(['new', 'and longer']);
    await etcd().delete('/f/t');
  });

  it("'autoread': a change in etcd is read by itself", async () => {
    await etcd().put('/f/live', 'one');
    const editor = await onA(['set autoread']);
    await editor.ex('edit etcd:/f/live');
    await etcd().put('/f/live', 'two');
    await editor.settled("getline(1) ==# 'two' && !&modified");
  });

  it('User EtcdChanged when someone else changes a key', async () => {
    await etcd().put('/f/live', 'one');
    const editor = await onA(['autocmd User EtcdChanged let g:changed = [bufname(g:etcd_event.buffer), g:etcd_event.event]']);
    await editor.ex('edit etcd:/f/live');
    await etcd().delete('/f/live');
    await editor.settled("get(g:, 'changed', []) ==# ['etcd:///f/live', 'deleted']");
  });

  it('a listing that follows etcd', async () => {
    const editor = await onA();
    await editor.ex('edit etcd:/f/follows/');
    await etcd().put('/f/follows/new', 'x');
    await editor.settled("getline(1) ==# 'new'");
  });

  it("'hidden' off: an unchanged buffer is read again, a changed one is not left", async () => {
    const editor = await onA(['set nohidden']);
    await editor.ex('edit etcd:/f/b');
    await etcd().put('/f/a', 'alpha\nbeta\ngamma\ndelta\n');
    await editor.ex('edit etcd:/f/a');
    expect(await editor.eval("line('$')")).toBe(4);
    await editor.eval("setline(1, 'x')");
    await expect(editor.ex('edit etcd:/f/b')).rejects.toThrow(/E37/);
    await etcd().put('/f/a', 'alpha\nbeta\ngamma\n');
  });

  async function find(address: string): Promise<void> {
    const editor = await open();
    await editor.ex(`find ${address}`);
    expect([await here(editor), await editor.eval("line('$')")]).toEqual(['etcd:///f/a', 3]);
  }

  it(':find etcd:///f/a', () => find('etcd:///f/a'));

  const short = ':find etcd:/f/a';
  if (knowsShort(tool)) it(short, () => find('etcd:/f/a'));
  else {
    cannot(short, NOT_SHORT, async () => {
      await expect(open().then((editor) => editor.ex('find etcd:/f/a'))).rejects.toThrow(/E345/);
    });
  }

  it(':cd and :lcd before and after', async () => {
    const editor = await onA();
    await editor.ex('lcd / | edit etcd:/f/b | cd /tmp | edit etcd:/f/a');
    expect([await here(editor), await editor.eval("line('$')")]).toEqual(['etcd:///f/a', 3]);
    expect(await editor.eval("filter(map(range(1, bufnr('$')), 'bufname(v:val)'), 'v:val =~# \"etcd\"')")).toEqual([
      'etcd:///f/a',
      'etcd:///f/b',
    ]);
  });

  it.each(['etcd:///f/a', 'etcd:/f/a'])(':bufload, bufadd() and getbufline() of %s', async (address) => {
    const editor = await open();
    await editor.ex(`let g:n = bufadd('${address}') | call bufload(g:n)`);
    expect(await editor.eval("getbufline(g:n, 1, '$')")).toEqual(['alpha', 'beta', 'gamma']);
  });
});
