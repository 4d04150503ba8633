/** What was measured, as Markdown. */
import { readFileSync, writeFileSync } from 'node:fs';
import { putBetween } from '../markers.mjs';
import { median } from '../numbers.mjs';
import type { Cell, Row } from './measure.js';
import type { PutLatency } from './puts.js';

const HEAD = [
  'shape',
  'keys → children',
  'FLOOR ms',
  'ours ms',
  '/ FLOOR',
  '/ FULL',
  'requests',
  'MB',
  'RSS MB',
  'with hints ms',
  '/ FLOOR',
  'FULL ms',
  'MB',
  'RSS MB',
  'etcd3 ms',
  'RSS MB',
  'etcdctl ms',
];

/** @returns a line for each shape, and one for the median of the seeded ones */
export function table(rows: readonly Row[]): string {
  const seeds = rows.filter(({ shape }) => shape.startsWith('seed'));
  const lines = rows.map(line);
  if (seeds.length > 1) lines.push(medianLine(seeds));
  return markdown(HEAD, lines);
}

/** @returns a line for each kind of neighbour */
export function putTable(rows: readonly PutLatency[]): string {
  const lines = rows.map(({ beside, listings, puts, p50, p99, max, excess }) => [
    ...[beside, String(listings), String(puts)],
    ...[ms(p50), ms(p99), ms(max), ms(excess)],
  ]);
  return markdown(['puts beside', 'listings', 'puts', 'p50 ms', 'p99 ms', 'max ms', 'excess wait of a listing, ms'], lines);
}

/** Puts the text between the markers of that name in bench/README.md. */
export function keep(root: string, marker: string, text: string): void {
  const file = `${root}/bench/README.md`;
  writeFileSync(file, putBetween(readFileSync(file, 'utf8'), marker, `end of ${marker}`, text));
}

function line({ shape, keys, children, cells }: Row): string[] {
  const { ours, floor, full, hints, etcd3, etcdctl } = cells;
  return [
    shape,
    `${keys} → ${children}`,
    wall(floor),
    wall(ours),
    ratio(ours, floor),
    ratio(ours, full),
    ours ? String(ours.requests) : '',
    megabytes(ours?.bytes),
    megabytes(ours?.rss),
    wall(hints),
    ratio(hints, floor),
    wall(full),
    megabytes(full?.bytes),
    megabytes(full?.rss),
    wall(etcd3),
    megabytes(etcd3?.rss),
    wall(etcdctl),
  ];
}

function medianLine(seeds: readonly Row[]): string[] {
  const of = (a: 'ours' | 'hints', b: 'floor' | 'full'): string =>
    median(seeds.map(({ cells }) => (cells[a]?.wall ?? NaN) / (cells[b]?.wall ?? NaN))).toFixed(2);
  const blank = HEAD.map(() => '');
  blank[0] = `median of ${seeds.length} seeds`;
  blank[4] = of('ours', 'floor');
  blank[5] = of('ours', 'full');
  blank[10] = of('hints', 'floor');
  return blank;
}

const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
const wall = (cell: Cell | undefined): string => (cell ? (cell.error ? 'failed' : ms(cell.wall)) : '');
const ratio = (a: Cell | undefined, b: Cell | undefined): string => (a && b ? (a.wall / b.wall).toFixed(2) : '');
const megabytes = (bytes: number | undefined): string => (bytes === undefined ? '' : (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0));

export function markdown(head: readonly string[], lines: readonly string[][]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...lines.map((cells) => cells[at]?.length ?? 0)));
  const text = (cells: readonly string[]): string => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [text(head), text(widths.map((width) => '-'.repeat(width))), ...lines.map(text)].join('\n');
}
