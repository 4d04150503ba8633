// What the plugin adds to the start of an editor.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onRuntimePath, writeVimrc } from './editor.mjs';
import { interleave } from './numbers.mjs';

/** Adds this many ms at the most. */
const MOST = 1;

/**
 * @param {import('./run.mjs').Bench} bench
 * @param {import('./run.mjs').Editor} editor
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureStartup({ terminals, root, samples }, editor) {
  const quit = 'autocmd VimEnter * call timer_start(0, {-> execute("qall!")})';
  const start = (variant, lines) => {
    const directory = join(terminals.scratch, `start-${editor.name}-${variant}`);
    const vimrc = writeVimrc(directory, ['set nocompatible', ...lines, quit]);
    let run = 0;
    return async () => {
      const log = join(directory, `log${++run}`);
      const terminal = await terminals.open([editor.command, '-u', vimrc, '-i', 'NONE', '--startuptime', log]);
      await terminal.ended();
      return readLog(readFileSync(log, 'utf8'));
    };
  };
  const got = await interleave(samples.startup, 3, {
    ours: start('with', [onRuntimePath(root)]),
    floor: start('without', []),
  });
  const ours = got['ours.total'];
  const floor = got['floor.total'];
  const over = ours.map((ms, at) => ms - floor[at]);
  const references = { 'plugin/etcd.vim alone, by the log': got['ours.plugin'] };
  return [{ measure: 'editor start', editor: editor.name, ours, floor, over, references, target: { over: MOST } }];
}

/** Neovim logs the process with the screen, too; the one with the plugins ends last. */
function readLog(text) {
  const started = [...text.matchAll(/^(\d+\.\d+) .*--- N?VIM STARTED ---$/gm)].map((match) => Number(match[1]));
  const plugin = /^\d+\.\d+\s+(\d+\.\d+)\s+\d+\.\d+: sourcing \S*\/plugin\/etcd\.vim$/m.exec(text);
  return { total: Math.max(...started), ...(plugin && { plugin: Number(plugin[1]) }) };
}
