/** `:e etcd:/app/d<Tab>`: the literal command, the editor's own completion, and the working directory as it was. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import type { TestEtcd } from '../harness/etcd.js';
import { inEveryEditor } from './editors.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

async function fill(etcd: TestEtcd): Promise<void> {
  for (const key of [
    '/app/db/host',
    '/app/db/port',
    '/app/debug',
    '/app/deploy.sh',
    '/app/x y',
    '/app/p|q',
    '/app/50%',
    '/app/é',
    '/both/db',
    '/both/db/x',
    '/dots/.env',
    '/slash//x',
    'by-dev/x',
  ]) {
    await etcd.put(key, `value of ${key}`);
  }
}

const commands = [
  ...['e', 'sp', 'vs', 'new', 'vne', 'tabe', 'tabnew', 'r', 'w', 'sav', 'f', 'diffs', 'so', 'view', 'pedit', 'badd', 'drop', 'arge'],
  ...[
    'e!',
    'w!',
    '0r',
    '%w',
    '1,2w',
    'w >>',
    'e ++enc=utf-8',
    'e ++ff=dos',
    'e +10',
    'vert sp',
    'tab sp',
    'bel vs',
    'sil! e',
    '2sp',
    ' :e',
  ],
];

inEveryEditor('completion', fill, ({ open, etcd }) => {
  /** The command line after the keys, once it is there. By then the working directory must be home again. */
  async function completes(editor: Editor, keys: string, result: string): Promise<void> {
    await editor.type(keys);
    await editor.until(`getcmdline() ==# '${result.replaceAll("'", "''")}'`);
    expect(await editor.eval('getcwd()')).toBe(await editor.eval('g:home'));
  }
  const opened = async (rc: string[] = []): Promise<Editor> => {
    const editor = await open({ rc });
    await editor.eval("execute('let g:home = getcwd()')");
    return editor;
  };

  it('works behind every file command', async () => {
    const editor = await opened();
    for (const command of commands) {
      await completes(editor, `:${command} etcd:/app/dep<Tab>`, `${command} etcd:/app/deploy.sh`);
      await editor.normal();
      await completes(editor, `:${command} etcd:///app/d<Tab>`, `${command} etcd:///app/db/`);
      await editor.normal();
    }
  });

  it('cycles, goes back with S-Tab, and on into a directory', async () => {
    const editor = await opened();
    await completes(editor, ':e etcd:/app/d<Tab>', 'e etcd:/app/db/');
    await completes(editor, '<Tab>', 'e etcd:/app/debug');
    await completes(editor, '<Tab>', 'e etcd:/app/deploy.sh');
    await completes(editor, '<S-Tab>', 'e etcd:/app/debug');
    await completes(editor, '<S-Tab>', 'e etcd:/app/db/');
    await completes(editor, 'h<Tab>', 'e etcd:/app/db/host');
    await editor.type('<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///app/db/host'");
    expect(await editor.lines()).toEqual(['value of /app/db/host']);
  });

  it("shows the editor's own menu", async () => {
    const editor = await opened(['set wildmode=full', 'silent! set wildoptions-=pum']);
    await editor.type(':e etcd:/app/d<Tab>');
    await editor.untilScreen(/db\/ +debug +deploy\.sh/);
    await editor.normal();
    await editor.type(':e etcd:/app/d<C-d>');
    await editor.untilScreen(/db\/ +debug +deploy\.sh/);
  });

  it.each([
    ['etcd:', 'etcd:/'],
    ['etcd:b', 'etcd:by-dev/'],
    ['etcd:/./b', 'etcd:/./by-dev/'],
    ['etcd:/', 'etcd:/app/'],
    ['etcd:/both/d', 'etcd:/both/db/'],
    ['etcd:/dots/', 'etcd:/dots/.env'],
    ['etcd:/slash/', 'etcd:/slash//'],
    ['etcd:/app/x', 'etcd:/app/x\\%20y'],
    ['etcd:/app/p', 'etcd:/app/p\\%7Cq'],
    ['etcd:/app/5', 'etcd:/app/50\\%25'],
    ['etcd:/app/é', 'etcd:/app/é'],
  ])('%s becomes %s, and opens', async (typed, result) => {
    const editor = await opened();
    await completes(editor, `:e ${typed}<Tab>`, `e ${result}`);
    await editor.type('<CR>');
    await editor.settled("has_key(b:, 'etcd')");
    expect(await editor.eval('b:etcd.kind')).toBe(result.endsWith('/') ? 'prefix' : 'key');
    expect(await editor.eval('get(b:etcd, "mod_revision", "1")')).not.toBe('0');
  });

  it("leaves the user's own map in charge, here and elsewhere", async () => {
    const editor = await opened([
      'set wildcharm=<C-z>',
      "cnoremap <expr> <Tab> getcmdtype() ==# ':' ? '<C-z>' : '<Tab>'",
      'cnoremap <C-k> own',
    ]);
    await completes(editor, ':e etcd:/app/deb<Tab>', 'e etcd:/app/debug');
    await editor.normal();
    await completes(editor, ':colorscheme blu<Tab>', 'colorscheme blue');
    await editor.normal();
    await completes(editor, ':e etcd:/app/deb<Tab><C-k>', 'e etcd:/app/debugown');
    await editor.normal();
    expect(await editor.eval("maparg('<Tab>', 'c', 0, 1).buffer")).toBe(0);
  });

  it("cycles by itself where the user's own map does nothing with addresses", async () => {
    const editor = await opened(["cnoremap <expr> <Tab> ''", "cnoremap <expr> <S-Tab> ''"]);
    await completes(editor, ':e etcd:/app/d<Tab>', 'e etcd:/app/db/');
    await completes(editor, '<Tab>', 'e etcd:/app/debug');
    await completes(editor, '<S-Tab>', 'e etcd:/app/db/');
    await completes(editor, '<Tab><Tab>', 'e etcd:/app/deploy.sh');
    await editor.type('<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///app/deploy.sh'");
  });

  it('completes what is written by the name of the buffer, as for files', async () => {
    const editor = await opened();
    await editor.ex('edit etcd:/app/x\\ y');
    await completes(editor, ':e %:h/d<Tab>', 'e etcd:///app/db/');
    await completes(editor, '<Tab>', 'e etcd:///app/debug');
    await editor.normal();
    await completes(editor, ':vert sp %:h:h/bo<Tab>', 'vert sp etcd:///both/');
    await editor.normal();
    await completes(editor, ':w %<Tab>', 'w etcd:///app/x\\%20y');
    await editor.normal();
    await completes(editor, ':%s/a/%:h/b', '%s/a/%:h/b');
  });

  it('leaves a map of the buffer alone', async () => {
    const editor = await opened();
    await editor.ex('cnoremap <buffer> <Tab> mine');
    await completes(editor, ':e etcd:/app/deb<Tab>', 'e etcd:/app/debmine');
    await editor.normal();
    expect(await editor.eval("maparg('<Tab>', 'c')")).toBe('mine');
  });

  it('completes local files as before, and does not lose the directory', async () => {
    const editor = await opened();
    mkdirSync(join(editor.home, 'local'));
    writeFileSync(join(editor.home, 'local', 'file.txt'), '');
    await completes(editor, ':e etcd:/app/deb<Tab>', 'e etcd:/app/debug');
    await completes(editor, '<C-u>e loc<Tab>', 'e local/');
    await completes(editor, 'f<Tab>', 'e local/file.txt');
  });

  it('runs from typeahead: pasted, in a macro, by feedkeys', async () => {
    const editor = await opened();
    await editor.type(':e etcd:/app/deb<Tab><CR>:let g:done = 1<CR>');
    await editor.settled("exists('g:done')");
    expect(await editor.eval("[bufname('%'), getcwd() ==# g:home]")).toEqual(['etcd:///app/debug', 1]);
    await editor.eval(`setreg('q', ":e etcd:/app/dep\\<Tab>\\<CR>")`);
    await editor.type('@q');
    await editor.settled("bufname('%') !=# 'etcd:///app/debug'");
    expect(await editor.eval('getcwd() ==# g:home')).toBe(1);
  });

  it("stands in no other directory while other plugins' timers and autocommands run", async () => {
    const editor = await opened([
      'let g:seen = {}',
      'function! See() abort',
      '  let g:seen[getcwd()] = 1',
      'endfunction',
      'autocmd CmdlineLeave,CmdlineEnter,DirChanged,BufReadPre,CursorHold * call See()',
      "call timer_start(1, {-> See()}, {'repeat': -1})",
    ]);
    for (let i = 0; i < 10; i++) {
      await completes(editor, ':e etcd:/app/d<Tab><Tab>', 'e etcd:/app/debug');
      await editor.normal();
    }
    expect(await editor.eval('keys(g:seen)')).toEqual([await editor.eval('g:home')]);
  });

  it('keeps :lcd, :tcd, `:cd -` and autochdir as they are', async () => {
    const editor = await opened();
    mkdirSync(join(editor.home, 'a/b'), { recursive: true });
    await editor.ex(`cd ${editor.home}/a`);
    await editor.ex(`cd ${editor.home}`);
    await completes(editor, ':e etcd:/app/d<Tab>', 'e etcd:/app/db/');
    await editor.normal();
    await editor.ex('cd -');
    expect(await editor.eval('getcwd()')).toBe(join(editor.home, 'a'));
    await editor.ex(`lcd ${editor.home}/a/b`);
    await editor.eval("execute('let g:home = getcwd()')");
    await completes(editor, ':e etcd:/app/d<Tab>', 'e etcd:/app/db/');
    await editor.normal();
    expect(await editor.eval('[haslocaldir(), getcwd()]')).toEqual([1, join(editor.home, 'a/b')]);
  });

  it('cycles by itself where names cannot be files: very many', async () => {
    const many = Array.from({ length: 2500 }, (_, i) => ({
      request_put: { key: Buffer.from(`/many/k${10000 + i}`).toString('base64'), value: '' },
    }));
    for (let i = 0; i < many.length; i += 100) await etcd().post('/v3/kv/txn', { success: many.slice(i, i + 100) });
    const editor = await opened();
    await completes(editor, ':e etcd:/many/k<Tab>', 'e etcd:/many/k10000');
    await completes(editor, '<Tab>', 'e etcd:/many/k10001');
    await completes(editor, '<S-Tab>', 'e etcd:/many/k10000');
    await completes(editor, '<S-Tab>', 'e etcd:/many/k');
    await completes(editor, '1249<Tab>', 'e etcd:/many/k12490');
  });

  it('starts Node while the address is being typed', async () => {
    const editor = await opened();
    expect(await editor.eval('etcd#host#job#status()')).toBe('');
    await editor.type(':e etcd:');
    await editor.until("etcd#host#job#status() ==# 'job'");
  });

  it(':Etcd completes its verbs and addresses', async () => {
    const editor = await opened();
    await completes(editor, ':Etcd heal<Tab>', 'Etcd health');
    await editor.normal();
    await completes(editor, ':Etcd /app/deb<Tab>', 'Etcd /app/debug');
    await editor.normal();
    await completes(editor, ':Etcd info /app/deb<Tab>', 'Etcd info /app/debug');
    await editor.normal();
    await completes(editor, ':Etcd etcd:///app/deb<Tab>', 'Etcd etcd:///app/debug');
  });

  it('leaves no trace where the C library cannot be called: then it cycles', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'etcd-vim-copy-'));
    for (const part of ['plugin', 'autoload', 'lua', 'dist']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    const script = join(copy, 'autoload/etcd/cmdline/address.vim');
    const text = readFileSync(script, 'utf8');
    const without = text
      .replaceAll("'libc.", "'no-libc.")
      .replaceAll('libSystem', 'no-libSystem')
      .replace('chdir(_A) == 0', 'chdir("") == 0');
    expect(without).not.toBe(text);
    writeFileSync(script, without);
    const editor = await opened([`set runtimepath^=${copy}`]);
    await editor.ex('cd /');
    await editor.ex('cd -');
    await completes(editor, ':e etcd:/app/d<Tab>', 'e etcd:/app/db/');
    await completes(editor, '<Tab>', 'e etcd:/app/debug');
    await completes(editor, '<S-Tab>', 'e etcd:/app/db/');
    await editor.normal();
    await editor.ex('cd -');
    expect(await editor.eval('getcwd()')).toBe('/');
    expect(await editor.eval("execute('scriptnames')")).toContain(script);
    rmSync(copy, { recursive: true });
  });
});
