// Builds dist/: the host (main.cjs), the remote-plugin entry (rplugin.cjs) and the client as a library (client.mjs);
// and doc/tags, because native packages and plain clones have nobody who runs :helptags.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Of undici we use Pool alone, and what it connects with; its index loads fetch, WebSocket, caches and more, which costs 40 ms at every start.
 * @type {import('esbuild').Plugin}
 */
const poolOnly = {
  name: 'pool-only',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici-pool', namespace: 'pool-only' }));
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

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
  legalComments: 'none',
};

await Promise.all([
  build({ ...common, entryPoints: ['src/main.ts'], outfile: 'dist/main.cjs', format: 'cjs', plugins: [poolOnly] }),
  build({ ...common, entryPoints: ['src/rplugin.ts'], outfile: 'dist/rplugin.cjs', format: 'cjs', plugins: [poolOnly] }),
  build({ ...common, entryPoints: ['src/etcd/index.ts'], outfile: 'dist/client.mjs', format: 'esm', packages: 'external' }),
]);

const help = readFileSync(`${root}doc/etcd.txt`, 'utf8');
const tags = [...help.matchAll(/(?<!\S)\*([^*\s|]+)\*(?!\S)/g)].map(([, tag]) => tag).sort();
writeFileSync(`${root}doc/tags`, tags.map((tag) => `${tag}\tetcd.txt\t/*${tag.replace(/[\\/]/g, '\\$&')}*\n`).join(''));
