/** Lists every shape on the simulator and says what was counted: npm run bench:listing -- --counted */
import { median } from '../numbers.mjs';
import { countLevel, type Counted } from './count.js';
import { SEEDS, seeded, shapes } from './shapes.js';
import { keep, markdown } from './table.js';

export interface Wish {
  record: boolean;
  /** Of the repository. */
  root: string;
}

const HEAD = [
  'shape',
  'keys → children',
  'time',
  'work',
  'walks',
  'requests',
  'operations',
  'keys returned',
  'time with hints',
  'time / FULL',
];

async function main({ record, root }: Wish): Promise<void> {
  const lines: string[][] = [];
  const seen: { cold: Counted; hinted: Counted | undefined }[] = [];
  for (const { name, prefix, keys } of [...shapes, ...SEEDS.map(seeded)]) {
    const all = keys(1);
    const cold = await countLevel(all, prefix);
    const hinted = cold.hints && (await countLevel(all, prefix, cold.hints));
    if (name.startsWith('seed')) seen.push({ cold, hinted });
    lines.push([name, `${all.length} → ${cold.names.length}`, ...numbers(cold), two(hinted?.time), two(cold.full)]);
    process.stderr.write(`${name}\n`);
  }
  const of = (pick: (one: (typeof seen)[number]) => number | undefined): string => two(median(seen.map((one) => pick(one) ?? NaN)));
  const [time, work, walks] = [of(({ cold }) => cold.time), of(({ cold }) => cold.work), of(({ cold }) => cold.walks)];
  const [hints, full] = [of(({ hinted }) => hinted?.time), of(({ cold }) => cold.full)];
  lines.push([`median of ${seen.length} seeds`, '', time, work, walks, '', '', '', hints, full]);
  const text = markdown(HEAD, lines);
  process.stdout.write(`${text}\n`);
  if (record) keep(root, 'counted', text);
}

function numbers({ time, work, walks, requests, operations, returned }: Counted): string[] {
  return [two(time), two(work), walks.toFixed(1), String(requests), String(operations), String(returned)];
}

const two = (ratio: number | undefined): string => ratio?.toFixed(2) ?? '';

await main(JSON.parse(process.argv[2] ?? '{}') as Wish);
