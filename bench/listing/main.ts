/** Lists every shape by every subject, says what came out, and keeps it in bench/listing.json: shapes that were not asked for stay. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { measure, type Row, type Tools } from './measure.js';
import { measurePuts, type PutLatency } from './puts.js';
import { SEEDS, seeded, shapes } from './shapes.js';
import { keep, putTable, table } from './table.js';

interface Results {
  scale: number;
  conditions: string;
  rows: Row[];
  writers: PutLatency[];
}

export interface Wish {
  /** Names of shapes, `seeds` and `puts`; all without it. */
  only: string[] | undefined;
  scale: number;
  record: boolean;
  tools: Tools & { version: string };
  /** Of the repository. */
  root: string;
}

async function main({ only, scale, record, tools, root }: Wish): Promise<void> {
  const file = `${root}/bench/listing.json`;
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Results>) : undefined;
  const date = new Date().toISOString().slice(0, 10);
  const conditions = `${date}; ${process.platform} ${process.arch}, ${cpus().length} cores; node ${process.versions.node}, etcd ${tools.version}`;
  const { rows = [], writers = [] } = kept?.scale === scale ? kept : {};
  const results: Results = { scale, conditions, rows, writers };
  const all = [...shapes, ...SEEDS.map(seeded)];
  for (const shape of all) {
    if (only && !only.includes(shape.name) && !(only.includes('seeds') && shape.name.startsWith('seed'))) continue;
    const row = await measure(shape, scale, tools);
    results.rows = all.flatMap(({ name }) => (name === shape.name ? [row] : results.rows.filter((it) => it.shape === name)));
    writeFileSync(file, `${JSON.stringify(results, undefined, 1)}\n`);
    process.stderr.write(`${table([row]).split('\n').at(-1) ?? ''}\n`);
  }
  if (!only || only.includes('puts')) results.writers = await measurePuts(scale, tools);
  writeFileSync(file, `${JSON.stringify(results, undefined, 1)}\n`);
  const text = `${results.conditions}; scale ${scale}.\n\n${table(results.rows)}\n\n${putTable(results.writers)}`;
  process.stdout.write(`${text}\n`);
  if (record) keep(root, 'listing', text);
}

await main(JSON.parse(process.argv[2] ?? '{}') as Wish);
