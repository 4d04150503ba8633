/** :Etcd grep, lgrep and find: the lists of what is found, and what one can do with them. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import type { TestEtcd } from '../harness/etcd.js';
import { openGate, type Gate } from '../harness/gate.js';
import { inOneOfEach, UNWATCHED } from './editors.js';

const TOTAL = 500;

async function fill(etcd: TestEtcd): Promise<void> {
  for (let i = 0; i < TOTAL; i += 100) {
    const success = Array.from({ length: 100 }, (_, j) => ({
      request_put: {
        key: Buffer.from(`/big/${1000 + i + j}`).toString('base64'),
        value: Buffer.from('head\nthe needle\n').toString('base64'),
      },
    }));
    await etcd.post('/v3/kv/txn', { success });
  }
  await etcd.put('/app/conf', 'first\nttl: 40\n  the ttl');
  await etcd.put('/app/é x.json', '{"ttl": 40}');
  await etcd.put('/app/bytes', Buffer.from('a\xff\x00ttl\xe9', 'latin1'));
  await etcd.put('/app/bom', '\ufeffé ttl');
  await etcd.put('/app/dos', 'one\r\nmy ttl\r\n');
}

const ITEMS = "map(getqflist(), '[bufname(v:val.bufnr), v:val.lnum, v:val.col, v:val.end_col, v:val.text]')";

inOneOfEach('search', fill, ({ open, etcd }) => {
  const place = (editor: Editor) => editor.eval("[bufname('%'), line('.'), col('.')]");

  it('grep makes a quickfix list of lines, goes to the first, and each line is where it says', async () => {
    const rc = ["autocmd QuickFixCmdPre,QuickFixCmdPost grep let g:fired = get(g:, 'fired', 0) + 1"];
    const editor = await open({ rc });
    await editor.ex('Etcd grep ttl /app/');
    await editor.until('len(getqflist()) == 6');
    expect(await editor.eval(ITEMS)).toEqual([
      ['etcd:///app/bom', 1, 4, 7, 'é ttl'],
      ['etcd:///app/bytes', 1, 5, 8, '[bytes] aÿ·ttlé'],
      ['etcd:///app/conf', 2, 1, 4, 'ttl: 40'],
      ['etcd:///app/conf', 3, 7, 10, '  the ttl'],
      ['etcd:///app/dos', 2, 4, 7, 'my ttl'],
      ['etcd:///app/é%20x.json', 1, 3, 6, '{"ttl": 40}'],
    ]);
    expect(await editor.eval("[getqflist({'title': 0}).title, g:fired]")).toEqual([':Etcd grep ttl etcd:///app/', 2]);
    for (let i = 1; i <= 6; i++) {
      await editor.ex(`cc ${i}`);
      expect(await editor.eval("strpart(getline('.'), col('.') - 1, 3)")).toBe('ttl');
      expect(await place(editor)).toEqual(await editor.eval(`${ITEMS}[${i - 1}][0:2]`));
    }
  });

  it('takes quotes, expressions, ! and the prefix of the buffer', async () => {
    const editor = await open();
    await editor.ex('edit etcd:/app/conf');
    await editor.ex('Etcd grep! \'\\"ttl\\": 4\'');
    expect(await place(editor)).toEqual(['etcd:///app/conf', 1, 1]);
    expect(await editor.eval(`map(${ITEMS}, 'v:val[0]')`)).toEqual(['etcd:///app/é%20x.json']);
    await editor.ex('Etcd! grep /^ +THE\\|my T/i');
    expect(await editor.eval(`map(${ITEMS}, 'v:val[0]')`)).toEqual(['etcd:///app/conf', 'etcd:///app/dos']);
    expect(await editor.eval("getqflist({'title': 0}).title")).toBe(':Etcd grep /^ +THE|my T/i etcd:///app/');
    await editor.ex('colder');
    expect(await editor.eval(`len(${ITEMS})`)).toBe(1);
    expect(await editor.eval("execute('messages')")).not.toMatch(/No matching autocommands/);
  });

  it.each([
    ['etcd:/app/conf?as=hex', 'etcd:///app/'],
    ['etcd:/app/?yaml', 'etcd:///app/'],
    ['etcd:/app/?edit', 'etcd:///app/'],
    ['etcd:?json', 'etcd:///./'],
  ])('searches what the buffer %s is about', async (name, prefix) => {
    const editor = await open();
    await editor.ex(`edit ${name}`);
    await editor.ex('Etcd grep! needle');
    expect(await editor.eval("getqflist({'title': 0}).title")).toBe(`:Etcd grep needle ${prefix}`);
  });

  it.each([
    ['grep', /wants a pattern; a " begins a comment/],
    ['grep "x y" /app/', /wants a pattern/],
    ["grep 'x y /app/", /text in quotes has no end: 'x y \/app\/; within it '' is a quote/],
    ["grep 'it's /app/", /text in quotes has no end/],
    ['grep /a[/', /Invalid regular expression: .*Unterminated character class/],
    ['grep x y', /y is no prefix/],
    ['grep /(/', /Invalid regular expression/],
    ["grep ''", /the pattern is empty/],
    ['grep /^(.+)+x$/ /app/', /does not come to an end in \/app\//],
    ['find', /:Etcd find wants a pattern/],
  ])('%s is an error, and makes no list', async (argument, told) => {
    await etcd().put('/app/conf', 'first\nttl: 40\n  the ttl');
    if (argument.includes('.+')) await etcd().put('/app/zz', 'a'.repeat(50));
    const editor = await open();
    await expect(editor.ex(`Etcd ${argument}`)).rejects.toThrow(told);
    expect(await editor.eval("[getqflist({'nr': '$'}).nr, bufname('%')]")).toEqual([0, '']);
    await etcd().delete('/app/zz');
  });

  it('lgrep makes a list of the window', async () => {
    const editor = await open();
    await editor.ex('Etcd lgrep ttl /app/');
    expect(await editor.eval('[len(getloclist(0)), len(getqflist())]')).toEqual([6, 0]);
    await editor.ex('lnext');
    expect(await place(editor)).toEqual(['etcd:///app/bytes', 1, 5]);
  });

  it(':cdo changes and writes each hit, compared with what was read', async () => {
    for (const name of ['a', 'b', 'c']) await etcd().put(`/cdo/${name}`, `port: 80\nname: ${name}`);
    const editor = await open({ rc: [UNWATCHED] });
    await editor.ex('Etcd grep port: /cdo/');
    await editor.ex('edit etcd:/cdo/c');
    await etcd().put('/cdo/c', 'port: 81');
    await expect(editor.ex('cdo s/80/8080/ | update')).rejects.toThrow(/cannot write etcd:\/\/\/cdo\/c/);
    const now = await Promise.all(['a', 'b', 'c'].map((name) => etcd().get(`/cdo/${name}`)));
    expect(now.map((found) => found?.value.toString())).toEqual(['port: 8080\nname: a', 'port: 8080\nname: b', 'port: 81']);
  });

  it('find opens the first of a list; with ! it is a listing of whole names', async () => {
    const editor = await open();
    await editor.ex('Etcd find *.json');
    expect(await editor.eval("[bufname('%'), len(getqflist()), getqflist({'title': 0}).title]")).toEqual([
      'etcd:///app/é%20x.json',
      1,
      ':Etcd find *.json etcd:///./',
    ]);
    await editor.ex('Etcd! find /app/** /');
    expect(await editor.lines()).toEqual(['app/bom', 'app/bytes', 'app/conf', 'app/dos', 'app/é%20x.json']);
    await editor.type('4G<CR>');
    await editor.until("bufname('%') ==# 'etcd:///app/dos'");
    await editor.ex('only | vertical Etcd! find conf /app/');
    expect(await editor.eval('winlayout()[0]')).toBe('row');
  });

  it('find! leaves the last substitution of the user', async () => {
    const editor = await open();
    await editor.type('ione one one<Esc>:s/one/two/<CR>');
    await editor.settled("getline(1) ==# 'two one one'");
    await editor.ex('Etcd! find conf /app/');
    expect(await editor.lines()).toEqual(['app/conf']);
    await editor.type('<C-W>p&');
    await editor.settled("getline(1) ==# 'two two one'");
  });

  it('takes a slash within [] of an expression for a part of it', async () => {
    await etcd().put('/slash/a', 'the path /usr/bin');
    const editor = await open();
    await editor.ex('Etcd grep /[/\\]]usr.b[^/]n/i /slash/');
    expect(await place(editor)).toEqual(['etcd:///slash/a', 1, 10]);
    expect(await editor.eval("getqflist({'title': 0}).title")).toBe(':Etcd grep /[/\\]]usr.b[^/]n/i etcd:///slash/');
  });

  it('is where it says also if the value is opened in another form by itself', async () => {
    await etcd().put('/pretty/a', '{"host": "db-1", "port": 80}');
    await etcd().put('/pretty/b', 'host: db-1');
    const editor = await open({ rc: ["let g:etcd = {'pretty': ['/pretty/']}"] });
    await editor.ex('Etcd grep db- /pretty/');
    expect(await place(editor)).toEqual(['etcd:///pretty/a?as=text', 1, 11]);
    await editor.ex('cdo s/db-1/db-2/ | update');
    const now = await Promise.all(['a', 'b'].map((name) => etcd().get(`/pretty/${name}`)));
    expect(now.map((found) => found?.value.toString())).toEqual(['{"host": "db-2", "port": 80}', 'host: db-2']);
    expect(await editor.eval("bufname('%')")).toBe('etcd:///pretty/b');
  });

  it('completes any part of a name, and a prefix after a pattern', async () => {
    const editor = await open();
    expect(await editor.eval("getcompletion('Etcd find onf', 'cmdline')")).toEqual(['/app/conf']);
    await etcd().put('bare/x', '1');
    await etcd().put('/y/bare/x', '1');
    expect(await editor.eval("getcompletion('Etcd find bare', 'cmdline')")).toEqual(['/y/bare/x', './bare/x']);
    expect(await editor.eval("etcd#keys({'pattern': './bare/x'})")).toEqual(['etcd:///y/bare/x', 'etcd:///./bare/x']);
    expect(await editor.eval("etcd#keys({'pattern': './b**'})")).toEqual(['etcd:///./bare/x']);
    expect(await editor.eval("getcompletion('Etcd grep x /a', 'cmdline')")).toEqual(['/app/']);
    expect(await editor.eval("getcompletion('Etcd find x etcd:/a', 'cmdline')")).toEqual(['etcd:/app/']);
    expect(await editor.eval("getcompletion('Etcd lg', 'cmdline')")).toEqual(['lgrep']);
  });

  it('gives scripts the same, at once or to a callback', async () => {
    const editor = await open();
    expect(await editor.eval("etcd#keys({'pattern': 'o', 'prefix': '/app/', 'max': 2})")).toEqual(['etcd:///app/bom', 'etcd:///app/conf']);
    expect(await editor.eval("len(etcd#keys({'prefix': '/app/'}))")).toBe(5);
    // {} of Lua.
    expect(await editor.eval('len(etcd#keys([]))')).toBeGreaterThan(5);
    expect(await editor.eval("map(etcd#grep({'pattern': '/my (ttl)/', 'prefix': '/app/'}), '[v:val.filename, v:val.lnum]')")).toEqual([
      ['etcd:///app/dos', 2],
    ]);
    await editor.ex("call etcd#keys({'pattern': '*x.json'}, {found, why -> extend(g:, {'got': [found, why]})})");
    await editor.until("exists('g:got')");
    expect(await editor.eval('g:got')).toEqual([['etcd:///app/é%20x.json'], '']);
    await editor.ex("call etcd#grep({'pattern': '/(/'}, {found, why -> extend(g:, {'failed': [found, why]})})");
    await editor.until("exists('g:failed')");
    expect(await editor.eval('g:failed')).toEqual([[], expect.stringMatching(/^etcd: cannot search .*Invalid/)]);
    // Also what is wrong before anything is asked.
    await editor.ex("call etcd#keys({'pattern': \"'x\"}, {found, why -> extend(g:, {'wrong': [found, why]})})");
    await editor.until("exists('g:wrong')");
    expect(await editor.eval('g:wrong')).toEqual([[], expect.stringMatching(/^etcd: the text in quotes has no end/)]);
  });

  it.each([
    ["etcd#keys({'patern': 'x'})", /^etcd: a query has no patern, but pattern, prefix and max$/],
    ["etcd#keys({'max': '5'})", /^etcd: max of a query is a number from 1 on, not '5'$/],
    ["etcd#keys({'max': -1})", /a number from 1 on, not -1$/],
    ["etcd#grep({'pattern': []})", /^etcd: pattern of a query is text, not \[\]$/],
    ["etcd#grep('x')", /^etcd: a query is a dictionary/],
    ["etcd#grep({'pattern': 'x'}, 'Name')", /^etcd: the callback is a function, not 'Name'$/],
  ])('%s is refused by what is wrong with it', async (call, told) => {
    const editor = await open();
    await editor.ex(`try | call ${call} | catch | let g:told = v:exception | endtry`);
    expect(await editor.eval('g:told')).toMatch(told);
  });
});

inOneOfEach('a search that goes on', fill, ({ open, etcd }) => {
  let gate: Gate;
  beforeEach(async () => {
    gate = await openGate(etcd().endpoint);
  });
  afterEach(() => gate.stop());

  /** An editor that shows the first hits; the rest waits at the gate. */
  async function begun(command = 'Etcd grep needle /big/'): Promise<Editor> {
    const editor = await open({ endpoints: [gate.endpoint], rc: ["autocmd User EtcdSearch let g:over = get(g:, 'over', 0) + 1"] });
    gate.close('/big/', 2);
    await editor.ex(command.startsWith('Etcd l') ? command : command.replace('grep', 'grep!'));
    await gate.waiting();
    return editor;
  }

  it('grows while one works, also under the list of someone else', async () => {
    const editor = await begun();
    const first = await editor.eval<number>('len(getqflist())');
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(TOTAL);
    await editor.ex("call setqflist([], ' ', {'title': 'mine', 'items': [{'filename': 'x', 'lnum': 1}]})");
    await editor.type('ihere<Esc>');
    gate.open();
    await editor.until('get(g:, "over") == 1');
    expect(await editor.eval("[getqflist({'title': 0}).title, len(getqflist()), getline(1)]")).toEqual(['mine', 1, 'here']);
    await editor.ex('colder');
    expect(await editor.eval('len(getqflist())')).toBe(TOTAL);
    expect(await editor.eval("maparg('<C-C>', 'n')")).toBe('');
    await editor.ex('clast');
    expect(await editor.eval("[bufname('%'), line('.'), col('.')]")).toEqual([`etcd:///big/${1000 + TOTAL - 1}`, 2, 5]);
  });

  it('Ctrl-C stops it, and what was found stays', async () => {
    const editor = await begun();
    const first = await editor.eval<number>('len(getqflist())');
    await editor.type('<C-c>');
    // We look at the screen, because <C-c> interrupts whatever runs in the editor, even a question of ours.
    await editor.untilScreen(/stopped; \d+ hits/);
    await editor.until('get(g:, "over") == 1');
    expect(await editor.eval("[len(getqflist()), maparg('<C-C>', 'n')]")).toEqual([first, '']);
    gate.open();
  });

  it('goes with the window of its location list', async () => {
    const editor = await begun('Etcd lgrep needle /big/');
    await editor.ex('split | wincmd p | close');
    gate.open();
    await editor.until("maparg('<C-C>', 'n') ==# ''");
    await editor.ex('Etcd lgrep ttl /app/');
    expect(await editor.eval('len(getloclist(0))')).toBe(6);
  });

  it('says why it ended, and keeps what was found', async () => {
    const editor = await begun();
    const first = await editor.eval<number>('len(getqflist())');
    const revision = await etcd().put('/other', 'x');
    await etcd().post('/v3/kv/compaction', { revision });
    gate.open();
    await editor.until('get(g:, "over") == 1');
    expect(await editor.eval('len(getqflist())')).toBe(first);
    await editor.untilScreen(/cannot search all of etcd:\/\/\/big\/.*compacted/);
  });
});
