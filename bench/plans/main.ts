/**
 * `npm run bench:plans`: changes of a tree, exports and documents, beside the same requests without a plan, and etcdctl. `-- --scale 1` is
 * the full size; `--only rename,document` runs some.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEtcd, type TestEtcd } from '../../test/harness/etcd.js';
import { putAll } from '../../test/harness/load.js';
import { tools } from '../../test/harness/tools.js';
import { bundle } from '../../tools/typescript.mjs';
import { median } from '../samples.js';
import { conditions, markdown, ms, record, table } from '../table.js';
import type { Taken, Way } from './child.js';
import { measureDocument, subjectsOf } from './editor.js';

const HEAD = ['what', 'keys', 'ms', 'of the first', 'CPU ms', 'requests that change', 'RSS MB'];
const OPTIONS = {
  scale: { type: 'string', default: '0.05' },
  rounds: { type: 'string', default: '5' },
  only: { type: 'string', default: 'remove,rename,copy,export,document' },
  record: { type: 'boolean', default: false },
} as const;
const { values } = parseArgs({ options: OPTIONS });
const [scale, rounds] = [Number(values.scale), Number(values.rounds)];
// An export of more keys than a document may have that can be written back.
const [large, most] = [100_000 * scale, Math.max(200_000, 1_000_000 * scale)];

const flags = ['--quota-backend-bytes', String(4 * 2 ** 30)];
const [etcd, second] = [await startEtcd(undefined, flags), await startEtcd(undefined, flags)];
const program = await bundle('bench/plans/child.ts');
const folder = mkdtempSync(join(tmpdir(), 'etcd-vim-plans-'));
const file = join(folder, 'export');

/** One way to do the same work as the others of its group. */
interface Subject {
  what: string;
  take: () => Taken;
}

function ours(what: string, way: Way, ...more: string[]): Subject {
  const args = [program, etcd.endpoint, way, '/from/', ...more];
  return { what, take: () => JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Taken };
}

/** @param script of a shell: `ctl` is etcdctl with the endpoint, `ctl2` is the same for the other cluster */
function etcdctl(what: string, script: string): Subject {
  const quoted = [etcd, second].map(
    ({ endpoint }) => `'${tools.etcdctl ?? 'etcdctl'}' --endpoints ${endpoint} --command-timeout 120s "$@"`,
  );
  const functions = `ctl() { ${quoted[0]}; }; ctl2() { ${quoted[1]}; }; `;
  const take = (): Taken => {
    const began = performance.now();
    execFileSync('sh', ['-c', functions + script], { env: { ...process.env, ETCDCTL_API: '3' }, stdio: 'ignore' });
    return { wall: performance.now() - began, cpu: NaN, rss: NaN, parts: NaN };
  };
  return { what, take };
}

/** Each etcdctl puts 128 keys in one txn. The values have no quotes. */
const COPY = `ctl get --prefix /from/ | awk -v run='ctl2() { ${tools.etcdctl ?? 'etcdctl'} --endpoints ${second.endpoint} "$@"; }; ctl2 txn' '
  NR % 2 { sub("^/from/", "/to/"); key = $0; next }
  n++ % 128 == 0 { close(run); printf "\\n" | run }
  { printf "put %s %s\\n", key, $0 | run }
  END { close(run) }'`;

async function fill(server: TestEtcd, prefix: string, keys: number, value = 'x'.repeat(100)): Promise<void> {
  const names = Array.from({ length: keys }, (_, i) => `${prefix}${1_000_000 + i}`);
  await putAll(server, names, value);
}

async function clear(server: TestEtcd): Promise<void> {
  await server.post('/v3/kv/deleterange', { key: 'AA==', range_end: 'AA==' });
}

/** @param changes whether they change the keys. Then the keys are put anew for each of them, and are gone after it */
async function measure(keys: number, subjects: Subject[], changes = true): Promise<string[][]> {
  const all = subjects.map((): Taken[] => []);
  if (!changes) await fill(etcd, '/from/', keys);
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`${keys} keys, round ${round + 1}: ${subjects.map(({ what }) => what).join('; ')}\n`);
    for (const [i, { take }] of subjects.entries()) {
      if (changes) await fill(etcd, '/from/', keys);
      all[i]?.push(take());
      if (changes) await Promise.all([clear(etcd), clear(second)]);
    }
  }
  await Promise.all([clear(etcd), clear(second)]);
  return subjects.map(({ what }, i) => rowOf(what, keys, all[i] ?? [], all[0] ?? []));
}

function rowOf(what: string, keys: number, all: readonly Taken[], first: readonly Taken[]): string[] {
  const shown = (field: keyof Taken, show: (value: number) => string): string => {
    const middle = median(all.map((one) => one[field]));
    return Number.isNaN(middle) ? '' : show(middle);
  };
  const ratio = median(first.map(({ wall }, i) => wall / (all[i]?.wall ?? NaN))).toFixed(2);
  const cells = [shown('wall', ms), ratio, shown('cpu', ms), shown('parts', String), shown('rss', (rss) => ms(rss / 2 ** 20))];
  return [what, String(keys), ...cells];
}

const groups: Record<string, () => Promise<string[][]>> = {
  remove: () =>
    measure(large, [
      ours('delete of a prefix', 'remove'),
      ours('one delete range', 'bare remove'),
      etcdctl('etcdctl del --prefix', 'ctl del --prefix /from/'),
    ]),
  async rename() {
    const few = [ours('rename of a prefix', 'rename', '/to/'), ours('its one request, bare', 'one txn', '/to/')];
    const many = [ours('rename of a prefix', 'rename', '/to/'), ours('a range, puts in txns of 128, and a delete', 'bare rename', '/to/')];
    return [...(await measure(1000, few)), ...(await measure(large, many))];
  },
  copy: () =>
    measure(large, [
      ours('copy of a prefix to another cluster', 'copy', '/to/', second.endpoint),
      etcdctl('etcdctl get --prefix, and puts in etcdctl txn', COPY),
    ]),
  export: () =>
    measure(
      most,
      [
        ours('export as jsonl', 'export', file),
        ours('one range, as it comes', 'bare export', file),
        etcdctl('etcdctl get --prefix -w json > file', `ctl get --prefix -w json /from/ > ${file}`),
      ],
      false,
    ),
};

try {
  const only = values.only.split(',');
  const rows: string[][] = [];
  for (const [name, group] of Object.entries(groups)) if (only.includes(name)) rows.push(...(await group()));
  const results = [];
  if (only.includes('document')) {
    for (const subject of subjectsOf(Math.min(10_000, large))) {
      await fill(etcd, subject.prefix, subject.keys, subject.value);
      for (const tool of tools.editors) results.push(...(await measureDocument(tool, etcd, subject)));
    }
  }
  const head = `${conditions([...tools.etcds.slice(-1), ...tools.editors])} Values of 100 bytes, ${rounds} rounds in turns.`;
  const text = [head, ...(rows.length > 0 ? [markdown(HEAD, rows)] : []), ...(results.length > 0 ? [table(results)] : [])].join('\n\n');
  process.stdout.write(`${text}\n`);
  if (values.record) record('Plans and exports', text);
} finally {
  rmSync(folder, { recursive: true });
  await Promise.all([etcd.stop(), second.stop()]);
}
