/** `npm run bench:search`: searches, beside what etcdctl and one range take. `-- --scale 1` is the full size. */
import { execFileSync, spawn } from 'node:child_process';
import { text as textOf } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { startEtcd, type TestEtcd } from '../../test/harness/etcd.js';
import { putAll } from '../../test/harness/load.js';
import { tools } from '../../test/harness/tools.js';
import { bundle } from '../../tools/typescript.mjs';
import { median } from '../samples.js';
import { conditions, markdown, ms, record } from '../table.js';
import type { Taken, Way } from './child.js';
import type { Puts } from './puts.js';

const ROUNDS = 3;
const HEAD = ['what', 'ms', 'CPU ms', 'first hit ms', 'hits', 'RSS MB', 'a put beside it, 99 %', 'at most'];
const { values } = parseArgs({ options: { scale: { type: 'string', default: '0.1' }, record: { type: 'boolean', default: false } } });
const scale = Number(values.scale);

const { etcd, program, putter } = {
  etcd: await startEtcd(undefined, ['--quota-backend-bytes', String(4 * 2 ** 30)]),
  program: await bundle('bench/search/child.ts'),
  putter: await bundle('bench/search/puts.ts'),
};
try {
  await fill(etcd);
  const ways: [what: string, take: () => Taken][] = [
    ['grep of a text, 200 B values', () => ours('grep', '/values/', 'needle')],
    ['grep of an expression', () => ours('grep', '/values/', '/ne{2}dle$/')],
    ['etcdctl get --prefix, grep -c', () => etcdctl('/values/', 'needle')],
    ['one bare range through the gateway', () => ours('drain', '/values/', '')],
    ['grep of a text, 100 B values', () => ours('grep', '/names/', 'needle')],
    ['etcdctl get --prefix, grep -c', () => etcdctl('/names/', 'needle')],
    ['find of a part of names', () => ours('find', '/names/', '99')],
    ['find of a glob', () => ours('find', '/names/', '*9*9')],
    ['one keys_only range', () => ours('range', '/names/', '')],
  ];
  const taken = ways.map((): Taken[] => []);
  for (let round = 0; round < ROUNDS; round++) for (const [i, [, take]] of ways.entries()) taken[i]?.push(take());
  const rows: string[][] = [];
  for (const [i, [what, take]] of ways.entries()) {
    const { p99, max } = await putsBeside(take);
    rows.push([...rowOf(what, taken[i] ?? []), ms(p99), ms(max)]);
  }
  const sizes = `${200_000 * scale} keys with values of 200 B, ${1_000_000 * scale} of 100 B, ${ROUNDS} rounds in turns.`;
  const text = `${conditions(tools.etcds.slice(-1))} ${sizes}\n\n${markdown(HEAD, rows)}`;
  process.stdout.write(`${text}\n`);
  if (values.record) record('Searches', text);
} finally {
  await etcd.stop();
}

async function fill(server: TestEtcd): Promise<void> {
  await fillValues(server, '/values/', 200_000 * scale, 200);
  await fillValues(server, '/names/', 1_000_000 * scale, 100);
}

/** One value in a thousand is found. */
async function fillValues(server: TestEtcd, prefix: string, count: number, bytes: number): Promise<void> {
  const names = Array.from({ length: count }, (_, i) => `${prefix}${1_000_000 + i}`);
  const of = (word: string): string => 'x'.repeat(bytes - word.length) + word;
  const isFound = (i: number): boolean => i % 1000 === 0;
  const straw = names.filter((_, i) => !isFound(i));
  const needles = names.filter((_, i) => isFound(i));
  await putAll(server, straw, of('straw'));
  await putAll(server, needles, of('needle'));
}

/** The puts of another process meanwhile. */
async function putsBeside(take: () => unknown): Promise<Puts> {
  const child = spawn(process.execPath, [putter, etcd.endpoint], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  // It has said that it puts.
  take();
  child.stdin.end();
  return JSON.parse(await textOf(child.stdout)) as Puts;
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
  const script = '"$0" --endpoints "$1" --command-timeout 120s get --prefix "$2" | grep -c "$3"';
  const env = { ...process.env, ETCDCTL_API: '3' };
  const found = Number(
    execFileSync('sh', ['-c', script, tools.etcdctl ?? 'etcdctl', etcd.endpoint, prefix, pattern], { encoding: 'utf8', env }),
  );
  return { wall: performance.now() - began, cpu: NaN, first: NaN, found, rss: NaN };
}
