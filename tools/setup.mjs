// Makes a clone ready to run: checks Node, installs the packages if they are not those of package-lock.json, and builds.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Sets up this clone. Prints a line when there is something to install, and what npm or the build said when they fail.
 * @returns {Promise<void>}
 * @throws Error for the user, in one line
 */
export async function setUp() {
  const { engines } = await readJson('package.json');
  const floor = engines.node.replace('>=', '');
  if (!isAtLeast(process.versions.node, floor)) throw new Error(`Node ${floor} or newer is needed; this is ${process.versions.node}`);
  if (!(await isInstalled())) {
    console.log('npm ci: installing the packages, this once');
    // The build needs these, whatever the user's npm is set to leave out.
    await run('npm', ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund']);
  }
  await run(process.execPath, ['tools/build.mjs']);
}

/** Whether node_modules is what package-lock.json says. npm writes as its last step what it has put there. */
async function isInstalled() {
  const { packages: wanted } = await readJson('package-lock.json');
  const ours = Object.keys(wanted[''].optionalDependencies).map((name) => `node_modules/${name}`);
  const installed = await readJson('node_modules/.package-lock.json').catch(() => undefined);
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const there = installed.packages[path];
    // Optional packages are those that the build needs, which must be here, and those for other machines.
    return path === '' || (there ? there.version === version && there.integrity === integrity : optional && !ours.includes(path));
  });
}

/** @param {string} name */
async function readJson(name) {
  return JSON.parse(await readFile(join(root, name), 'utf8'));
}

/**
 * @param {string} version
 * @param {string} floor
 */
function isAtLeast(version, floor) {
  const numbers = (/** @type {string} */ text) => text.split('.').map(Number);
  const [is, least] = [numbers(version), numbers(floor)];
  const at = is.findIndex((number, i) => number !== least[i]);
  return at < 0 || Number(is[at]) > Number(least[at]);
}

/**
 * Runs a program, quietly unless it fails.
 * @param {string} command
 * @param {string[]} args
 */
async function run(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const outcome = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`));
  });
  if (outcome === undefined) return;
  process.stderr.write(said);
  throw new Error(`${command === process.execPath ? 'node' : command} ${args.join(' ')}: ${outcome}`);
}
