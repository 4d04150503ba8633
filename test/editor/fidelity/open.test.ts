/** Opening: what works on a file works on an address. Each test is a row of doc/fidelity.md. */
import { expect, it } from 'vitest';
import type { Editor } from '../../harness/editor.js';
import type { TestEtcd } from '../../harness/etcd.js';
import { cannot, inEveryEditor, knowsShort, NOT_SHORT } from '../editors.js';

async function fill(etcd: TestEtcd): Promise<void> {
  await etcd.put('/f/a', 'alpha\nbeta\ngamma\n');
  await etcd.put('/f/b', 'see etcd:///f/a here\n');
  await etcd.put('/f/short', 'see etcd:/f/a here\n');
  await etcd.put('/f/c.json', '{\n  "x": {\n    "y": 1\n  }\n}\n');
}

const here = (editor: Editor) => editor.eval<string>("bufname('%')");
const names = (editor: Editor) => editor.eval<string[]>("map(range(1, winnr('$')), 'bufname(winbufnr(v:val))')");

const WILDCARDS =
  'the editor expands them from the names of local files alone and fires no autocommand; :help etcd-fidelity has what to do instead';
/** Both forms that can be typed, as the prefix of what the tests open. */
const FORMS = ['etcd:/f/', 'etcd:///f/'];

inEveryEditor('fidelity: open', fill, ({ open, etcd, tool }) => {
  async function onA(rc: string[] = []): Promise<Editor> {
    const editor = await open({ args: ['etcd:/f/a'], rc });
    await editor.settled("line('$') == 3");
    return editor;
  }

  it(':e', async () => {
    const editor = await onA();
    await editor.ex('edit etcd:/f/b');
    expect([await here(editor), await editor.lines()]).toEqual(['etcd:///f/b', ['see etcd:///f/a here']]);
    await expect(
      onA().then((other) => other.eval("setline(1, 'x')").then(() => other.ex('set nohidden | edit etcd:/f/b'))),
    ).rejects.toThrow(/E37/);
  });

  it(':e +cmd', async () => {
    const editor = await onA();
    await editor.ex('edit +2 etcd:/f/a');
    expect(await editor.eval("line('.')")).toBe(2);
    await editor.ex('split +/gamma etcd:/f/a');
    expect(await editor.eval("line('.')")).toBe(3);
  });

  it(':e!', async () => {
    const editor = await onA();
    await editor.eval("setline(1, 'changed')");
    await editor.ex('edit!');
    expect(await editor.eval("[getline(1, '$'), &modified]")).toEqual([['alpha', 'beta', 'gamma'], 0]);
  });

  it(':e, :e! and :e ++opt of the current buffer, by another name', async () => {
    const editor = await onA();
    await etcd().put('/f/a', 'alpha\r\nbeta\r\n');
    await editor.ex('edit etcd:/f/a');
    expect(await editor.eval('[bufname("%"), &fileformat, getline(1)]')).toEqual(['etcd:///f/a', 'dos', 'alpha']);
    await editor.ex('edit ++bin etcd:/f/a');
    expect(await editor.eval('[bufname("%"), &binary, getline(1)]')).toEqual(['etcd:///f/a', 1, 'alpha\r']);
    await editor.ex("call setline(1, 'changed') | edit etcd:/f/a");
    expect(await editor.eval('[bufname("%"), &modified, getline(1)]')).toEqual(['etcd:///f/a', 1, 'changed']);
    await editor.ex('edit! ++nobin etcd:/f/a');
    expect(await editor.eval('[bufname("%"), &modified, getline(1)]')).toEqual(['etcd:///f/a', 0, 'alpha']);
    expect(await editor.eval("len(getbufinfo({'buflisted': 1}))")).toBe(1);
    await fill(etcd());
  });

  it(':e #, <C-^> and the alternate file', async () => {
    const editor = await onA();
    await editor.ex('edit etcd:/f/b');
    await editor.ex('edit #');
    expect(await here(editor)).toBe('etcd:///f/a');
    await editor.type('<C-^>');
    await editor.settled("bufname('%') ==# 'etcd:///f/b'");
    await editor.ex('edit etcd:/f/b');
    expect(await editor.eval("bufname('#')")).toBe('etcd:///f/a');
  });

  it(':view and :set readonly', async () => {
    const editor = await onA();
    await editor.ex('view etcd:/f/b');
    expect(await editor.eval('&readonly')).toBe(1);
    await editor.eval("setline(1, 'x')");
    await expect(editor.ex('write')).rejects.toThrow(/E45/);
    await editor.ex('edit etcd:/f/a | set readonly');
    await expect(editor.ex('write')).rejects.toThrow(/E45/);
  });

  it.each(['sp', 'vs', 'tabe', 'new', 'vne', 'tabnew', 'aboveleft split', 'topleft vsplit', '5split'])(':%s', async (command) => {
    const editor = await onA();
    await editor.ex(`${command} etcd:/f/b`);
    expect(await here(editor)).toBe('etcd:///f/b');
    expect(await editor.eval("winnr('$') + tabpagenr('$')")).toBe(3);
    expect(await editor.lines()).toEqual(['see etcd:///f/a here']);
  });

  it(':pedit', async () => {
    const editor = await onA();
    await editor.ex('pedit etcd:/f/b');
    expect([await here(editor), (await names(editor)).sort()]).toEqual(['etcd:///f/a', ['etcd:///f/a', 'etcd:///f/b']]);
  });

  it(':e of a hidden buffer that could not be read before, by another name', async () => {
    const editor = await onA();
    await editor.ex(`let g:good = $ETCDCTL_ENDPOINTS | let $ETCDCTL_ENDPOINTS = '127.0.0.1:1'`);
    await editor.ex('edit etcd:///f/b');
    expect(await editor.eval('[b:etcd.kind, &modifiable]')).toEqual(['failed', 0]);
    await editor.ex('buffer etcd:///f/a');
    await editor.ex('let $ETCDCTL_ENDPOINTS = g:good | new | edit etcd:/f/b');
    expect(await editor.eval('[getline(1), b:etcd.kind, &modifiable, &readonly]')).toEqual(['see etcd:///f/a here', 'key', 1, 0]);
  });

  it(':f name in a buffer of the past, and :e! of what is now', async () => {
    const editor = await onA();
    const revision = await editor.eval<string>('b:etcd.mod_revision');
    await editor.ex(`execute 'edit' fnameescape('etcd:/f/a?rev=${revision}')`);
    expect(await editor.eval('[&modifiable, &readonly]')).toEqual([0, 1]);
    await editor.ex('file etcd:/f/b | edit!');
    expect(await editor.eval('[bufname("%"), getline(1), &modifiable, &readonly]')).toEqual(['etcd:///f/b', 'see etcd:///f/a here', 1, 0]);
  });

  it.each(FORMS)(':badd %sb and :ls', async (form) => {
    const editor = await onA();
    await editor.ex(`badd ${form}b`);
    expect(await editor.eval<string>("execute('ls')")).toContain(`"${form}b"`);
    await editor.ex('bnext');
    expect([await here(editor), await editor.lines()]).toEqual(['etcd:///f/b', ['see etcd:///f/a here']]);
    expect(await editor.eval<string>("execute('ls')")).toMatch(/"etcd:\/\/\/f\/a"[^"]*"etcd:\/\/\/f\/b"[^"]*$/);
  });

  it.each(FORMS)(':drop %sa', async (form) => {
    const editor = await onA();
    await editor.ex('split etcd:/f/b');
    await editor.ex(`drop ${form}a`);
    expect([await here(editor), await editor.eval("winnr('$')")]).toEqual(['etcd:///f/a', 2]);
  });

  it.each(FORMS)(':args %sa, :argadd, :next, :argdo', async (form) => {
    const editor = await open();
    await editor.ex(`args ${form}a ${form}b`);
    await editor.ex(`argadd ${form}c.json`);
    await editor.ex('next');
    expect(await editor.eval('argc()')).toBe(3);
    await editor.ex("argdo let g:seen = get(g:, 'seen', []) + [bufname('%') . line('$')]");
    expect((await editor.eval<string[]>('g:seen')).sort()).toEqual(['etcd:///f/a3', 'etcd:///f/b1', 'etcd:///f/c.json5']);
  });

  it(':bufdo and :windo', async () => {
    const editor = await onA();
    await editor.ex('split etcd:/f/b');
    await editor.ex("bufdo let g:seen = get(g:, 'seen', []) + [bufname('%')]");
    expect((await editor.eval<string[]>('g:seen')).sort()).toEqual(['etcd:///f/a', 'etcd:///f/b']);
  });

  it(':f name', async () => {
    const editor = await onA();
    await editor.ex('file etcd:/f/other');
    expect([await here(editor), await editor.lines()]).toEqual(['etcd:///f/other', ['alpha', 'beta', 'gamma']]);
    expect(await etcd().get('/f/other')).toBeUndefined();
  });

  it(':diffsplit and :diffthis', async () => {
    await etcd().put('/f/d', 'alpha\nBETA\ngamma\n');
    const editor = await onA();
    await editor.ex('vertical diffsplit etcd:/f/d');
    expect(await editor.eval("[winnr('$'), &diff, diff_hlID(2, 1) > 0, diff_hlID(1, 1)]")).toEqual([2, 1, 1, 0]);
    await editor.ex('diffoff! | only | diffthis');
    await editor.ex('vnew etcd:/f/a');
    await editor.ex('diffthis | diffupdate');
    expect(await editor.eval('[&diff, diff_hlID(2, 1) > 0]')).toEqual([1, 1]);
    await etcd().delete('/f/d');
  });

  it.each(FORMS)(':vimgrep /x/ %sa', async (form) => {
    const editor = await open();
    await editor.ex(`vimgrep /a/j ${form}a ${form}b`);
    expect(await editor.eval("map(getqflist(), '[bufname(v:val.bufnr)[-1:], v:val.lnum]')")).toEqual([
      ['a', 1],
      ['a', 2],
      ['a', 3],
      ['b', 1],
    ]);
    await editor.ex('cc 2');
    expect(await editor.eval("[bufname('%'), line('.'), line('$')]")).toEqual(['etcd:///f/a', 2, 3]);
  });

  cannot('wildcards, :vimgrep /x/ etcd:/f/* and :args etcd:/f/*', WILDCARDS, async () => {
    const editor = await open();
    for (const form of FORMS) {
      await expect(editor.ex(`vimgrep /a/j ${form}*`)).rejects.toThrow(/E480/);
      await editor.ex(`args ${form}*`);
      expect([await editor.eval('argc()'), await here(editor)]).toEqual([1, 'etcd:///f/%2A']);
    }
  });

  it('instead of wildcards: all of a listing, then :bufdo vimgrepadd', async () => {
    const editor = await open({ args: ['etcd:/f/'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.type('VG<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///f/a'");
    await editor.ex('bufdo silent! vimgrepadd /see/j %');
    expect(await editor.eval<string[]>("map(getqflist(), 'bufname(v:val.bufnr)')").then((it) => it.sort())).toEqual([
      'etcd:///f/b',
      'etcd:///f/short',
    ]);
  });

  /** gf and <C-w>f with the cursor on the address in `key`. */
  async function follow(key: string): Promise<void> {
    const editor = await open({ args: [`etcd:${key}`] });
    await editor.settled("getline(1) =~# 'see'");
    await editor.type('ftgf');
    await editor.settled("bufname('%') ==# 'etcd:///f/a' && line('$') == 3");
    await editor.type('<C-^>');
    await editor.settled(`bufname('%') ==# 'etcd://${key}'`);
    await editor.type('0ft<C-w>f');
    await editor.settled("winnr('$') == 2 && bufname('%') ==# 'etcd:///f/a'");
  }

  it('gf and <C-w>f on etcd:///f/a', () => follow('/f/b'));

  const short = 'gf and <C-w>f on etcd:/f/a';
  if (knowsShort(tool)) it(short, () => follow('/f/short'));
  else {
    cannot(short, NOT_SHORT, async () => {
      const editor = await open();
      await editor.eval("setline(1, 'see etcd:/f/a here')");
      for (const keys of ['gf', '\\<C-w>f']) await expect(editor.ex(`execute "normal! 0ft${keys}"`)).rejects.toThrow(/E447/);
    });
  }

  it('gf and <C-w>f on a line of a listing', async () => {
    const editor = await open({ args: ['etcd:/f/'] });
    await editor.settled("&filetype ==# 'etcd'");
    await editor.type('gf');
    await editor.settled("bufname('%') ==# 'etcd:///f/a'");
    await editor.ex('edit #');
    await editor.type('j<C-w>f');
    await editor.settled("winnr('$') == 2 && bufname('%') ==# 'etcd:///f/b'");
  });
});
