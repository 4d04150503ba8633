/** A listing that takes long: the first screen comes at once, the rest after it, and nothing of the user's is disturbed. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import type { TestEtcd } from '../harness/etcd.js';
import { openGate, type Gate } from '../harness/gate.js';
import { inEveryEditor } from './editors.js';

const TOTAL = 5000;

async function fill(etcd: TestEtcd): Promise<void> {
  for (const prefix of ['/big/', '/two/']) {
    const puts = Array.from({ length: TOTAL }, (_, i) => ({
      request_put: { key: Buffer.from(`${prefix}key-${10_000 + i}`).toString('base64'), value: '' },
    }));
    for (let i = 0; i < TOTAL; i += 100) await etcd.post('/v3/kv/txn', { success: puts.slice(i, i + 100) });
  }
}

/** What autocommands see while it fills: the events to which a user could have bound something. */
const watch = [
  'set shortmess-=F',
  'let g:seen = []',
  "autocmd User EtcdListing call add(g:seen, [bufname('%'), line('$')])",
  'let g:changes = []',
  "autocmd FileChangedRO,BufReadPre,BufReadPost,InsertEnter,BufWritePre etcd:* call add(g:changes, expand('<afile>'))",
  "silent! autocmd OptionSet modified,modifiable,readonly,undolevels call add(g:changes, expand('<amatch>'))",
];

inEveryEditor('filling', fill, ({ open, etcd, tool }) => {
  let gate: Gate;
  beforeEach(async () => {
    // The requests of a listing are held, but not those of its watch.
    gate = await openGate(etcd().endpoint, { questions: true });
  });
  afterEach(() => gate.stop());

  /** An editor that shows the beginning of the listing; the rest waits at the gate. */
  async function begun(rc: string[] = [], prefix = '/big/'): Promise<Editor> {
    const editor = await open({ endpoints: [gate.endpoint], rc: [...watch, ...rc] });
    gate.close(prefix);
    await editor.ex(`edit etcd:${prefix}`);
    await gate.waiting();
    expect(await editor.eval('[b:etcd.partial, b:etcd.filling]')).toEqual([1, 1]);
    return editor;
  }
  const whole = async (editor: Editor, buffer = "'%'"): Promise<void> => {
    await editor.until(`get(getbufvar(${buffer}, 'etcd', {}), 'partial', 1) == 0`);
    expect(await editor.eval(`len(getbufline(${buffer}, 1, '$'))`)).toBe(TOTAL);
  };

  /** Creates a key. At the end the editor has been told of it, because it has been told of a later one. */
  async function othersPut(editor: Editor, key: string): Promise<void> {
    await editor.ex('set autoread | split etcd:/big/key-10000 | wincmd p');
    await etcd().put(key, 'others');
    await etcd().put('/big/key-10000', `after ${key}`);
    await editor.settled(`getbufline('etcd:///big/key-10000', 1) ==# ['after ${key}']`);
  }

  it('shows what is known, and the rest behind it, with the cursor, the view and the options as they were', async () => {
    const editor = await begun();
    const first = await editor.eval<number>("line('$')");
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(TOTAL);
    expect(await editor.eval('b:etcd.count')).toBe(first);
    await editor.type('/key-10100<CR>');
    await editor.type('zt');
    await editor.settled("getline('.') ==# 'key-10100' && line('w0') == line('.')");
    const options = '[line("."), line("w0"), &modified, &modifiable, &readonly, undotree().seq_last, &l:undolevels, @/]';
    const before = await editor.eval(options);
    await editor.ex('let g:changes = []');
    expect(await editor.eval('g:seen')).toEqual([]);
    gate.open();
    await whole(editor);
    expect(await editor.eval(options)).toEqual(before);
    expect((await editor.lines()).slice(-1)).toEqual([`key-${10_000 + TOTAL - 1}`]);
    expect(await editor.eval('[g:seen, g:changes]')).toEqual([[['etcd:///big/', TOTAL]], []]);
    expect(await editor.eval('[etcd#info().count, etcd#info().filling, maparg("<C-C>", "n")]')).toEqual([TOTAL, 0, '']);
    await editor.untilScreen(/"etcd:\/\/\/big\/" 5000 names, revision/);
  });

  it('says how far it is', async () => {
    const editor = await begun();
    await editor.untilScreen(/etcd:\/\/\/big\/: \d+ names so far \(Ctrl-C stops\)/);
  });

  const hasProgress = tool.kind === 'nvim' && Number(tool.version.split('.')[1]) >= 12;
  it.runIf(hasProgress).each([
    ['it is whole', '', 'success'],
    ['it is stopped', 'call etcd#listing#stream#stop(bufnr())', 'failed'],
    ['its buffer goes', 'bwipeout', 'failed'],
  ])('ends its progress message when %s (messages of that kind are of Neovim 0.12)', async (_, end, status) => {
    const note = "lua vim.api.nvim_create_autocmd('Progress', { callback = function(ev) vim.g.progress = ev.data.status end })";
    const editor = await begun([note]);
    await editor.until("get(g:, 'progress', '') ==# 'running'");
    if (end !== '') await editor.ex(end);
    gate.open();
    await editor.until(`g:progress ==# '${status}'`);
  });

  it.runIf(hasProgress)('ends the progress message of a plan in words', async () => {
    const editor = await begun();
    await editor.ex("call etcd#ui#message#steps(1, 2) | call etcd#ui#message#plan_ended('success')");
    await editor.untilScreen(/^etcd: the plan has ended/);
  });

  it('Ctrl-C stops it, what is there stays, and R lists anew', async () => {
    const editor = await begun();
    const first = await editor.eval("line('$')");
    await editor.type('<C-c>');
    // We look at the screen, because <C-c> interrupts whatever runs in the editor, even a question of ours.
    await editor.untilScreen(/stopped at \d+ names; R lists anew/);
    await editor.settled('b:etcd.filling == 0');
    expect(await editor.eval('[b:etcd.partial, b:etcd.count, line("$"), maparg("<C-C>", "n")]')).toEqual([1, first, first, '']);
    expect(await editor.eval('g:seen')).toEqual([['etcd:///big/', first]]);
    expect(await editor.eval("etcd#statusline() =~# ' \\[partial\\]$'")).toBe(1);
    gate.open();
    await editor.type('R');
    await whole(editor);
    expect(await editor.eval("etcd#statusline() =~# 'partial'")).toBe(0);
  });

  it('takes in what others create meanwhile once it is whole; one that was stopped only says that it has changed', async () => {
    const editor = await begun();
    gate.close('/big/', Infinity);
    await othersPut(editor, '/big/a');
    expect(await editor.eval('getline(1)')).toBe('key-10000');
    gate.open();
    await editor.until("getline(1) ==# 'a' && line('$') == 5001 && b:etcd.count == 5001");
    await etcd().delete('/big/a');
    await editor.until("line('$') == 5000");
    gate.close('/two/');
    await editor.ex('edit etcd:/two/');
    await gate.waiting();
    await editor.ex("call etcd#listing#stream#stop(bufnr('%'))");
    const first = await editor.eval("line('$')");
    gate.open();
    await etcd().put('/two/a', 'others');
    await editor.until("etcd#statusline() =~# '\\[changed] \\[partial]'");
    expect(await editor.eval("[line('$'), getline(1)]")).toEqual([first, 'key-10000']);
    await etcd().delete('/two/a');
  });

  it('goes on taking in what others create if it is read as a whole, while what has come by then waits', async () => {
    const editor = await begun();
    // What is held stays held.
    gate.close('/big/', Infinity);
    await othersPut(editor, '/big/a');
    await editor.ex('let g:etcd = {"wait": 1} | edit');
    expect(await editor.eval("[getline(1), line('$'), b:etcd.filling]")).toEqual(['a', 5001, 0]);
    await etcd().put('/big/b', 'others');
    await editor.until("getline(2) ==# 'b' && line('$') == 5002");
    for (const gone of ['/big/a', '/big/b']) await etcd().delete(gone);
    await editor.until("line('$') == 5000");
  });

  it.each([
    ['Insert mode', 'iabc', 'abc'],
    ['a command that wants a motion', 'd', ''],
    ['Visual mode', 'v', ''],
    ['the command line', ':let g:x = 1', ''],
  ])('waits while the user is in %s in another window', async (_, keys, line) => {
    const editor = await begun();
    const first = await editor.eval("line('$')");
    await editor.ex('new');
    await editor.type(keys);
    await editor.until("mode(1) !=# 'n'");
    gate.open();
    const log = "join(etcd#host#rpc#request('log', {}, 'read').lines, ' ')";
    await editor.until(`${log} =~# 'listed etcd:///big/: ${TOTAL} names'`);
    // Enough time for the names to come in, many times over.
    for (let i = 0; i < 20; i++) await editor.eval(log);
    expect(await editor.eval("getbufvar('etcd:///big/', 'etcd').count")).toBe(first);
    await editor.type('<Esc>');
    await editor.until("getbufvar('etcd:///big/', 'etcd').partial == 0");
    expect(await editor.eval('[getline(1), mode(1), g:seen]')).toEqual([line, 'n', []]);
    // The event belongs to that buffer.
    await editor.ex('wincmd p');
    expect(await editor.eval('g:seen')).toEqual([['etcd:///big/', TOTAL]]);
  });

  it('fills several at once, hidden ones and renamed ones', async () => {
    const editor = await begun();
    gate.close('/two/');
    await editor.ex('edit etcd:/two/');
    await gate.waiting();
    await editor.ex('buffer etcd:///big/ | silent file etcd:/other/ | enew');
    gate.open();
    await whole(editor, "'etcd:///two/'");
    await whole(editor, "'etcd:///other/'");
  });

  it.each(['bwipeout', 'bdelete', 'enew | set nohidden | buffer # | enew'])('%s ends it, in Node as well', async (command) => {
    const editor = await begun();
    await editor.ex(command);
    const log = "join(etcd#host#rpc#request('log', {}, 'read').lines, ' ')";
    await editor.until(`${log} =~# 'stop \\d'`);
    gate.open();
    expect(await editor.eval("execute('messages')")).not.toMatch(/E\d+:/);
  });

  it(':e again lists anew', async () => {
    const editor = await begun();
    gate.open();
    await editor.ex('edit');
    await whole(editor);
    expect(await editor.eval('len(uniq(sort(getline(1, "$"))))')).toBe(TOTAL);
  });

  it('says what broke it, and keeps what is there', async () => {
    const editor = await begun();
    await etcd().post('/v3/kv/compaction', { revision: await etcd().put('/x', '') });
    gate.open();
    await editor.settled('b:etcd.filling == 0');
    expect(await editor.eval('b:etcd.partial')).toBe(1);
    expect(await editor.eval("execute('messages')")).toMatch(
      /cannot list all of etcd:\/\/\/big\/: the revision that was being read is gone; \d+ names are there, R lists anew/s,
    );
    await editor.type('R');
    await whole(editor);
  });

  it('has the time of a listing also without its slash, which only Node can tell from a key', async () => {
    const editor = await open({ endpoints: [gate.endpoint], rc: ["let g:etcd = {'timeout': {'read': 800, 'list': 20000}}"] });
    await editor.ex('edit etcd:/nothing');
    gate.close('/big/', 0);
    const listed = editor.ex('edit etcd:/big');
    await gate.waiting();
    // Longer than Node has for a key, and than the editor then waits for Node.
    await pause(2000);
    gate.open();
    await listed;
    expect(await editor.eval("[bufname('%'), get(b:etcd, 'error', ''), getline(1)]")).toEqual(['etcd:///big/', '', 'key-10000']);
  });

  it.each([
    ['', 'Etcd! /big/'],
    ["let g:etcd = {'wait': 1}", 'edit etcd:/big/'],
    ['', 'vimgrep /key-14999/j etcd:///big/'],
  ])('%s :%s waits for all of it', async (setting, command) => {
    const editor = await open({ endpoints: [gate.endpoint], rc: [...watch, setting] });
    gate.close('/big/');
    await editor.type(`:${command}<CR>`);
    await gate.waiting();
    gate.open();
    await editor.settled('!empty(g:seen)');
    expect(await editor.eval('g:seen[0][1]')).toBe(TOTAL);
    if (command.startsWith('vimgrep')) expect(await editor.eval('getqflist()[0].lnum')).toBe(TOTAL);
  });
});
