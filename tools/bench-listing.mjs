// Measures listings beside their floor and their peers: npm run bench:listing -- [--only A,B,seeds,puts] [--scale 0.1] [--matrix] [--record]
// Or counts what they cost on the simulator: npm run bench:listing -- --counted [--record]
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findTools } from './toolbox.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const outdir = `${root}/.cache/bench-listing`;
const etcd3 = `${root}/bench/listing/etcd3`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    scale: { type: 'string', default: '1' },
    matrix: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    counted: { type: 'boolean', default: false },
  },
});

await build({
  absWorkingDir: root,
  entryPoints: ['main', 'child', 'counted'].map((name) => `bench/listing/${name}.ts`),
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
if (values.counted) {
  await run(process.execPath, [`${outdir}/counted.mjs`, JSON.stringify({ record: values.record, root })], root);
  process.exit();
}
const { etcds, etcdctl } = await findTools({ matrix: values.matrix, needs: ['etcd'] });
const etcd = etcds.at(-1);
// A peer to compare with, which the plugin does not carry.
if (!existsSync(`${etcd3}/node_modules`)) await run('npm', ['ci', '--no-audit', '--no-fund'], etcd3);
const tools = { etcd: etcd.command, version: etcd.version, etcdctl, etcd3 };
const wish = { only: values.only?.split(','), scale: Number(values.scale), record: values.record, tools, root };
await run(process.execPath, [`${outdir}/main.mjs`, JSON.stringify(wish)], root);

async function run(command, args, cwd) {
  const [status] = await once(spawn(command, args, { cwd, stdio: 'inherit' }), 'exit');
  if (status !== 0) process.exit(status ?? 1);
}
