// Finds the editors, etcd servers and tmux that we run: on PATH, or else fetched (tools/fetch) into .cache/tools.
//
// $ETCD_VIM_TOOLS may name a folder that `tools/fetch FOLDER matrix` has filled before. Then its programs are used, and nothing is fetched.
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { basename, delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../.cache/tools', import.meta.url));
const given = process.env['ETCD_VIM_TOOLS'] ? resolve(process.env['ETCD_VIM_TOOLS']) : undefined;

const MATRIX = { editors: ['nvim07', 'nvim10', 'nvim12', 'vim90', 'vim91', 'vim92'], etcds: ['etcd34', 'etcd3516', 'etcd35'] };
/** What a folder with the matrix has for a program that is missing on PATH. */
/** @type {Record<string, string>} */
const NEWEST = { nvim: 'nvim12', vim: 'vim92', etcd: 'etcd35', etcdctl: 'etcdctl' };
const FLOORS = { vim: [9, 0], nvim: [0, 7], etcd: [3, 4] };

/**
 * @typedef {{ name: string, command: string, kind: 'vim' | 'nvim', version: string }} Editor
 * @typedef {{ name: string, command: string, version: string }} Server
 * @typedef {{ editors: Editor[], etcds: Server[], etcdctl: string | undefined, tmux: string | undefined }} Tools
 */

/**
 * The programs to run, each by its absolute path. What is needed and missing is fetched.
 * @param {{ matrix?: boolean, needs?: ('editor' | 'etcd' | 'tmux')[] }} [wish] `matrix`: all editors and servers that we test with;
 *   `needs`: the rest may be missing, and is not looked for
 * @returns {Promise<Tools>}
 * @throws Error that says what is missing and which package to install
 */
export async function findTools({ matrix = false, needs = ['editor', 'etcd', 'tmux'] } = {}) {
  const tmux = needs.includes('tmux') ? ((await candidates('tmux'))[0] ?? (await obtain('tmux'))) : undefined;
  if (matrix) {
    const bin = join(given ?? (await fetchInto('matrix')), 'bin');
    return {
      editors: await Promise.all(MATRIX.editors.map((name) => identify(join(bin, name)))),
      etcds: await Promise.all(MATRIX.etcds.map((name) => identifyServer(join(bin, name)))),
      etcdctl: join(bin, 'etcdctl'),
      tmux,
    };
  }
  const editors = needs.includes('editor') ? [...(await usable('nvim', identify)), ...(await usable('vim', identify))] : [];
  if (needs.includes('editor') && editors.length === 0) editors.push(await identify(await obtain('vim')));
  const etcds = needs.includes('etcd') ? await usable('etcd', identifyServer) : [];
  let etcdctl = (await candidates('etcdctl'))[0];
  if (needs.includes('etcd') && etcds.length === 0) {
    etcds.push({ ...(await identifyServer(await obtain('etcd'))), name: 'etcd' });
    etcdctl ??= await obtain('etcdctl');
  }
  return { editors, etcds, etcdctl, tmux };
}

/**
 * One editor as the user names it: vim and nvim are fetched if they are missing, others are a name on PATH or a path.
 * @param {string} name
 * @returns {Promise<Editor>}
 * @throws Error for the user
 */
export async function findEditor(name) {
  if (name === 'vim' || name === 'nvim') return (await usable(name, identify))[0] ?? identify(await obtain(name));
  const [command] = name.includes('/') ? [resolve(name)] : await candidates(name);
  if (command === undefined) throw new Error(`no ${name} on PATH`);
  return identify(command);
}

/**
 * The first program of this name on PATH that will do. Debian's small `vim`, for example, has no channels.
 * @template Found
 * @param {string} name
 * @param {(command: string) => Promise<Found>} identifies
 * @returns {Promise<Found[]>}
 */
async function usable(name, identifies) {
  for (const command of await candidates(name)) {
    const found = await identifies(command).catch(() => undefined);
    if (found !== undefined) return [found];
  }
  return [];
}

/**
 * All programs of this name on PATH.
 * @param {string} name
 */
async function candidates(name) {
  const paths = (process.env['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
  const files = paths.map((dir) => resolve(dir, name));
  const found = await Promise.all(
    files.map((file) =>
      access(file, constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, i) => found[i]);
}

/**
 * The editor at this path, or an Error that says why it will not do.
 * @param {string} command
 * @returns {Promise<Editor>}
 */
async function identify(command) {
  const text = await versionOf(command);
  const [, vim] = /^VIM - Vi IMproved (\d+\.\d+)/.exec(text) ?? [];
  const [, nvim] = /^NVIM v(\d+\.\d+\.\d+)/.exec(text) ?? [];
  const number = vim ?? nvim;
  if (number === undefined) throw new Error(`${command} is neither Vim nor Neovim`);
  const kind = vim === undefined ? 'nvim' : 'vim';
  const [, patch] = /^Included patches: \d+-(\d+)/m.exec(text) ?? [];
  const version = patch === undefined ? number : `${number}.${patch}`;
  demand(command, kind, version);
  if (kind === 'vim' && !(/\+job\b/.test(text) && /\+channel\b/.test(text))) {
    throw new Error(`${command} is a Vim without +job and +channel; install a full one (on Debian: vim)`);
  }
  return { name: basename(command), command, kind, version };
}

/** @param {string} command */
async function identifyServer(command) {
  const [, version] = /^etcd Version: (\S+)/m.exec(await versionOf(command)) ?? [];
  if (version === undefined) throw new Error(`${command} is not etcd`);
  demand(command, 'etcd', version);
  return { name: basename(command), command, version };
}

/** @param {string} command */
async function versionOf(command) {
  try {
    return (await run(command, ['--version'], { timeout: 20_000 })).stdout;
  } catch (error) {
    throw new Error(`${command} does not run: ${/** @type {Error} */ (error).message.trim()}`, { cause: error });
  }
}

/**
 * @param {string} command
 * @param {keyof typeof FLOORS} kind
 * @param {string} version
 */
function demand(command, kind, version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [floorMajor = 0, floorMinor = 0] = FLOORS[kind];
  if (major > floorMajor || (major === floorMajor && minor >= floorMinor)) return;
  throw new Error(`${command} is ${kind} ${version}; ${floorMajor}.${floorMinor} is the oldest that we work with`);
}

/**
 * Makes a program available that is not on PATH, and returns its path.
 * @param {string} name
 */
async function obtain(name) {
  if (given !== undefined && NEWEST[name] !== undefined) return join(given, 'bin', NEWEST[name]);
  return join(await fetchInto(name === 'etcdctl' ? 'etcd' : name), 'bin', name);
}

/**
 * Fills .cache/tools with what tools/fetch calls `what`. If it is already there, this returns at once. Returns the folder.
 * @param {string} what
 */
async function fetchInto(what) {
  const slow = setTimeout(() => console.log(`fetching ${what} into .cache/tools, this once`), 300);
  try {
    await run('sh', [fileURLToPath(new URL('fetch', import.meta.url)), cache, what], { maxBuffer: 1 << 26 });
    return cache;
  } catch (error) {
    const { stderr, message } = /** @type {Error & { stderr?: string }} */ (error);
    throw new Error((stderr || message).trim(), { cause: error });
  } finally {
    clearTimeout(slow);
  }
}
