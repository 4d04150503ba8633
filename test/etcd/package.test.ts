/** The package as npm packs it: installed in an empty folder, its examples run there, and TypeScript takes its types. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEtcd, type TestEtcd } from '../harness/etcd.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-package-'));
const examples = join(dir, 'user', 'examples');
let etcd: TestEtcd;

const environment = () => ({ ...process.env, ETCDCTL_ENDPOINTS: etcd.endpoint });
const run = (file: string, args: string[]): string =>
  execFileSync(process.execPath, [file, ...args], { cwd: join(dir, 'user'), encoding: 'utf8', env: environment() });

// To pack it, it has to be compiled and bundled: a lot for a machine that does other things too.
beforeAll(async () => {
  etcd = await startEtcd();
  const skipped = ['.git', '.cache', 'dist', 'node_modules', 'tags'];
  cpSync(ROOT, join(dir, 'source'), { recursive: true, filter: (file) => !skipped.includes(basename(file)) });
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'source', 'node_modules'));
  execFileSync('npm', ['pack', '--pack-destination', dir], { cwd: join(dir, 'source'), stdio: 'pipe' });
  const tarball = join(dir, readdirSync(dir).find((name) => name.endsWith('.tgz')) ?? '');
  // What `npm install` makes of it, but without a registry: the package, and beside it its dependencies.
  const modules = join(dir, 'user', 'node_modules');
  mkdirSync(join(modules, '@types'), { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', modules]);
  execFileSync('mv', [join(modules, 'package'), join(modules, 'etcd.vim')]);
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: object };
  for (const name of [...Object.keys(dependencies), '@types/node', 'undici-types']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  cpSync(join(ROOT, 'examples'), examples, { recursive: true });
}, 240_000);
afterAll(async () => {
  await etcd.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('the package', () => {
  it('runs its examples', async () => {
    expect(run('examples/counter.mjs', ['/count'])).toBe('1\n');
    expect(run('examples/counter.mjs', ['/count'])).toBe('2\n');
    expect(run('examples/lock.mjs', [])).toBe('done\n');
    await etcd.put('/conf/a', '1');
    const follower = spawn(process.execPath, ['examples/config.mjs', '/conf/'], { cwd: join(dir, 'user'), env: environment() });
    const lines = follower.stdout.setEncoding('utf8')[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe("{ '/conf/a': '1' }\n");
    await etcd.put('/conf/b', '2');
    expect((await lines.next()).value).toBe("{ '/conf/a': '1', '/conf/b': '2' }\n");
    follower.kill();
    await once(follower, 'exit');
  });

  it('has types that a strict program can use, without looking the other way', () => {
    // As TypeScript 6 does, which takes no types by itself.
    const compilerOptions = { strict: true, target: 'ES2022', module: 'NodeNext', types: [] };
    writeFileSync(join(dir, 'user', 'package.json'), JSON.stringify({ type: 'module' }));
    writeFileSync(join(dir, 'user', 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['examples/typed.ts'] }));
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    expect(run(tsc, ['--outDir', 'out'])).toBe('');
    expect(run('out/typed.js', [])).toMatch(/^\/leader\/[0-9a-f]+\n$/);
  });

  it('knows neither the editor nor the machine that it was made on', () => {
    const installed = join(dir, 'user', 'node_modules', 'etcd.vim');
    expect(readFileSync(join(installed, 'dist/client.mjs'), 'utf8')).not.toContain(ROOT);
    expect(readdirSync(join(installed, 'dist/types')).sort()).toEqual(['client', 'keyspace', 'library']);
  });
});
