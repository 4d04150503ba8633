// Makes the repository's TypeScript usable for programs that Node runs, because the oldest Node that we work with has none.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles a file, without the packages that it imports. Each module still knows its own `import.meta.url`.
 * @param {string} file relative to the repository
 * @returns {Promise<string>} the path of the bundle, a module
 */
export async function bundle(file) {
  // Not before the clone is set up, because until then esbuild may be missing.
  const { build } = await import('esbuild');
  const outfile = join(root, '.cache/run', file.replaceAll('/', '-').replace(/\.ts$/, '.mjs'));
  await build({
    absWorkingDir: root,
    entryPoints: [file],
    outfile,
    bundle: true,
    platform: 'node',
    target: `node${process.versions.node}`,
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
    plugins: [
      {
        name: 'own-url',
        setup({ onLoad }) {
          onLoad({ filter: /\.(ts|mjs)$/ }, ({ path }) => ({
            contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
            loader: path.endsWith('.ts') ? 'ts' : 'js',
          }));
        },
      },
    ],
  });
  return outfile;
}

/**
 * Bundles and imports a file.
 * @param {string} file relative to the repository
 * @returns {Promise<any>} its exports
 */
export async function load(file) {
  return import(pathToFileURL(await bundle(file)).href);
}
