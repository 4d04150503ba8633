// Runs the benchmark and says what came out: on the screen, in bench/results.json and, to record it, in bench/README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { putBetween } from './markers.mjs';
import { run } from './run.mjs';
import { table } from './table.mjs';

const results = new URL('results.json', import.meta.url);
const readme = new URL('README.md', import.meta.url);
/** Large trees and values have a table of their own. */
const large = ['browse', 'complete', 'value'];
const places = [
  { holds: ({ part }) => !large.includes(part), begin: 'run', end: 'end' },
  { holds: ({ part }) => large.includes(part), begin: 'run: large', end: 'end: large' },
];

/**
 * @param {import('../tools/toolbox.mjs').Tools} tools
 * @param {{only: string[], rounds: number, record: boolean}} options
 */
export async function report({ editors, etcds, tmux }, { only, rounds, record }) {
  const samples = { startup: 2 * rounds, cold: Math.ceil(rounds / 2), warm: rounds };
  const etcd = etcds[etcds.length - 1];
  const rows = await run({ editors, etcd: etcd.command, tmux }, { only, samples, say: (text) => process.stderr.write(`${text}\n`) });
  const date = new Date().toISOString().slice(0, 10);
  const used = [{ name: 'node', version: process.versions.node }, etcd, ...editors];
  const named = used.map(({ name, version }) => `${name} ${version}`);
  const conditions = `${date}; ${process.platform} ${process.arch}, ${cpus().length} cores; ${named.join(', ')}.`;
  writeFileSync(results, `${JSON.stringify({ date, versions: named, samples, rows }, undefined, 2)}\n`);
  for (const { holds, begin, end } of places) {
    const own = rows.filter(holds);
    if (own.length === 0) continue;
    const text = `${conditions} ${summary(own)}\n\n${table(own)}`;
    process.stdout.write(`${text}\n\n`);
    if (record) writeFileSync(readme, putBetween(readFileSync(readme, 'utf8'), begin, end, text));
  }
}

function summary(rows) {
  const counts = `Samples in a cell: ${[...new Set(rows.map((row) => row.samples))].join(' or ')}.`;
  const judged = rows.filter((row) => row.target);
  const verdicts = ['met', 'MISSED', 'unclear'].map((kind) => `${judged.filter((row) => row.verdict === kind).length} ${kind}`);
  return `${counts} Targets: ${verdicts.join(', ')}.`;
}
