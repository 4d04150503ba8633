// Builds dist/: the host (main.cjs), the remote-plugin entry (rplugin.cjs), what both load when they need it, and the library (client.mjs);
// and doc/tags, because native packages and plain clones have nobody who runs :helptags.
import { build } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** @type {{ engines: { node: string } }} */
const { engines } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/**
 * Of undici we use Pool alone, and what it connects with; its index loads fetch, WebSocket, caches and more, which costs 40 ms at every start.
 * @type {import('esbuild').Plugin}
 */
const poolOnly = {
  name: 'pool-only',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici-pool', namespace: 'pool-only' }));
    // HTTP/2 is never offered, and Node's own part of it is loaded with this one.
    onLoad({ filter: /undici\/lib\/dispatcher\/client-h2\.js$/ }, () => ({
      contents: `module.exports = () => { throw new Error('HTTP/2 was not offered'); };`,
    }));
    // Our bodies are bytes: what makes some of forms and web streams is the half of all that this would load.
    onLoad({ filter: /undici\/lib\/web\/fetch\/body\.js$/ }, () => ({
      contents: `exports.extractBody = () => { throw new Error('a body is bytes here'); };`,
    }));
    onLoad({ filter: /.*/, namespace: 'pool-only' }, () => ({
      contents: `
        const Pool = require('undici/lib/dispatcher/pool.js');
        Pool.prototype.request = require('undici/lib/api/api-request.js');
        module.exports = { Pool, buildConnector: require('undici/lib/core/connect.js') };
      `,
      resolveDir: root,
    }));
  },
};

/** Packages that few sessions need. Each has a file of its own, which is loaded with the first value or document of its kind. */
const rare = ['jsonc-parser', 'smol-toml', 'yaml'];

/** @type {import('esbuild').Plugin} */
const rareApart = {
  name: 'rare-apart',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^(${rare.join('|')})$`) }, ({ path, kind }) =>
      kind === 'entry-point' ? undefined : { path: `./${path}.cjs`, external: true },
    );
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  // What jsonc-parser has as `main` loads its own parts by names that no bundler follows.
  mainFields: ['module', 'main'],
  target: engines.node.replace('>=', 'node'),
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
  legalComments: 'none',
};

/**
 * What a bundle does not call is not in it, and undici not in one that has another transport: no module of ours does anything by itself.
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

await Promise.all([
  build({ ...common, entryPoints: ['src/main.ts'], outfile: 'dist/main.cjs', format: 'cjs', plugins: [poolOnly, rareApart] }),
  build({ ...common, entryPoints: ['src/rplugin.ts'], outfile: 'dist/rplugin.cjs', format: 'cjs', plugins: [poolOnly, rareApart] }),
  ...rare.map((name) => build({ ...common, entryPoints: [name], outfile: `dist/${name}.cjs`, format: 'cjs' })),
  build({
    ...common,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/etcdenv.cjs',
    format: 'cjs',
    plugins: [calledOnly],
    define: { 'import.meta.dirname': '__dirname' },
  }),
  build({ ...common, entryPoints: ['src/library/index.ts'], outfile: 'dist/client.mjs', format: 'esm', packages: 'external' }),
]);

// V8 compiles a text with one letter beyond Latin-1, as a regular expression may have it, from two bytes a character: a fifth slower.
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
