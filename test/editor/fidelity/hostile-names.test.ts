/** Names that attack the editor (test/harness/hostile.ts), in every place for a name: nothing runs, and the right key is meant. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addressOf, keyOf, setTrap } from '../../harness/trap.js';
import { PRINTABLE, expectOpened, inEveryHostileEditor, inside, quoted, text, valueKeys, type Seen } from '../hostile-editors.js';

inEveryHostileEditor(({ start, result, visit, everything, etcd, visited: keys }) => {
  /** The children of a prefix. One that ends in '/' is a prefix, or the key `…/` of the level below. */
  function level(prefix: string): string[] {
    const children = inside(prefix).map((key) => prefix + (/^[^/]*\/?/.exec(text(key).slice(prefix.length))?.[0] ?? ''));
    return [...new Set(children)].sort();
  }

  async function remove(prefix: string): Promise<void> {
    const [key, end] = [prefix, prefix.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1))];
    await etcd().post('/v3/kv/deleterange', { key: Buffer.from(key).toString('base64'), range_end: Buffer.from(end).toString('base64') });
  }

  it('the canaries do sing', async () => {
    const own = setTrap();
    const editor = await start([...(own.options.rc ?? [])], own.options.env ? { env: own.options.env } : {});
    await editor.ex('call system("canary x") | call Canary("y")');
    expect(own.sang().sort()).toEqual(['function-y', 'program-x']);
    own.remove();
  });

  it('listed', async () => {
    const editor = await start();
    const [lines, addresses] = await result<[string[], string[]]>(editor, "Crawl(['etcd:/./'])");
    expect(addresses.map((address) => text(keyOf(address))).sort()).toEqual([...(await everything()).keys()].sort());
    for (const line of lines) expect(line).toMatch(/^[\w.~:=,@+%\p{L}\p{M}\p{N}-]*\/?$/u);
  });

  it('opened from the listing', async () => {
    const editor = await start();
    const held = await everything();
    const seen = await result<Seen>(editor, "Enter('etcd:/h/')");
    const values = seen.filter(([, , kind]) => kind === 'key').map((it) => [text(keyOf(it[0])), it[1]]);
    const level = inside('/h/').filter((key) => !text(key).slice(3).includes('/'));
    expect(values.sort()).toEqual(level.map((key) => [text(key), (held.get(text(key)) ?? '').replace(/\n$/, '')]).sort());
    expect(seen.filter(([, , kind]) => kind !== 'key' && kind !== 'prefix')).toEqual([]);
  });

  it.each(['edit', 'split', 'vsplit', 'tabedit', 'pedit'])('opened by :%s', async (command) => {
    const editor = await start();
    const after = command === 'pedit' ? ['wincmd P'] : [];
    const seen = await visit(editor, `silent only | ${command}`, keys.map(addressOf), ...after);
    expectOpened(seen, keys, await everything());
  });

  it('completed by <Tab>', async () => {
    const editor = await start();
    for (const [prefix, times] of [
      ['/h/', 200],
      ['/s/', 5],
      ['/long/', 5],
    ] as const) {
      const lines: string[] = [];
      await editor.type(`:e etcd:${prefix}`);
      await editor.until(`getcmdline() ==# ${quoted(`e etcd:${prefix}`)}`);
      for (let last = `e etcd:${prefix}`; lines.length < times;) {
        await editor.type('<Tab>');
        await editor.until(`getcmdline() !=# ${quoted(last)}`);
        last = await editor.eval<string>('getcmdline()');
        if (last === `e etcd:${prefix}`) break;
        lines.push(last);
      }
      await editor.normal();
      const seen: string[] = [];
      for (const line of lines) {
        await editor.ex(line);
        const address = await editor.eval<string>(
          "get(b:etcd, 'mod_revision', '1') ==# '0' ? 'new' : get(b:etcd, 'address', string(b:etcd))",
        );
        seen.push(address);
      }
      expect(seen.map((it) => text(keyOf(it))).sort()).toEqual(level(prefix));
    }
    await editor.type(':e etcd:/s/.<Tab><Tab>');
    await editor.until("getcmdline() ==# 'e etcd:/s/.x'");
    await editor.normal();
    expect(await editor.eval('getcwd() ==# $HOME')).toBe(1);
  });

  it('completed by :Etcd', async () => {
    const editor = await start();
    for (const prefix of ['/h/', '/long/', 'etcd:///h/']) {
      const found = await editor.eval<string[]>(`getcompletion('Etcd ${prefix}', 'cmdline')`);
      const seen: string[] = [];
      for (const candidate of found) {
        await editor.ex(`Etcd ${candidate}`);
        seen.push(await editor.eval<string>('b:etcd.address'));
      }
      expect(seen.map((it) => text(keyOf(it))).sort()).toEqual(level(prefix.replace('etcd://', '')));
    }
  });

  it('edited and written: that key alone', async () => {
    const editor = await start();
    const before = await everything();
    const seen = await visit(editor, 'edit', keys.map(addressOf), 'call setline(1, "edited " . getline(1))', 'write');
    expect(seen.filter(([, , kind]) => kind === 'error')).toEqual([]);
    for (const key of keys) before.set(text(key), `edited ${before.get(text(key)) ?? ''}`);
    expect(await everything()).toEqual(before);
  });

  it('written by :w address, :w! and :w >>', async () => {
    const editor = await start();
    const before = await everything();
    const targets = keys.map((key) => Buffer.concat([Buffer.from('/w'), key]));
    await editor.ex("call setline(1, 'text')");
    for (const command of ['write', 'write!', 'write >>']) {
      // If another buffer has a name, it is refused, as for files (E139).
      const seen = await visit(editor, `silent! %bwipeout! | call setline(1, 'text') | ${command}`, targets.map(addressOf));
      expect(seen.filter(([, , kind]) => kind === 'error')).toEqual([]);
    }
    for (const key of targets) before.set(text(key), 'text\ntext\n');
    expect(await everything()).toEqual(before);
    await remove('/w');
  });

  it('"//" in a typed name, behind :r and :w', async () => {
    const editor = await start();
    const names = ['/t//x', '/t/man://x'].map((key) => `etcd:${key}`);
    const before = await everything();
    await visit(editor, "enew! | call setline(1, ['one', 'two']) | 2write!", names);
    await visit(editor, "enew! | call setline(1, ['three']) | write! >>", names);
    const seen = await visit(editor, 'enew! | read', names, '1delete _');
    expect(seen.map(([, line]) => line)).toEqual(['two', 'two']);
    for (const key of ['/t//x', '/t/man://x']) before.set(key, 'two\nthree\n');
    expect(await everything()).toEqual(before);
    await remove('/t');
  });

  it('a buffer renamed by :file, and written', async () => {
    const editor = await start();
    const before = await everything();
    const targets = keys.map((key) => Buffer.concat([Buffer.from('/f'), key]));
    const seen = await visit(editor, `enew! | call setline(1, 'renamed') | file`, targets.map(addressOf), 'write');
    expect(seen.map(([name]) => text(keyOf(name)))).toEqual(targets.map(text));
    expect(seen.filter(([, , kind]) => kind === 'error')).toEqual([]);
    for (const key of targets) before.set(text(key), 'renamed\n');
    expect(await everything()).toEqual(before);
    await remove('/f');
  });

  it.each(['bdelete', 'bwipeout'])('closed by :%s name', async (command) => {
    const editor = await start();
    const opened = await visit(editor, 'edit', keys.map(addressOf));
    const names = opened.map(([name]) => name);
    await editor.ex('enew');
    const seen = await visit(editor, command, names);
    expect(seen.filter(([, , kind]) => kind === 'error')).toEqual([]);
    expect(await editor.eval(`filter(map(range(2, bufnr('$')), 'bufloaded(v:val)'), 'v:val')`)).toEqual([1]);
  });

  it('listed by :ls, reached by :buffer name', async () => {
    const editor = await start();
    const opened = await visit(editor, 'edit', keys.map(addressOf));
    expect(await editor.eval("execute('ls!')")).toMatch(PRINTABLE);
    const seen = await visit(
      editor,
      'buffer',
      opened.map(([name]) => name),
    );
    expect(seen).toEqual(opened);
  });

  it('restored from a session', async () => {
    const editor = await start(['set sessionoptions+=options,localoptions']);
    const shown = [...keys.slice(0, 40).map(addressOf), ...valueKeys.slice(0, 5).map((key) => `etcd:${key}`)];
    await visit(editor, 'edit', keys.map(addressOf));
    await visit(editor, 'tabedit', shown);
    await editor.ex('mksession session.vim');
    const restored = await start([], { args: ['-S', join(editor.home, 'session.vim')] });
    await restored.settled(`tabpagenr('$') == ${shown.length + 1}`);
    await restored.ex(
      "tabdo let g:seen = get(g:, 'seen', []) + [[bufname('%'), getline(1), get(get(b:, 'etcd', {}), 'kind', ''), &tabstop]]",
    );
    const seen = (await restored.eval<[...Seen[number], number][]>('g:seen')).slice(1);
    const held = await everything();
    const first = (key: string): string => (held.get(key) ?? '').replace(/\n[^]*$/, '');
    const rows = [...keys.slice(0, 40).map(text), ...valueKeys.slice(0, 5)].map((key) => [key, first(key), 'key', 8]);
    expect(seen.map(([name, ...rest]) => [text(keyOf(name)), ...rest])).toEqual(rows);
    await restored.ex("silent bufdo let g:all = get(g:, 'all', {}) | let g:all[bufname('%')] = getline(1)");
    const all = Object.entries(await restored.eval<Record<string, string>>('g:all')).filter(([name]) => name !== '');
    for (const key of keys) expect(new Map(all.map(([name, line]) => [text(keyOf(name)), line])).get(text(key))).toBe(first(text(key)));
  });

  it.each([
    ['%f', 'set statusline=%f'],
    ['%{expand("%")}', "set statusline=%{expand('%')}"],
    ['%{%bufname()%}', "set statusline=%{%bufname('%')%}"],
    ['a function that concatenates', 'set statusline=%!Concatenate()'],
    ['let &statusline', "autocmd BufEnter * silent! let &statusline = ' ' . bufname('%') . ' %l'"],
  ])('in the statusline: %s', async (_, setting) => {
    const editor = await start([
      'set laststatus=2 showtabline=2 mouse=a',
      "function! Concatenate() abort\nreturn ' ' . bufname('%') . ' %l'\nendfunction",
      setting,
      setting.replace('statusline', 'tabline'),
      setting.replace('statusline', 'rulerformat').replace(/^set rulerformat=%!.*/, ''),
      ...(setting.startsWith('set') ? [`if exists('+winbar') | ${setting.replace('statusline', 'winbar')} | endif`] : []),
    ]);
    const held = await everything();
    // The ruler is in the last line only if no window has a statusline.
    for (const set of ['set laststatus=2', 'set laststatus=0 ruler']) {
      await editor.ex(set);
      expectOpened(await visit(editor, 'edit', keys.map(addressOf), 'silent redraw!'), keys, held);
    }
    await editor.ex('set laststatus=2');
    for (const key of keys.filter((it) => text(it).includes('click'))) {
      await visit(editor, 'edit', [addressOf(key)], 'silent redraw!');
      const clicks = [1, 5, 9, 13, 17, 21, 25].map((column) => `\x1b[<0;${column};ROWM\x1b[<0;${column};ROWm`).join('');
      for (const row of [1, 2, 20]) await editor.type(clicks.replaceAll('ROW', String(row)));
      await editor.normal();
    }
  });
});
