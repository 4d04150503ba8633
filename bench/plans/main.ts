/** `npm run bench:plans`: changes of a tree and an export beside the same requests without a plan, and etcdctl. `-- --scale 1` is full. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEtcd } from '../../test/harness/etcd.js';
import { putAll } from '../../test/harness/load.js';
import { tools } from '../../test/harness/tools.js';
import { bundle } from '../../tools/typescript.mjs';
import { median } from '../samples.js';
import { conditions, markdown, ms, record } from '../table.js';
import type { Taken, Way } from './child.js';

const ROUNDS = 3;
const HEAD = ['what', 'keys', 'ms', 'CPU ms', 'requests that change', 'RSS MB'];
const { values } = parseArgs({ options: { scale: { type: 'string', default: '0.1' }, record: { type: 'boolean', default: false } } });
const scale = Number(values.scale);
const [large, most] = [100_000 * scale, 1_000_000 * scale];

const etcd = await startEtcd(undefined, ['--quota-backend-bytes', String(4 * 2 ** 30)]);
const program = await bundle('bench/plans/child.ts');
const folder = mkdtempSync(join(tmpdir(), 'etcd-vim-plans-'));
const file = join(folder, 'export');

type Take = () => Taken;
const ours = (way: Way, other = ''): Take => {
  return () => JSON.parse(execFileSync(process.execPath, [program, etcd.endpoint, way, '/from/', other], { encoding: 'utf8' })) as Taken;
};

function etcdctl(script: string): Take {
  return () => {
    const began = performance.now();
    const env = { ...process.env, ETCDCTL_API: '3' };
    const args = ['-c', script, tools.etcdctl ?? 'etcdctl', '--endpoints', etcd.endpoint, '--command-timeout', '120s'];
    execFileSync('sh', args, { env, stdio: 'ignore' });
    return { wall: performance.now() - began, cpu: NaN, rss: NaN, parts: NaN };
  };
}

async function fill(keys: number): Promise<void> {
  const names = Array.from({ length: keys }, (_, i) => `/from/${1_000_000 + i}`);
  await putAll(etcd, names, 'x'.repeat(100));
}

/** Before each of them the keys are put anew, and what was made of them is gone. */
async function measure(keys: number, ways: [what: string, take: Take][], isChange = true): Promise<string[][]> {
  const all = ways.map((): Taken[] => []);
  if (!isChange) await fill(keys);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, [, take]] of ways.entries()) {
      if (isChange) await fill(keys);
      all[i]?.push(take());
      if (isChange) etcdctl('"$0" "$@" del --prefix /')();
    }
  }
  return ways.map(([what], i) => rowOf(what, keys, all[i] ?? []));
}

function rowOf(what: string, keys: number, all: readonly Taken[]): string[] {
  const shown = (field: keyof Taken, show: (value: number) => string): string => {
    const middle = median(all.map((one) => one[field]));
    return Number.isNaN(middle) ? '' : show(middle);
  };
  return [what, String(keys), shown('wall', ms), shown('cpu', ms), shown('parts', String), shown('rss', (rss) => ms(rss / 2 ** 20))];
}

try {
  const rename: [string, Take][] = [
    ['rename of a prefix', ours('rename', '/to/')],
    ['a range, puts in txns of 128, and a delete', ours('bare rename', '/to/')],
  ];
  const rows = [
    ...(await measure(large, [
      ['delete of a prefix', ours('remove')],
      ['one delete range', ours('bare remove')],
      ['etcdctl del --prefix', etcdctl('"$0" "$@" del --prefix /from/')],
    ])),
    ...(await measure(1000, rename)),
    ...(await measure(large, rename)),
    ...(await measure(
      most,
      [
        ['export as jsonl', ours('export', file)],
        ['etcdctl get --prefix -w json > file', etcdctl(`"$0" "$@" get --prefix -w json /from/ > ${file}`)],
      ],
      false,
    )),
  ];
  const text = `${conditions(tools.etcds.slice(-1))} Values of 100 bytes, ${ROUNDS} rounds in turns.\n\n${markdown(HEAD, rows)}`;
  process.stdout.write(`${text}\n`);
  if (values.record) record('Plans and exports', text);
} finally {
  rmSync(folder, { recursive: true });
  await etcd.stop();
}
