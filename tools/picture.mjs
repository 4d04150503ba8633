// Draws doc/etcd.svg from the running program: a throwaway etcd, an editor in tmux, and what its screen then shows.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { renderScreen } from './ansi-svg.mjs';
import { putSample } from './sample.mjs';
import { setUp } from './setup.mjs';
import { startThrowaway } from './throwaway.mjs';
import { findEditor, findTools } from './toolbox.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SIZE = { columns: 100, rows: 24 };
const PATIENCE = 15_000;
const LABEL = 'An editor with a listing of etcd:/app/ on the left, a JSON value on the right, and completion of the next address below.';
/** What is typed, and what the screen shows before the next is typed. */
const STEPS = [
  { keys: [], shows: /^db\/ *$/m },
  { keys: [':vs etcd:/app/config.json', 'Enter'], shows: /"service"/ },
  { keys: [':e etcd:/app/db/'], shows: /:e etcd:\/app\/db\/$/m },
  { keys: ['Tab'], shows: /:e etcd:\/app\/db\/host$/m },
  { keys: ['Tab'], shows: /:e etcd:\/app\/db\/pool.yaml$/m },
];
const VIMRC = String.raw`
set nocompatible hidden shortmess+=IF background=dark laststatus=2 noruler noshowcmd wildmenu wildmode=full wildoptions=pum
set splitright winwidth=70 fillchars=vert:│,eob:\  statusline=\ %f%=%{exists('b:etcd.mod_revision')?'revision\ '.b:etcd.mod_revision.'\ ':''}
set runtimepath^=${ROOT}
let g:loaded_matchparen = 1
filetype plugin on
syntax on
colorscheme habamax
highlight VertSplit cterm=NONE ctermbg=NONE ctermfg=240
highlight! link WinSeparator VertSplit
`;

/**
 * Plays the steps in an editor.
 * @returns the last screen, with its colours, and where the cursor is
 */
async function play(tmux, editor, endpoint, directory) {
  const rc = join(directory, 'rc.vim');
  writeFileSync(rc, VIMRC);
  const run = (...args) => execFileSync(tmux, ['-S', join(directory, 'tmux'), '-f', '/dev/null', ...args], { encoding: 'utf8' });
  const screen = (...options) => run('capture-pane', '-p', '-t', 'picture', ...options);
  const env = { HOME: directory, XDG_RUNTIME_DIR: directory, LANG: 'C.UTF-8', ETCDCTL_ENDPOINTS: endpoint };
  const command = ['env', ...Object.entries(env).map((pair) => pair.join('=')), editor, '-u', rc, '-i', 'NONE', '-n', 'etcd:/app/'];
  run('new-session', '-d', '-s', 'picture', '-x', String(SIZE.columns), '-y', String(SIZE.rows), ...command);
  try {
    run('set-option', '-g', 'status', 'off');
    for (const { keys, shows } of STEPS) {
      run('send-keys', '-t', 'picture', ...keys);
      await until(shows, screen);
      // A redraw comes in parts.
      await pause(300);
    }
    const [x, y] = run('display-message', '-p', '-t', 'picture', '#{cursor_x} #{cursor_y}').split(' ').map(Number);
    return { screen: screen('-e', '-N'), cursor: { x, y } };
  } finally {
    run('kill-server');
  }
}

async function until(pattern, screen) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await pause(50)) {
    if (pattern.test(screen())) return;
  }
  throw new Error(`the screen never showed ${pattern}:\n${screen()}`);
}

async function draw() {
  const { values } = parseArgs({ options: { editor: { type: 'string', default: 'vim' } } });
  await setUp();
  const { etcds, tmux } = await findTools({ needs: ['etcd', 'tmux'] });
  const editor = await findEditor(values.editor);
  const directory = mkdtempSync(join(tmpdir(), 'etcd-picture-'));
  const etcd = await startThrowaway(etcds[0].command);
  try {
    await putSample(etcd.endpoint);
    const { screen, cursor } = await play(tmux, editor.command, etcd.endpoint, directory);
    const svg = renderScreen(screen, { ...SIZE, title: `${editor.kind} etcd:/app/`, label: LABEL, cursor });
    writeFileSync(join(ROOT, 'doc/etcd.svg'), svg);
    console.log(`doc/etcd.svg: ${svg.length} characters, drawn by ${editor.kind} ${editor.version}`);
  } finally {
    await etcd.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

await draw();
