// `npm run release`: tags HEAD as the version in package.json. The tag also holds what is built, so that a plugin manager can use it with
// Node alone; branches do not hold that. The tarball of `npm pack` goes to .cache/. Nothing is pushed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, '.cache');
const tag = `v${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}`;

/**
 * What the program prints. If it fails, this says why, and throws.
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args, env = {}) {
  return execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
}

/** Makes a commit on top of HEAD that also has what is built. No branch and no index knows of it. */
function commitBuilt() {
  const index = { GIT_INDEX_FILE: join(cache, 'release-index') };
  try {
    run('git', ['read-tree', 'HEAD'], index);
    run('git', ['add', '--force', '--', 'dist', 'doc/tags'], index);
    return run('git', ['commit-tree', run('git', ['write-tree'], index).trim(), '-p', 'HEAD', '-m', `${tag}, built`]).trim();
  } finally {
    rmSync(index.GIT_INDEX_FILE, { force: true });
  }
}

try {
  if (run('git', ['status', '--porcelain']) !== '') throw new Error('there are changes that are not committed');
  mkdirSync(cache, { recursive: true });
  const tarball = run('npm', ['pack', '--silent', '--pack-destination', cache]).trim().split('\n').at(-1);
  run('git', ['tag', tag, commitBuilt()]);
  console.log(`tagged ${tag}, and packed .cache/${tarball}; to publish the tag: git push origin ${tag}`);
} catch (error) {
  console.error(`npm run release: ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
