/**
 * The examples for pickers in the help, exactly as they are there: with fzf itself, and with pickers that choose the second key that they
 * are given.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { inOneOfEach } from './editors.js';

const HELP = readFileSync('doc/etcd-find.txt', 'utf8');

/** @param title of the example, without its colon */
function example(title: string): string {
  const found = new RegExp(`^${title}: >\\n((?:\\t.*\\n)+)<`, 'm').exec(HELP)?.[1];
  if (found === undefined) throw new Error(`there is no example for ${title}`);
  return found.replace(/^\t/gm, '');
}

/** What each picker does with the entries of the example. */
const PICKERS: Record<string, string> = {
  'autoload/fzf.vim': `
    function! fzf#wrap(spec) abort
      return a:spec
    endfunction
    function! fzf#run(spec) abort
      call a:spec.sink(a:spec.source[1])
    endfunction`,
  'lua/telescope/pickers.lua': `
    return { new = function(_, spec)
      assert(spec.sorter == 'sorter' and spec.attach_mappings())
      return { find = function() require('telescope.actions.set').opened(7, 'edit') end }
    end }`,
  // Without a replacement telescope opens what stands before the first colon.
  'lua/telescope/actions/set.lua': `
    local set = { opened = function() vim.cmd('edit etcd') end }
    set.edit = { replace = function(_, open) set.opened = open end }
    return set`,
  'lua/telescope/actions/state.lua': "return { get_selected_entry = function() return { vim.fn['etcd#keys']({})[2] } end }",
  'lua/telescope/actions/init.lua': 'return { close = function(prompt) assert(prompt == 7) end }',
  'lua/telescope/finders.lua': 'return { new_table = function(spec) return spec end }',
  'lua/telescope/config.lua': "return { values = { generic_sorter = function() return 'sorter' end } }",
  'lua/fzf-lua.lua': 'return { fzf_exec = function(found, options) options.actions.default({ found[2] }) end }',
  'lua/snacks.lua': 'return { picker = { select = function(found, _, chosen) chosen(found[2]) end } }',
};

/** The places of fzf and its plugin in Debian's packages; undefined on a machine without them. */
function fetchFzf(): string | undefined {
  const cache = resolve('.cache/tools');
  const { status, stderr } = spawnSync('sh', ['tools/fetch', cache, 'fzf'], { encoding: 'utf8' });
  if (status !== 0 && process.env['CI'] !== undefined) throw new Error(stderr);
  return status === 0 ? cache : undefined;
}

let folder: string;
let cache: string | undefined;
beforeAll(() => {
  cache = fetchFzf();
  folder = mkdtempSync(join(tmpdir(), 'etcd-vim-pickers-'));
  for (const [path, text] of Object.entries(PICKERS)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const lua = (title: string, name: string): void => {
    writeFileSync(join(folder, `${name}.lua`), example(title));
  };
  writeFileSync(join(folder, 'fzf.vim'), example('fzf.vim'));
  lua('telescope.nvim', 'telescope');
  lua('fzf-lua', 'fzf-lua');
  lua('snacks.nvim', 'snacks');
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const fill = async (etcd: TestEtcd): Promise<void> => {
  for (const key of ['/pick/a', '/pick/b #%', '/pick/c']) await etcd.put(key, `this is ${key}`);
};

inOneOfEach('pickers', fill, ({ open, tool }) => {
  const chosen = "getline(1) ==# 'this is /pick/b #%'";
  const start = async () => {
    const editor = await open();
    await editor.ex(`let &runtimepath .= ',' . ${JSON.stringify(folder)}`);
    return editor;
  };

  it('fzf.vim opens the key that is chosen, of all and of a prefix', async () => {
    const editor = await start();
    await editor.ex(`source ${folder}/fzf.vim`);
    await editor.ex('EtcdKeys');
    await editor.settled(chosen);
    await editor.ex('enew');
    await editor.ex('EtcdKeys /pick/');
    await editor.settled(chosen);
  });

  it('fzf itself opens the key that is typed for', async ({ skip }) => {
    if (cache === undefined) return skip('fzf cannot be had here');
    const editor = await open();
    await editor.ex(`let $PATH = ${JSON.stringify(`${cache}/bin:`)} . $PATH`);
    await editor.ex(`source ${cache}/fzf/plugin/fzf.vim | source ${folder}/fzf.vim`);
    await editor.type(':EtcdKeys /pick/<CR>');
    await editor.untilScreen(/ 3\/3/);
    await editor.type('b');
    await editor.untilScreen(/ 1\/3/);
    await editor.type('<CR>');
    await editor.settled(chosen);
  });

  if (tool.kind !== 'nvim') return;
  it.each([
    ['telescope.nvim', 'telescope', "lua EtcdKeys('/pick/')"],
    ['fzf-lua', 'fzf-lua', ''],
    ['snacks.nvim', 'snacks', ''],
  ])('%s opens the key that is chosen', async (_title, name, run) => {
    const editor = await start();
    await editor.ex(`luafile ${folder}/${name}.lua`);
    if (run !== '') await editor.ex(run);
    await editor.settled(chosen);
  });
});
