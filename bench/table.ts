/** What was measured, as Markdown, and in bench/results.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median, medianInterval } from './samples.js';

export interface Row {
  measure: string;
  /** ms, one for each round. The floor is the same. */
  ours: number[];
  floor: number[];
  /** Measured for comparison; some may have no samples. */
  beside: Record<string, number[]>;
  /** At most so many times the floor, plus so many ms. */
  target?: { times: number; plus: number };
}

export interface Result extends Row {
  editor: string;
}

/** In `beside`: what the other clone, that of --beside, took. */
const BEFORE = 'before';
const RESULTS = fileURLToPath(new URL('results.md', import.meta.url));
const HEAD = '# Results\n\nWritten by `npm run bench` and those beside it, with `--record`. NOTES.md says what was measured.\n';

export const ms = (value: number): string => value.toFixed(value < 100 ? 1 : 0);

/** @returns a line for each measure, and a column for each editor */
export function table(results: readonly Result[]): string {
  const editors = [...new Set(results.map(({ editor }) => editor))];
  const measures = [...new Set(results.map(({ measure }) => measure))];
  const lines = measures.map((measure) => {
    const own = results.filter((result) => result.measure === measure);
    const cells = editors.map((editor) =>
      own
        .filter((result) => result.editor === editor)
        .map(cell)
        .join(),
    );
    return [measure, ...cells, targetOf(own[0]?.target), besideOf(own)];
  });
  return markdown(['ours / floor, ms', ...editors, 'at most', 'beside, ms'], lines);
}

function cell({ ours, floor, target }: Row): string {
  return `${ms(median(ours))} / ${ms(median(floor))}${target ? verdict(ours, floor, target) : ''}`;
}

/** Each round is judged on its own. If the middle of the differences to the target may lie on either side, nobody knows. */
function verdict(ours: readonly number[], floor: readonly number[], { times, plus }: NonNullable<Row['target']>): string {
  const [low, high] = medianInterval(ours.map((own, round) => own - ((floor[round] ?? NaN) * times + plus)));
  return high <= 0 ? '' : low > 0 ? ' ✗' : ' ?';
}

function targetOf(target: Row['target']): string {
  if (!target) return '';
  const { times, plus } = target;
  return [...(times > 0 ? [`${times} ×`] : []), ...(plus > 0 ? [String(plus)] : [])].join(' + ');
}

/** For all editors together. An earlier version of ours is compared round by round. */
function besideOf(results: readonly Result[]): string {
  const names = [...new Set(results.flatMap(({ beside }) => Object.keys(beside)))];
  return names
    .flatMap((name) => {
      const all = results.flatMap(({ beside }) => beside[name] ?? []);
      if (all.length === 0) return [];
      if (name !== BEFORE) return [`${name} ${ms(median(all))}`];
      const times = results.flatMap(({ ours, beside }) => ours.map((own, round) => own / (beside[name]?.[round] ?? NaN)));
      const [low, high] = medianInterval(times);
      return [`${median(times).toFixed(2)} × before (${low.toFixed(2)} to ${high.toFixed(2)})`];
    })
    .join(', ');
}

export function markdown(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '-')), ...lines.map(row)].join('\n');
}

/** When it was measured, and on what. @param versions of the programs that were measured */
export function conditions(versions: readonly { name: string; version: string }[]): string {
  const all = [{ name: 'node', version: process.versions.node }, ...versions].map(({ name, version }) => `${name} ${version}`);
  return `${new Date().toISOString().slice(0, 10)}; ${process.platform} ${process.arch}, ${cpus().length} cores; ${all.join(', ')}.`;
}

/** Puts a section into bench/results.md, and replaces the one with its title. */
export function record(title: string, text: string): void {
  const before = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : HEAD;
  writeFileSync(RESULTS, withSection(before, title, text));
}

/** @returns the document with the section, the sections in order of their titles */
export function withSection(document: string, title: string, text: string): string {
  const [head = '', ...sections] = document.split(/^(?=## )/m);
  const others = sections.filter((section) => !section.startsWith(`## ${title}\n`));
  const all = [...others, `## ${title}\n\n${text}\n\n`].map((section) => `${section.trimEnd()}\n`).sort();
  return [`${head.trimEnd()}\n`, ...all].join('\n');
}
