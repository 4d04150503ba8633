/** `npm run bench:listing`: lists every shape by every subject, and says what came out. bench/NOTES.md says how and what. */
import { parseArgs } from 'node:util';
import { SEEDS, seeded, shapes } from '../../test/harness/listing/shapes.js';
import { tools } from '../../test/harness/tools.js';
import { bundle } from '../../tools/typescript.mjs';
import { installEtcd3 } from '../etcd3.js';
import { median } from '../samples.js';
import { conditions, markdown, ms, record } from '../table.js';
import { measure, type Cell, type Row } from './measure.js';
import { measurePuts, type PutLatency } from './puts.js';
import type { Means } from './subjects.js';

const HEAD = ['shape', 'keys → children', 'floor ms', 'ours', 'again', 'full', 'etcd3', 'etcdctl', 'ours / floor', 'ours / full'];
const MORE = ['requests', 'MB', 'RSS MB: ours', 'full', 'etcd3'];

const OPTIONS = {
  only: { type: 'string' },
  scale: { type: 'string', default: '1' },
  record: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const only = values.only?.split(',');
  const scale = Number(values.scale);
  const wanted = (name: string): boolean => !only || only.includes(name) || (only.includes('seeds') && name.startsWith('seed'));
  const means: Means = { program: await bundle('bench/listing/child.ts'), etcdctl: tools.etcdctl, etcd3: installEtcd3() };
  const rows: Row[] = [];
  for (const shape of [...shapes, ...SEEDS.map(seeded)].filter(({ name }) => wanted(name))) {
    process.stderr.write(`${shape.name}: ${shape.about}\n`);
    rows.push(await measure(shape, scale, means));
  }
  const puts = wanted('puts') ? await measurePuts(scale, means) : [];
  const text = `${conditions(tools.etcds.slice(-1))} Scale ${scale}.\n\n${table(rows)}\n\n${putTable(puts)}`.trimEnd();
  process.stdout.write(`${text}\n`);
  if (values.record && !only) record('Listings', text);
}

/** A line for each shape, and one for all seeded shapes together. */
function table(rows: readonly Row[]): string {
  const seeds = rows.filter(({ shape }) => shape.startsWith('seed'));
  const of = (at: 'floor' | 'full'): string => median(seeds.map(({ cells }) => ratio(cells.ours, cells[at]))).toFixed(2);
  const last = [`the middle of ${seeds.length} seeds`, '', '', '', '', '', '', '', of('floor'), of('full'), ...MORE.map(() => '')];
  const lines = rows.filter((row) => !seeds.includes(row) || seeds.length < 2).map(lineOf);
  return markdown([...HEAD, ...MORE], seeds.length > 1 ? [...lines, last] : lines);
}

function lineOf({ shape, keys, children, cells }: Row): string[] {
  const { floor, ours, again, full, etcd3, etcdctl } = cells;
  return [
    ...[shape, `${keys} → ${children}`],
    ...[floor, ours, again, full, etcd3, etcdctl].map((cell) => (cell?.error === undefined ? (cell ? ms(cell.wall) : '') : 'failed')),
    ...[ratio(ours, floor).toFixed(2), ratio(ours, full).toFixed(2), String(ours?.requests ?? ''), megabytes(ours?.bytes)],
    ...[ours, full, etcd3].map((cell) => megabytes(cell?.rss)),
  ];
}

const ratio = (one: Cell | undefined, other: Cell | undefined): number => (one?.wall ?? NaN) / (other?.wall ?? NaN);
const megabytes = (bytes: number | undefined): string => (bytes === undefined ? '' : (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0));

function putTable(rows: readonly PutLatency[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(({ beside, p50, p99, max, excess }) => [beside, ...[p50, p99, max, excess].map(ms)]);
  return markdown(['puts beside', 'half of them, ms', '99 %', 'the slowest', 'all that waited longer than half, for each listing'], lines);
}

await main();
