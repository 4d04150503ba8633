// `npm start`: sets up, starts a throwaway etcd with a sample in it, and opens an editor there. `npm start -- --help` says more.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { putSample } from './sample.mjs';
import { setUp } from './setup.mjs';
import { readOptions } from './start-options.mjs';
import { findEditor, findTools } from './toolbox.mjs';
import { load } from './typescript.mjs';

const USAGE = `npm start [-- OPTIONS] [ADDRESS...]

Opens an editor on etcd, with this clone on 'runtimepath' and your own settings
as usual. Without --endpoints it is a throwaway etcd with a sample in it, which
is gone with all its data when you leave the editor.

  --editor NAME      vim, nvim, another name on PATH, or a path
                     (default: nvim or vim, whichever is there)
  --endpoints LIST   host:port[,host:port], your own cluster: no etcd is started
                     and nothing is put
  --help
  ADDRESS            what to open (default: etcd:/app/, the sample;
                     of your own cluster, etcd:)`;

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** ms that an editor has to leave by itself after we were told to end (the terminal may have told it too), and then after it was asked. */
const GRACE = 1000;
const LAST_GRACE = 5000;

/** Starts what is needed, and is done when the editor has left. Returns the exit code. */
async function main() {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  if (!isatty(0) || !isatty(1)) throw new Error('an editor needs a terminal; run npm start in one');
  await setUp();
  const [found] = options.editor === undefined ? (await findTools({ needs: ['editor'] })).editors : [await findEditor(options.editor)];
  const editor = /** @type {import('./toolbox.mjs').Editor} */ (found);
  if (options.endpoints !== undefined) {
    return edit(editor, options.addresses.length > 0 ? options.addresses : ['etcd:'], {
      ...process.env,
      ETCDCTL_ENDPOINTS: options.endpoints,
    });
  }
  const server = /** @type {import('./toolbox.mjs').Server} */ ((await findTools({ needs: ['etcd'] })).etcds[0]);
  /** @type {import('../test/harness/cluster.js')} */
  const { startCluster } = await load('test/harness/cluster.ts');
  const etcd = await startCluster({ command: server.command, onDisk: true });
  const endpoint = String(etcd.endpoints[0]);
  try {
    await putSample(etcd.inspect());
    console.log(`etcd ${server.version} at ${endpoint}, with a sample in it, until you leave ${editor.name}`);
    console.log(`in another terminal: ${root}/bin/etcdenv -host=${endpoint} -key=/app/ -path env`);
    const addresses = options.addresses.length > 0 ? options.addresses : ['etcd:/app/'];
    return await edit(editor, addresses, { ...withoutCredentials(process.env), ETCDCTL_ENDPOINTS: endpoint });
  } finally {
    await etcd.close();
  }
}

/**
 * The user's ETCDCTL_* are for the user's cluster.
 * @param {NodeJS.ProcessEnv} environment
 */
function withoutCredentials(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('ETCDCTL_')));
}

/**
 * Runs the editor in our terminal.
 * @param {import('./toolbox.mjs').Editor} editor
 * @param {string[]} addresses
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} its exit code, or what a shell makes of the signal that ended it or us
 */
async function edit({ command, kind }, addresses, env) {
  const child = spawn(command, [...(kind === 'vim' ? ['-N'] : []), ...onRuntimepath(), '--', ...addresses], { stdio: 'inherit', env });
  /** @type {NodeJS.Signals | undefined} */
  let ending;
  // The terminal sends Ctrl-C to all of us, and in Vim it does not mean "leave".
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGQUIT'])) process.on(signal, () => {});
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (ending !== undefined) return;
      ending = signal;
      setTimeout(() => child.kill(signal), GRACE).unref();
      setTimeout(() => child.kill('SIGKILL'), GRACE + LAST_GRACE).unref();
    });
  }
  const [code, killedBy] = await once(child, 'exit');
  /** @type {NodeJS.Signals | null} */
  const signal = ending ?? killedBy;
  return signal === null ? code : 128 + constants.signals[signal];
}

/** Before the user's own settings, so that they can be about us; and again after them, in case they have set 'runtimepath' anew. */
function onRuntimepath() {
  const entry = `'${root.replaceAll(/[\\,]/g, '\\$&').replaceAll("'", "''")}'`;
  const add = `let &runtimepath = ${entry} . ',' . &runtimepath`;
  return ['--cmd', add, '-c', `if !exists('g:loaded_etcd') | ${add} | runtime plugin/etcd.vim | edit | endif`];
}

// The terminal may be gone before we are.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
try {
  process.exitCode = await main();
} catch (error) {
  console.error(`npm start: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
