/** The main job, as users do it: list, open, edit, write, create, split, go up. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { inEveryEditor } from './editors.js';

async function fill(etcd: TestEtcd): Promise<void> {
  await etcd.put('/app/config.json', '{"a": 1}\n');
  await etcd.put('/app/db/host', 'localhost');
  await etcd.put('/app/db/port', '5432');
  await etcd.put('/app/name', 'demo');
  await etcd.put('/app', 'both a key and a prefix');
  await etcd.put('/app/routes/', 'init_dir');
  await etcd.put('by-dev/meta/x', 'no leading slash');
}

const named = (address: string) => `bufname('%') ==# '${address}'`;

inEveryEditor('main job', fill, ({ open, etcd }) => {
  const stored = async (key: string) => (await etcd().get(key))?.value.toString();

  it('lists, goes in, edits, writes, and goes back up with the cursor on where it came from', async () => {
    const editor = await open();
    await editor.type(':e etcd:/app/<CR>');
    await editor.settled(named('etcd:///app/'));
    expect(await editor.lines()).toEqual(['config.json', 'db/', 'name', 'routes/']);
    await editor.type('j<CR>');
    await editor.settled(named('etcd:///app/db/'));
    await editor.type('<CR>');
    await editor.settled(named('etcd:///app/db/host'));
    expect(await editor.lines()).toEqual(['localhost']);
    await editor.type('A.example<Esc>:w<CR>');
    await editor.settled('!&modified && getline(1) =~# "example"');
    expect(await stored('/app/db/host')).toBe('localhost.example');
    await editor.untilScreen(/"etcd:\/\/\/app\/db\/host" 17B written, revision \d+/);
    await editor.type('u:w<CR>');
    await editor.settled("!&modified && getline(1) ==# 'localhost'");
    expect(await stored('/app/db/host')).toBe('localhost');
    await editor.ex('call etcd#listing#view#up(1)');
    await editor.settled(`${named('etcd:///app/db/')} && getline('.') ==# 'host'`);
    await editor.type('-');
    await editor.settled(`${named('etcd:///app/')} && getline('.') ==# 'db/'`);
    await editor.type('-');
    await editor.settled(`${named('etcd:///')} && getline('.') ==# 'app/'`);
    expect(await editor.lines()).toEqual(['app', 'app/']);
    await editor.type('-');
    await editor.settled(`${named('etcd:///./')} && getline('.') ==# '/'`);
    expect(await editor.lines()).toEqual(['/', 'by-dev/']);
    await editor.type('-<CR>');
    await editor.settled(named('etcd:///'));
  });

  it.each([
    ':e etcd:/app/',
    ':sp etcd:/app/',
    ':vs etcd:/app/',
    ':tabe etcd:/app/',
    ':Etcd /app/',
    ':vertical Etcd etcd:/app/',
    ':Etcd etcd:///app/',
  ])('%s shows the listing', async (command) => {
    const editor = await open();
    await editor.type(`${command}<CR>`);
    await editor.settled(`${named('etcd:///app/')} && line('$') == 4`);
    expect(await editor.eval("[&modifiable, &modified, &filetype, winnr('$') + tabpagenr('$')]")).toEqual([
      0,
      0,
      'etcd',
      /:(sp|vs|tabe|vert)/.test(command) ? 3 : 2,
    ]);
  });

  it('opens several from the command line', async () => {
    const editor = await open({ args: ['-O', 'etcd:/app/', 'etcd:/app/name', 'etcd:by-dev/meta/x'] });
    await editor.settled(
      "winnr('$') == 3 && map(range(1, 3), 'bufname(winbufnr(v:val))') ==# ['etcd:///app/', 'etcd:///app/name', 'etcd:///./by-dev/meta/x']",
    );
    expect(await editor.eval("map(range(1, 3), 'getbufline(winbufnr(v:val), 1)[0]')")).toEqual(['config.json', 'demo', 'no leading slash']);
  });

  it.each([
    ['o', 'winnr("$") == 2 && winwidth(1) == &columns'],
    ['v', 'winnr("$") == 2 && winheight(1) > &lines / 2'],
    ['t', 'tabpagenr("$") == 2'],
    ['5o', 'winnr("$") == 2 && winheight(0) == 5'],
    ['30v', 'winnr("$") == 2 && winwidth(0) == 30'],
    ['gf', 'winnr("$") == 1'],
  ])('%s opens in its own way', async (keys, how) => {
    const editor = await open({ args: ['etcd:/app/'] });
    await editor.settled(named('etcd:///app/'));
    await editor.type(`2j${keys}`);
    await editor.settled(`${named('etcd:///app/name')} && ${how}`);
    expect(await editor.lines()).toEqual(['demo']);
  });

  it('p previews and leaves the cursor in the listing', async () => {
    const editor = await open({ args: ['etcd:/app/'] });
    await editor.settled(named('etcd:///app/'));
    await editor.type('2jp');
    await editor.settled(`winnr('$') == 2 && ${named('etcd:///app/')}`);
    expect(await editor.eval("map(filter(range(1, 2), 'getwinvar(v:val, \"&previewwindow\")'), 'bufname(winbufnr(v:val))')")).toEqual([
      'etcd:///app/name',
    ]);
  });

  it('opens each line of a visual area', async () => {
    const editor = await open({ args: ['etcd:/app/'] });
    await editor.settled(named('etcd:///app/'));
    await editor.type('Vjjo');
    await editor.settled("winnr('$') == 4");
    expect((await editor.eval<string[]>("map(range(1, 4), 'bufname(winbufnr(v:val))')")).sort()).toEqual([
      'etcd:///app/',
      'etcd:///app/config.json',
      'etcd:///app/db/',
      'etcd:///app/name',
    ]);
  });

  it('goes several levels up with a count', async () => {
    const editor = await open({ args: ['etcd:/app/db/'] });
    await editor.settled(named('etcd:///app/db/'));
    await editor.type('2-');
    await editor.settled(`${named('etcd:///')} && getline('.') ==# 'app/'`);
  });

  it('refreshes with the cursor on its name, and returns to it', async () => {
    const editor = await open({ args: ['etcd:/app/'], rc: ['set nohidden'] });
    await editor.settled(named('etcd:///app/'));
    await editor.type('2j');
    await editor.settled("getline('.') ==# 'name'");
    await etcd().put('/app/another', '');
    await editor.type('R');
    await editor.settled("getline(1) ==# 'another' && getline('.') ==# 'name'");
    await etcd().delete('/app/another');
    await editor.type('<CR>');
    await editor.settled(named('etcd:///app/name'));
    await editor.type(':e #<CR>');
    await editor.settled(`${named('etcd:///app/')} && getline('.') ==# 'name' && line('$') == 4`);
  });

  it('shows the value, the listing, or a new key, by what etcd has', async () => {
    const editor = await open();
    await editor.ex('edit etcd:/app');
    expect(await editor.lines()).toEqual(['both a key and a prefix']);
    await editor.ex('edit etcd:/app/db');
    expect([await editor.eval("bufname('%')"), await editor.lines()]).toEqual(['etcd:///app/db/', ['host', 'port']]);
    await editor.ex('edit etcd:/app/routes/');
    expect(await editor.lines()).toEqual(['%2F']);
    await editor.type('<CR>');
    await editor.settled(named('etcd:///app/routes%2F'));
    expect(await editor.lines()).toEqual(['init_dir']);
    await editor.ex('call etcd#listing#view#up(1)');
    expect([await editor.eval("bufname('%')"), await editor.eval("getline('.')")]).toEqual(['etcd:///app/routes/', '%2F']);
    await editor.ex('edit etcd:/app/nothing/here');
    expect(await editor.eval("[bufname('%'), getline(1, '$'), &modified, &modifiable]")).toEqual(['etcd:///app/nothing/here', [''], 0, 1]);
  });

  it('creates a key without a final newline, and keeps what an old one had', async () => {
    const editor = await open();
    await editor.type(':e etcd:/app/new<CR>');
    await editor.settled(named('etcd:///app/new'));
    await editor.untilScreen(/\[New\]/);
    await editor.type('ione<CR>two<Esc>:w<CR>');
    await editor.settled("!&modified && line('$') == 2");
    expect(await stored('/app/new')).toBe('one\ntwo');
    await editor.type(':e etcd:/app/config.json<CR>');
    await editor.settled(named('etcd:///app/config.json'));
    await editor.type('oend<Esc>:w<CR>');
    await editor.settled("!&modified && line('$') == 2");
    expect(await stored('/app/config.json')).toBe('{"a": 1}\nend\n');
    await etcd().delete('/app/new');
    await etcd().put('/app/config.json', '{"a": 1}\n');
  });

  it.each([':wq', ':x', 'ZZ', ':wall|q', ':wqa'])('%s writes and leaves', async (keys) => {
    const editor = await open({ args: ['etcd:/app/db/port'] });
    await editor.settled(named('etcd:///app/db/port'));
    const value = String(keys.length * 1000 + editor.pid);
    await editor.type(`cc${value}<Esc>${keys.startsWith(':') ? `${keys}<CR>` : keys}`);
    await editor.gone();
    expect(await stored('/app/db/port')).toBe(value);
  });

  it('knows the filetype by name, and by content', async () => {
    await etcd().put('/app/settings', '{"b": 2}');
    const editor = await open({ args: ['etcd:/app/config.json'] });
    await editor.settled("&filetype ==# 'json'");
    await editor.ex('edit etcd:/app/settings');
    expect(await editor.eval('&filetype')).toBe('json');
    // To highlight it would take longer than to read it.
    await etcd().put('/app/long', `{"b": "${'x'.repeat(100_000)}"}`);
    await editor.ex('edit etcd:/app/long');
    expect(await editor.eval("[&filetype, line('$')]")).toEqual(['', 1]);
    for (const key of ['/app/settings', '/app/long']) await etcd().delete(key);
  });

  it('is not touched by the .editorconfig of the working directory', async () => {
    const editor = await open();
    writeFileSync(join(editor.home, '.editorconfig'), 'root = true\n[*]\ninsert_final_newline = true\nend_of_line = crlf\n');
    await editor.ex(`cd ${editor.home}`);
    await editor.ex('edit etcd:/app/name');
    await editor.type('Achanged<Esc>:w<CR>');
    await editor.settled('!&modified && getline(1) =~# "changed"');
    expect(await stored('/app/name')).toBe('demochanged');
  });
});
