/** `npm run bench:library`: our library beside the npm package etcd3, on the same work, in turn; NOTES.md says how and what. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEtcd, type TestEtcd } from '../../test/harness/etcd.js';
import { tools } from '../../test/harness/tools.js';
import { bundle } from '../../tools/typescript.mjs';
import { installEtcd3 } from '../etcd3.js';
import { interleave, median } from '../samples.js';
import { conditions, markdown, ms, record } from '../table.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ROUNDS = 9;
const KEYS = 10_000;
/** Operations of one txn, as the server takes them by default. */
const OPS = 100;

const MEASURES = {
  start: 'start of the process, until the first value',
  get: '1000 gets, one after the other',
  put: '1000 puts of 100 B, one after the other',
  range: '10,000 keys with their values',
  watch: '10,000 events of the past',
  locks: '100 locks, taken and given back',
} as const;
type Measure = keyof typeof MEASURES;

interface Sample {
  ms: number;
  rss: number;
}

/** Installed like `npm install etcd.vim` does it. @returns the folder */
function installOurs(): string {
  const folder = mkdtempSync(join(tmpdir(), 'etcd-vim-bench-'));
  const npm = (cwd: string, ...args: string[]) => execFileSync('npm', args, { cwd, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const tarball = npm(ROOT, 'pack', '--silent', '--pack-destination', folder).trim().split('\n').at(-1) ?? '';
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  npm(folder, 'install', '--omit=optional', '--no-audit', '--no-fund', join(folder, tarball));
  return folder;
}

/** @returns the first of their revisions */
async function fill(etcd: TestEtcd): Promise<string> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const first = BigInt(await etcd.put('/before', ''));
  for (let at = 0; at < KEYS; at += OPS) {
    const puts = Array.from({ length: OPS }, (_, i) => ({ key: base64(`/r/${at + i}`), value: base64('v'.repeat(100)) }));
    await etcd.post('/v3/kv/txn', { success: puts.map((put) => ({ request_put: put })) });
  }
  return String(first + 1n);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { record: { type: 'boolean', default: false } } });
  const child = await bundle('bench/library/child.ts');
  const folders = { ours: installOurs(), etcd3: installEtcd3() };
  const etcd = await startEtcd();
  try {
    const revision = await fill(etcd);
    const lines: string[][] = [];
    for (const [measure, what] of Object.entries(MEASURES) as [Measure, string][]) {
      const memory = { ours: [] as number[], etcd3: [] as number[] };
      const sample = (name: keyof typeof folders) => (): Promise<number> => {
        const began = performance.now();
        const text = execFileSync(process.execPath, [child, name, measure, etcd.endpoint, revision, folders[name]]).toString();
        const whole = performance.now() - began;
        const { ms: own, rss } = JSON.parse(text) as Sample;
        memory[name].push(rss);
        return Promise.resolve(measure === 'start' ? whole : own);
      };
      const taken = await interleave(ROUNDS, 1, { ours: sample('ours'), etcd3: sample('etcd3') });
      const [ours, theirs] = [median(taken.ours), median(taken.etcd3)];
      lines.push([what, ms(ours), ms(theirs), (ours / theirs).toFixed(2), megabytes(median(memory.ours)), megabytes(median(memory.etcd3))]);
    }
    const bytes = [folders.ours, folders.etcd3].map((folder) =>
      Number(
        execFileSync('du', ['-sb', join(folder, 'node_modules')])
          .toString()
          .split('\t')[0],
      ),
    );
    const [own = 0, peer = 0] = bytes;
    const size = `Installed with all dependencies: ours ${megabytes(own)} MB, etcd3 ${megabytes(peer)} MB.`;
    const head = ['the middle of 9', 'ours, ms', 'etcd3, ms', 'ours / etcd3', 'RSS MB: ours', 'etcd3'];
    const text = `${conditions(tools.etcds.slice(-1))} etcd3 1.1.2.\n\n${markdown(head, lines)}\n\n${size}`;
    process.stdout.write(`${text}\n`);
    if (values.record) record('Library', text);
  } finally {
    await etcd.stop();
    rmSync(folders.ours, { recursive: true });
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0);
}

await main();
