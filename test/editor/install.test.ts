/** The ways to install it: a tarball, which needs only Node, and a clone with the few packages that build it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inEveryEditor } from './editors.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-install-'));
const hasGit = spawnSync('git', ['--version']).status === 0;
const NOT_CLONED = ['.git', '.cache', 'dist', 'node_modules', 'tags'];

/** What tools/build.mjs makes in dist/. The parts of the host have its version in their names. */
const BUILT = ['chunk', 'chunk', 'client.mjs', 'etcdenv.cjs', 'jsonc-parser.cjs', 'late', 'llhttp-simd.wasm', 'llhttp.wasm'].concat([
  'main.cjs',
  'rplugin.cjs',
  'smol-toml.cjs',
  'supervisor.cjs',
  'yaml.cjs',
]);
const plain = (file: string): string => file.replace(/-[A-Z0-9]{8}\.cjs$/, '');

/** What `git clone` would give, without anything that was built or installed. */
function clone(name: string): string {
  const copy = join(dir, name);
  cpSync(ROOT, copy, { recursive: true, filter: (file) => !NOT_CLONED.includes(basename(file)) });
  return copy;
}

function npm(cwd: string, args: string[], env: Record<string, string> = {}): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, ...env } });
}

afterAll(() => rmSync(dir, { recursive: true, force: true }));

inEveryEditor(
  'install',
  async (etcd) => {
    await etcd.put('/i/x', 'value');
  },
  ({ open, etcd }) => {
    const installed = join(dir, 'folder', 'package');
    // The hook of the second editor finds what the first one's has packed.
    beforeAll(() => {
      mkdirSync(join(dir, 'folder'), { recursive: true });
      if (readdirSync(join(dir, 'folder')).length > 0) return;
      const source = clone('source');
      symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
      npm(source, ['pack', '--pack-destination', dir]);
      const tarball = readdirSync(dir).find((name) => name.endsWith('.tgz')) ?? '';
      execFileSync('tar', ['-xzf', join(dir, tarball), '-C', join(dir, 'folder')]);
    });

    it('from the tarball of npm pack, with Node alone', async () => {
      expect(readdirSync(installed)).not.toContain('node_modules');
      const editor = await open({ bare: true, args: ['--cmd', `set runtimepath^=${installed}`] });
      await editor.ex('edit etcd:/i/x');
      expect(await editor.lines()).toEqual(['value']);
      await editor.ex(`call setline(1, 'by ${editor.name}') | write`);
      expect((await etcd().get('/i/x'))?.value.toString()).toBe(`by ${editor.name}`);
      await etcd().put('/i/x', 'value');
      await editor.ex('help etcd-install');
      expect(await editor.eval("expand('%:p')")).toBe(join(installed, 'doc/etcd.txt'));
    });
  },
);

describe('a clone', () => {
  it.each([
    ['npm ci --omit=dev', ['--omit=dev'], {}],
    ['npm ci with NODE_ENV=production', [], { NODE_ENV: 'production' }],
  ])('%s builds, with few packages', (_, args, env) => {
    const copy = clone(`clone${args.length}`);
    npm(copy, ['ci', '--prefer-offline', '--no-audit', '--no-fund', ...args], env);
    expect(readdirSync(join(copy, 'dist')).map(plain)).toEqual(BUILT);
    const { packages } = JSON.parse(readFileSync(join(copy, 'node_modules/.package-lock.json'), 'utf8')) as { packages: object };
    expect(Object.keys(packages).filter((name) => !name.startsWith('node_modules/@esbuild/'))).toEqual(
      ['diff', 'esbuild', 'jsonc-parser', 'smol-toml', 'undici', 'valibot', 'yaml'].map((name) => `node_modules/${name}`),
    );
    const script = "import { createClient } from 'etcd.vim'; console.log(typeof createClient)";
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: copy, encoding: 'utf8' })).toBe('function\n');
  });

  it('says what to do where npm has left out what builds', () => {
    const said = execFileSync(process.execPath, ['tools/prepare.mjs'], { cwd: clone('bare'), encoding: 'utf8' });
    expect(said).toBe('etcd.vim is not built, because esbuild is not installed; run: npm ci --omit=dev --include=optional\n');
  });

  it.skipIf(!hasGit)('npm run release tags a tree that needs Node alone, on no branch', () => {
    const copy = clone('release');
    const identity = ['-c', 'user.name=x', '-c', 'user.email=x@example.org', '-c', 'init.defaultBranch=main'];
    const git = (...args: string[]): string => execFileSync('git', [...identity, ...args], { cwd: copy, encoding: 'utf8' });
    git('init', '--quiet');
    writeFileSync(join(copy, '.git/info/exclude'), 'node_modules\n');
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    git('add', '--all');
    git('commit', '--quiet', '--message', 'all');
    const author = {
      GIT_COMMITTER_NAME: 'x',
      GIT_COMMITTER_EMAIL: 'x@example.org',
      GIT_AUTHOR_NAME: 'x',
      GIT_AUTHOR_EMAIL: 'x@example.org',
    };
    npm(copy, ['run', 'release'], author);
    const added = git('diff', '--name-only', 'main', git('tag').trim()).trim().split('\n');
    expect(added.filter((file) => !file.startsWith('dist/types/')).map(plain)).toEqual([
      ...BUILT.map((file) => `dist/${file}`),
      'doc/tags',
    ]);
    expect(git('status', '--porcelain') + git('branch')).toBe('* main\n');
    writeFileSync(join(copy, 'README.md'), '');
    expect(() => npm(copy, ['run', 'release'], author)).toThrow(/npm run release: there are changes that are not committed/);
  });
});
