// One run: a server, each editor in turn, every measure beside its floor.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startThrowaway } from '../tools/throwaway.mjs';
import { measureBrowse } from './browse.mjs';
import { measureCold } from './cold.mjs';
import { measureComplete } from './complete.mjs';
import { onRuntimePath, openEditor, openTerminals } from './editor.mjs';
import { openFloor } from './floor.mjs';
import { putSample } from './sample.mjs';
import { measureStartup } from './startup.mjs';
import { summarize } from './table.mjs';
import { measureValue } from './value.mjs';
import { measureWarm } from './warm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
export const parts = {
  startup: measureStartup,
  cold: measureCold,
  warm: measureWarm,
  browse: measureBrowse,
  complete: measureComplete,
  value: measureValue,
};

/**
 * @typedef {import('../tools/toolbox.mjs').Editor} Editor
 * @typedef {{vimrc: string[], env: Record<string, string>}} Config how an editor is started
 * @typedef {object} Bench
 * @property {ReturnType<typeof openTerminals>} terminals
 * @property {string} root of the repository
 * @property {string} origin of etcd
 * @property {NodeJS.ProcessEnv} env of everything that is started
 * @property {Awaited<ReturnType<typeof openFloor>>} floor
 * @property {Config} ours
 * @property {Config} [peer] the stock node host, where the editor has one
 * @property {Record<'startup' | 'cold' | 'warm', number>} samples
 */

/**
 * @param {{editors: Editor[], etcd: string, tmux: string}} tools executables
 * @param {{only: string[], samples: Bench['samples'], say: (text: string) => void}} options
 */
export async function run({ editors, etcd, tmux }, { only, samples, say }) {
  const scratch = mkdtempSync(join(tmpdir(), 'etcd.vim-bench-'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
  const env = environment(scratch);
  const server = await startThrowaway(etcd);
  const origin = `http://${server.endpoint}`;
  const terminals = openTerminals(tmux, scratch, env);
  // After the terminals' own end, whose socket lies there.
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  const rows = [];
  try {
    await putSample(origin);
    const floor = await openFloor(origin);
    for (const editor of editors) {
      const own = { vimrc: ['set nocompatible', onRuntimePath(root)], env: { ETCDCTL_ENDPOINTS: server.endpoint } };
      const peer = editor.kind === 'nvim' ? await preparePeer(terminals, editor, origin) : undefined;
      const bench = { terminals, root, origin, env, floor, ours: own, peer, samples };
      for (const part of only) {
        say(`${editor.name}: ${part}`);
        rows.push(...(await parts[part](bench, editor)).map((row) => ({ part, ...summarize(row) })));
      }
    }
    await floor.close();
  } finally {
    await server.stop();
  }
  return rows;
}

/** Nothing of the user's: no settings, no options for Node; the same Node for all. */
function environment(scratch) {
  const home = join(scratch, 'home');
  mkdirSync(home);
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(NODE_|ETCDCTL_|XDG_(CONFIG|DATA|STATE|CACHE)_HOME|VIM|NVIM|npm_)/.test(name),
  );
  return { ...Object.fromEntries(kept), HOME: home, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
}

/** Declares bench/peer to the stock host, once for each editor. @returns {Promise<Config>} */
async function preparePeer(terminals, editor, origin) {
  const vimrc = [
    'set nocompatible',
    onRuntimePath(`${root}/bench/peer`),
    `let g:node_host_prog = '${root}/node_modules/neovim/bin/cli.js'`,
  ];
  const env = { NVIM_RPLUGIN_MANIFEST: join(terminals.scratch, `rplugin-${editor.name}.vim`), ETCD_PEER_ORIGIN: origin };
  const session = await openEditor(terminals, editor, vimrc, env);
  await session.ask({ command: 'silent UpdateRemotePlugins' });
  await session.close();
  return { vimrc, env };
}
