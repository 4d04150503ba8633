/** Contents, endings and messages that attack the editor or the terminal (test/harness/hostile.ts). None runs, and none is sent raw. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Editor } from '../../harness/editor.js';
import { claimed, sequences, typed, values } from '../../harness/hostile.js';
import { addressOf, hostileServer, keyOf } from '../../harness/trap.js';
import { UNWATCHED } from '../editors.js';
import { PRINTABLE, expectOpened, inEveryHostileEditor, inside, text, valueKeys } from '../hostile-editors.js';

inEveryHostileEditor(({ start, visit, everything, etcd, root, visited }) => {
  it('in error messages: conflict, unreachable', async () => {
    const editor = await start([UNWATCHED]);
    await visit(editor, 'edit', visited.map(addressOf));
    for (const key of visited) await etcd().put(key, 'theirs\n');
    const conflicts = await visit(editor, 'edit', visited.map(addressOf), "call setline(1, 'mine')", 'write', 'edit!');
    await editor.ex("let $ETCDCTL_ENDPOINTS = '127.0.0.1:1'");
    const unreachable = await visit(editor, 'edit', visited.map(addressOf), 'edit!', 'write');
    for (const [seen, why] of [
      [conflicts, 'conflict'],
      [unreachable, 'unreachable'],
    ] as const) {
      expect(
        seen.filter(([, line, kind]) => kind !== 'error' || !PRINTABLE.test(line)),
        why,
      ).toEqual([]);
    }
    expect(await editor.eval("execute('messages')")).toMatch(PRINTABLE);
  });

  it("in a server's answers", async () => {
    const server = await hostileServer();
    const editor = await start([], { endpoints: [server.endpoint] });
    const addresses = server.answers.map((_, i) => `etcd:/x${i}`);
    for (const command of ['edit', 'edit! etcd:/y/ | edit', 'enew! | write', '0read', 'source']) {
      const seen = await visit(editor, command, addresses);
      for (const [name, line, kind] of seen) expect(kind === 'error' ? line : name).toMatch(PRINTABLE);
      expect(seen).toHaveLength(addresses.length);
    }
    expect(await editor.eval("getcompletion('Etcd /', 'cmdline')")).toEqual([]);
    for (const verb of ['health', 'log']) {
      await editor.ex(`Etcd ${verb}`);
      for (const line of await editor.lines()) expect(line).toMatch(PRINTABLE);
      await editor.ex('close');
    }
    const messages = await editor.eval<string>("execute('messages')");
    expect(messages).toMatch(/REMOTE/);
    expect(messages).toMatch(PRINTABLE);
    server.close();
  });

  it.each(['edit', 'split', 'diffsplit', 'view', 'pedit'])('values opened by :%s: no modeline', async (command) => {
    const editor = await start();
    const suspect = 'map(split(\'fdm fde stl inde inex fex kp mp ofu cpt\'), \'eval("&" . v:val) =~# "[Cc]anary"\')';
    const collect = `let g:all = get(g:, 'all', {}) | let g:all[string([&tabstop == 13, ${suspect}])] = 1`;
    const after = command === 'pedit' ? 'wincmd P' : 'redraw';
    const seen = await visit(
      editor,
      `silent only | ${command}`,
      valueKeys.map((key) => `etcd:${key}`),
      after,
      collect,
    );
    expect(seen.map(([name, , kind]) => [text(keyOf(name)), kind])).toEqual(valueKeys.map((key) => [key, 'key']));
    expect(await editor.eval('keys(g:all)')).toEqual(['[0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]]']);
  });

  it('values read and written back: the same bytes', async () => {
    const editor = await start();
    const seen = await visit(
      editor,
      'edit',
      valueKeys.map((key) => `etcd:${key}`),
      'write!',
      'doautocmd BufRead',
      'doautocmd BufWinEnter',
    );
    expect(seen.filter(([, , kind]) => kind !== 'key')).toEqual([]);
    const held = await everything();
    for (const [i, key] of valueKeys.entries()) expect(held.get(key), key).toBe(text(values[i] as Buffer));
    expect(await editor.eval("filter(range(1, bufnr('$')), 'getbufvar(v:val, \"&tabstop\") == 13')")).toEqual([]);
  });

  it('filetypes found by name: nothing of the value runs', async () => {
    const editor = await start(['set foldenable']);
    const seen = await visit(
      editor,
      'edit',
      typed.map((key) => `etcd:${key}`),
      'redraw!',
      'setlocal tabstop?',
      'write!',
    );
    expect(seen.map(([name, , kind]) => [text(keyOf(name)), kind])).toEqual(typed.map((key) => [key, 'key']));
    expect(await editor.eval("filter(range(1, bufnr('$')), 'getbufvar(v:val, \"&tabstop\") == 13')")).toEqual([]);
    expect(
      (await editor.eval<string[]>("map(range(1, bufnr('$')), 'getbufvar(v:val, \"&filetype\")')")).filter((it) => it).length,
    ).toBeGreaterThan(20);
  });

  it('archives and what other plugins claim: plain values', async () => {
    const editor = await start();
    const before = await everything();
    const one = (key: string): string => `etcd:${key}`;
    const opened = await visit(editor, 'edit', claimed.map(one), 'doautocmd BufEnter');
    expect(opened.filter(([, , kind]) => kind !== 'key')).toEqual([]);
    expect(
      await editor.eval<string[]>(
        "filter(map(range(1, bufnr('$')), 'getbufvar(v:val, \"&buftype\")'), 'v:val !~# \"^\\\\%(acwrite\\\\)\\\\=$\"')",
      ),
    ).toEqual([]);
    await visit(editor, 'edit', claimed.map(one), 'write!');
    expect(await everything()).toEqual(before);
    await visit(editor, 'edit', claimed.map(one), "call setline(1, 'new')", 'write');
    const after = await everything();
    expect(claimed.filter((key) => !(after.get(key) ?? '').startsWith('new'))).toEqual([]);
    await visit(editor, 'silent! %bwipeout! | read', claimed.map(one));
    await visit(editor, "silent! %bwipeout! | call setline(1, 'x') | write! >>", claimed.map(one));
    const whole = await everything();
    expect(claimed.filter((key) => whole.get(key) !== `${after.get(key) ?? ''}x\n`)).toEqual([]);
    expect(await editor.eval("execute('messages')")).not.toMatch(/E\d+:|[Ee]rror/);
    expect(await editor.eval("execute('scriptnames')")).not.toMatch(/autoload\/(tar|zip|gzip|netrw|vimball|shada)\.vim/);
    for (const key of claimed) await etcd().put(key, Buffer.from(before.get(key) ?? '', 'latin1'));
  });

  /** An editor that sets the title, and a function that gives all that it has sent to the terminal so far. */
  async function recorded(rc: string[]): Promise<{ editor: Editor; sent: () => Promise<Buffer> }> {
    const output = join(root(), `output-${Date.now()}`);
    const title = ['if !has(\'nvim\') | let [&t_ts, &t_fs] = ["\\<Esc>]2;", "\\<C-G>"] | endif', 'set title titlelen=0 icon'];
    const editor = await start([...title, ...rc], { env: { ETCD_VIM_TEST_OUTPUT: output }, size: { columns: 150, rows: 40 } });
    async function sent(): Promise<Buffer> {
      await editor.type(':echo "the" "end"<CR>');
      await expect.poll(() => readFileSync(output).includes('the end'), { timeout: 15_000 }).toBe(true);
      return readFileSync(output);
    }
    return { editor, sent };
  }

  /** Nothing in it is from a key, a value or a server, except letters. */
  function expectHarmless(raw: Buffer): void {
    expect(sequences.filter((sequence) => raw.includes(sequence))).toEqual([]);
    const control = /[^]{20}[\u0080-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff][^]{20}/gu;
    expect([...raw.toString('utf8').matchAll(control)].map(String)).toEqual([]);
    expect(['\x1b[777', '\x1b]8;;http', '\x1b]52;c', '\x1bPREMOTE3', '\x1b_REMOTE4'].filter((head) => raw.includes(head))).toEqual([]);
  }

  it.each([
    ['the default', 'set titlestring='],
    ['%f', 'set titlestring=%f'],
    ['%{expand("%:p")}', "set titlestring=%{expand('%:p')}"],
    ["let &titlestring = bufname('%')", "autocmd BufEnter * silent! let &titlestring = bufname('%')"],
  ])('in the title: %s', async (_, setting) => {
    const { editor, sent } = await recorded([setting]);
    expectOpened(await visit(editor, 'edit', visited.map(addressOf), 'redraw!'), visited, await everything());
    const raw = await sent();
    const escapes = raw.toString('latin1').split('\x1b');
    // OSC 0 and 2, and what Neovim sends to a terminal that calls itself screen.
    expect(escapes.filter((it) => /^(?:\][02];|_|k).*etcd:/.test(it)).length).toBeGreaterThan(20);
    expectHarmless(raw);
  });

  it('the terminal: no remote control byte in the raw output', async () => {
    const server = await hostileServer();
    const { editor, sent } = await recorded([
      'set laststatus=2 showtabline=2 nowrap wildmode=list:full',
      "set statusline=%f\\ %{expand('%')} titlestring=%t%(\\ %M%)",
    ]);
    await visit(editor, 'edit', inside('/h/').map(addressOf), 'redraw!');
    await visit(
      editor,
      'edit',
      ['etcd:/h/', 'etcd:/', 'etcd:/long/'],
      'redraw!',
      'exe "normal! \\<C-F>" | redraw!',
      'exe "normal! \\<C-F>" | redraw!',
    );
    // One by one, because drawing them all takes a slow machine longer than an answer may take.
    for (const key of valueKeys) {
      await visit(
        editor,
        'edit',
        [`etcd:${key}`],
        'redraw!',
        'set list | redraw! | set nolist',
        'set display=uhex | redraw! | set display=',
      );
    }
    await editor.type(':ls!<CR>');
    await editor.normal();
    await editor.type(':e etcd:/h/<Tab><Tab><Tab>');
    await editor.normal();
    await editor.ex(`let $ETCDCTL_ENDPOINTS = '${server.endpoint}'`);
    await visit(
      editor,
      'edit!',
      server.answers.map((_, i) => `etcd:/x${i}`),
      'redraw!',
    );
    await editor.type(':messages<CR>');
    await editor.normal();
    await editor.ex('Etcd log');
    await editor.ex('redraw!');
    const raw = await sent();
    expect(raw.includes('%1B%5D0%3BREMOTE1')).toBe(true);
    expectHarmless(raw);
    server.close();
  });
});
