// Builds dist/: the host (main.cjs), the remote-plugin entry (rplugin.cjs), the parts that both load when they need them, and the library
// (client.mjs). Also builds doc/tags, because with native packages and plain clones nobody runs :helptags.
import { build, transform } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { poolOnly } from './build/pool-only.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {{ engines: { node: string } }} */
const { engines } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Packages that few sessions need. Each has a file of its own, which is loaded with the first value or document of its kind. */
const rare = ['jsonc-parser', 'smol-toml', 'yaml'];

/**
 * If one of these packages is not imported by `await import()`, its file is found when something of it is first used.
 * @type {import('esbuild').Plugin}
 */
const rareApart = {
  name: 'rare-apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${rare.join('|')})$`) }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${path}.cjs`, external: true } : { path, namespace: 'rare' },
    );
    onResolve({ filter: /\.cjs$/, namespace: 'rare' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'rare' }, async ({ path }) => {
      const names = Object.keys(/** @type {object} */ (await import(path))).filter((name) => name !== 'default');
      const getters = names.map((name) => `get ${name}() { return all().${name}; }`);
      return { contents: `let known; const all = () => (known ??= require('./${path}.cjs')); module.exports = { ${getters.join(', ')} };` };
    });
  },
};

const minified = { target: engines.node.replace('>=', 'node'), minifySyntax: true, minifyWhitespace: true };

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  // The `main` of jsonc-parser loads its own parts by names that no bundler follows.
  mainFields: ['module', 'main'],
  ...minified,
  logLevel: 'warning',
  legalComments: 'none',
};

/**
 * A bundle has only what it calls, and undici only if it has no other transport, because no module of ours does anything by itself.
 * @type {import('esbuild').Plugin}
 */
const calledOnly = {
  name: 'called-only',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^(\.|undici)/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === calledOnly) return undefined;
      return { ...(await resolve(path, { ...from, pluginData: calledOnly })), sideEffects: false };
    });
  },
};

/**
 * The host in files: what every session needs, and what is loaded later (src/host/methods/late.ts). esbuild splits only ES modules, which
 * Node starts more slowly than CommonJS. So each file is turned into CommonJS afterwards.
 */
async function buildHost() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['src/main.ts', 'src/rplugin.ts'],
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    format: 'esm',
    splitting: true,
    write: false,
    inject: ['tools/build/clock.mjs'],
    plugins: [poolOnly, rareApart],
  });
  // Files of an earlier build have other names, so a running host never gets a part of another version.
  mkdirSync(`${root}dist`, { recursive: true });
  for (const old of readdirSync(`${root}dist`).filter((name) => /-[A-Z0-9]{8}\.cjs$/.test(name))) rmSync(`${root}dist/${old}`);
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, { ...minified, format: 'cjs', supported: { 'dynamic-import': false } });
    writeFileSync(path, code);
  }
}

await Promise.all([
  buildHost(),
  ...rare.map((name) => build({ ...common, entryPoints: [name], outfile: `dist/${name}.cjs`, format: 'cjs' })),
  // Two programs, each with no more than it calls: what is resident needs twice as much as what fetches, and each start would load it.
  ...Object.entries({ etcdenv: 'main', supervisor: 'supervisor' }).map(([name, entry]) =>
    build({
      ...common,
      entryPoints: [`src/cli/${entry}.ts`],
      outfile: `dist/${name}.cjs`,
      format: 'cjs',
      inject: ['tools/build/clock.mjs'],
      plugins: [calledOnly],
      define: { 'import.meta.dirname': '__dirname' },
    }),
  ),
  build({ ...common, entryPoints: ['src/library/index.ts'], outfile: 'dist/client.mjs', format: 'esm', packages: 'external' }),
]);

// If a text has one letter beyond Latin-1, as a regular expression may, V8 compiles it from two bytes a character: a fifth slower.
for (const file of readdirSync(`${root}dist`).filter((name) => name.endsWith('.cjs'))) {
  const [odd] = /[^\0-\x7f]/.exec(readFileSync(`${root}dist/${file}`, 'utf8')) ?? [];
  if (odd !== undefined) throw new Error(`dist/${file} has ${JSON.stringify(odd)}: write it as an escape`);
}

const tags = readdirSync(`${root}doc`)
  .filter((file) => file.endsWith('.txt'))
  .flatMap((file) => {
    const help = readFileSync(`${root}doc/${file}`, 'utf8');
    const own = [...help.matchAll(/(?<!\S)\*([^*\s|]+)\*(?!\S)/g)].map(([, tag]) => String(tag));
    return own.map((tag) => `${tag}\t${file}\t/*${tag.replace(/[\\/]/g, '\\$&')}*\n`);
  });
writeFileSync(`${root}doc/tags`, tags.sort().join(''));
