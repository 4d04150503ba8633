/** Draws doc/etcd.svg from the running program: a throwaway etcd, an editor in a terminal, and its screen. */
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEditor, type Editor } from '../test/harness/editor.js';
import { startEtcd } from '../test/harness/etcd.js';
import { renderScreen } from './ansi-svg.js';
import { putSample } from './sample.mjs';
import { findEditor } from './toolbox.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SIZE = { columns: 100, rows: 24 };
const LABEL = 'An editor with a listing of etcd:/app/ on the left, a JSON value on the right, and completion of the next address below.';
/** What is typed, and what the screen must show before the next text is typed. */
const STEPS = [
  { keys: '', shows: /^db\/ *$/ },
  { keys: ':vs etcd:/app/config.json<CR>', shows: /"service"/ },
  { keys: ':e etcd:/app/db/', shows: /:e etcd:\/app\/db\/$/ },
  { keys: '<Tab>', shows: /:e etcd:\/app\/db\/host$/ },
  { keys: '<Tab>', shows: /:e etcd:\/app\/db\/pool.yaml$/ },
];
const VIMRC = String.raw`
set hidden shortmess+=IF background=dark laststatus=2 noruler noshowcmd wildmenu wildmode=full wildoptions=pum
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
 * Plays the steps.
 * @returns the last screen
 */
async function play(editor: Editor): ReturnType<Editor['painted']> {
  for (const { keys, shows } of STEPS) {
    await editor.type(keys);
    await editor.untilScreen(shows);
    // A redraw comes in parts.
    await pause(300);
  }
  return editor.painted();
}

const { values } = parseArgs({ options: { editor: { type: 'string', default: 'vim' } } });
const tool = await findEditor(values.editor);
const etcd = await startEtcd();
try {
  await putSample(etcd);
  const editor = await startEditor(tool, {
    ...{ bare: true, rc: VIMRC.split('\n'), args: ['-n', 'etcd:/app/'] },
    ...{ endpoints: [etcd.endpoint], size: SIZE },
  });
  const screen = await play(editor).finally(editor.close);
  const svg = renderScreen({ ...screen, columns: SIZE.columns }, `${tool.kind} etcd:/app/`, LABEL);
  writeFileSync(`${ROOT}doc/etcd.svg`, svg);
  console.log(`doc/etcd.svg: ${svg.length} characters, drawn by ${tool.kind} ${tool.version}`);
} finally {
  await etcd.stop();
}
