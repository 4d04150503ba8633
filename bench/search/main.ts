/** `npm run bench:search`: searches beside what etcdctl and one range take. `-- --scale 1` is the full size. */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { startEtcd, type TestEtcd } from '../../test/harness/etcd.js';
import { putAll } from '../../test/harness/load.js';
import { tools } from '../../test/harness/tools.js';
import { bundle } from '../../tools/typescript.mjs';
import { median } from '../samples.js';
import { conditions, markdown, ms, record } from '../table.js';
import type { Taken, Way } from './child.js';

const ROUNDS = 3;
const HEAD = ['what', 'ms', 'CPU ms', 'first hit ms', 'hits', 'RSS MB'];
const { values } = parseArgs({ options: { scale: { type: 'string', default: '0.1' }, record: { type: 'boolean', default: false } } });
const scale = Number(values.scale);

const { etcd, program } = {
  etcd: await startEtcd(undefined, ['--quota-backend-bytes', String(4 * 2 ** 30)]),
  program: await bundle('bench/search/child.ts'),
};
try {
  await fill(etcd);
  const ways: [what: string, take: () => Taken][] = [
    ['grep of a text, 200 B values', () => ours('grep', '/values/', 'needle')],
    ['grep of an expression', () => ours('grep', '/values/', '/ne{2}dle$/')],
    ['etcdctl get --prefix, grep -c', () => etcdctl('/values/', 'needle')],
    ['one bare range through the gateway', () => ours('drain', '/values/', '')],
    ['find of a part of names', () => ours('find', '/names/', '99')],
    ['one keys_only range', () => ours('range', '/names/', '')],
  ];
  const taken = ways.map((): Taken[] => []);
  for (let round = 0; round < ROUNDS; round++) for (const [i, [, take]] of ways.entries()) taken[i]?.push(take());
  const rows = ways.map(([what], i) => rowOf(what, taken[i] ?? []));
  const sizes = `${200_000 * scale} keys with values, ${100_000 * scale} names, ${ROUNDS} rounds in turns.`;
  const text = `${conditions(tools.etcds.slice(-1))} ${sizes}\n\n${markdown(HEAD, rows)}`;
  process.stdout.write(`${text}\n`);
  if (values.record) record('Searches', text);
} finally {
  await etcd.stop();
}

async function fill(server: TestEtcd): Promise<void> {
  const names = (prefix: string, count: number) => Array.from({ length: count * scale }, (_, i) => `${prefix}${1_000_000 + i}`);
  const value = 'x'.repeat(194);
  const all = names('/values/', 200_000);
  await putAll(
    server,
    all.filter((_, i) => i % 1000 !== 0),
    `${value}straw.`,
  );
  await putAll(
    server,
    all.filter((_, i) => i % 1000 === 0),
    `${value}needle`,
  );
  await putAll(server, names('/names/', 100_000));
}

function rowOf(what: string, all: readonly Taken[]): string[] {
  const shown = (field: keyof Taken, show: (value: number) => string): string => {
    const middle = median(all.map((one) => one[field]));
    return Number.isNaN(middle) ? '' : show(middle);
  };
  const rss = shown('rss', (bytes) => ms(bytes / 2 ** 20));
  return [what, shown('wall', ms), shown('cpu', ms), shown('first', ms), shown('found', String), rss];
}

function ours(way: Way, prefix: string, pattern: string): Taken {
  return JSON.parse(execFileSync(process.execPath, [program, etcd.endpoint, way, prefix, pattern], { encoding: 'utf8' })) as Taken;
}

function etcdctl(prefix: string, pattern: string): Taken {
  const began = performance.now();
  const script = '"$0" --endpoints "$1" get --prefix "$2" | grep -c "$3"';
  const env = { ...process.env, ETCDCTL_API: '3' };
  const found = Number(
    execFileSync('sh', ['-c', script, tools.etcdctl ?? 'etcdctl', etcd.endpoint, prefix, pattern], { encoding: 'utf8', env }),
  );
  return { wall: performance.now() - began, cpu: NaN, first: NaN, found, rss: NaN };
}
