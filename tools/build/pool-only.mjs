/**
 * The part of undici that we use: Pool, and what it connects with. Its index loads fetch, WebSocket, caches and more, 40 ms at every start.
 */
import { createRequire } from 'node:module';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/** What replaces a part of undici, by the end of its path. @type {Record<string, () => string>} */
const parts = {
  // HTTP/2 is never offered, and this part would load Node's own part of it.
  'dispatcher/client-h2.js': () => `module.exports = () => { throw new Error('HTTP/2 was not offered'); };`,
  // Our bodies are bytes. The part that makes bodies of forms and web streams is half of everything that this would load.
  'web/fetch/body.js': () => `exports.extractBody = () => { throw new Error('a body is bytes here'); };`,
  // It would make tables of all methods, statuses and letters at each start, of which two are used.
  'llhttp/constants.js': () => {
    const { ERROR, TYPE } = /** @type {{ ERROR: object, TYPE: object }} */ (require('undici/lib/llhttp/constants.js'));
    return `exports.ERROR = ${JSON.stringify(ERROR)}; exports.TYPE = ${JSON.stringify(TYPE)};`;
  },
};

/** What replaces a module of Node's. @type {Record<string, string>} */
const modules = {
  // It colours its messages, and opens stderr for that.
  assert: `module.exports = (fine, message) => { if (!fine) throw message instanceof Error ? message : new Error(message ?? 'undici has failed'); };`,
  // It would load all of HTTP for the default of one setting, and to recognize a server's answers, which we do not have.
  http: `exports.maxHeaderSize = 16384; exports.IncomingMessage = function IncomingMessage() {};`,
};

/** @type {import('esbuild').Plugin} */
export const poolOnly = {
  name: 'pool-only',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici-pool', namespace: 'pool-only' }));
    onLoad({ filter: /^undici-pool$/, namespace: 'pool-only' }, () => ({
      contents: `
        const Pool = require('undici/lib/dispatcher/pool.js');
        Pool.prototype.request = require('undici/lib/api/api-request.js');
        module.exports = { Pool, buildConnector: require('undici/lib/core/connect.js') };
      `,
      resolveDir: root,
    }));
    // As text it would be read and decoded at each start, together with a second one that old processors need.
    onLoad({ filter: /undici\/lib\/llhttp\/llhttp(_simd)?-wasm\.js$/ }, ({ path }) => {
      const name = path.endsWith('_simd-wasm.js') ? 'llhttp-simd.wasm' : 'llhttp.wasm';
      mkdirSync(`${root}dist`, { recursive: true });
      writeFileSync(`${root}dist/${name}`, /** @type {Buffer} */ (require(path)));
      return { contents: `module.exports = require('node:fs').readFileSync(__dirname + '/${name}');` };
    });
    onLoad({ filter: /undici\/lib\/.*\.js$/ }, ({ path }) => {
      const [, instead] = Object.entries(parts).find(([end]) => path.endsWith(`undici/lib/${end}`)) ?? [];
      return instead && { contents: instead() };
    });
    onResolve({ filter: /^node:(assert|http)$/ }, ({ path, importer }) =>
      importer.includes('undici') ? { path: path.slice('node:'.length), namespace: 'node-part' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'node-part' }, ({ path }) => ({ contents: modules[path] ?? '' }));
  },
};
