/** `npm run bench`: a server, each editor in turn, every measure compared with its floor. bench/NOTES.md says how and what. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startEtcd, type TestEtcd } from '../test/harness/etcd.js';
import { tools, type EditorTool } from '../test/harness/tools.js';
import { openFloor, type Floor } from './floor.js';
import { measureColumns } from './columns.js';
import { putLarge, putSmall } from './keys.js';
import { measureBrowse, measureComplete, measureValue } from './large.js';
import { onRuntimePath, openSession, type Side } from './session.js';
import { measureCold, measureStartup } from './start.js';
import { conditions, record, table, type Result, type Row } from './table.js';
import { measureWarm, WARM_UP } from './warm.js';

/** What a measure can use. */
export interface Bench {
  tool: EditorTool;
  etcd: TestEtcd;
  floor: Floor;
  ours: Side;
  /** Another clone of this repository, whose plugin is measured beside ours. */
  before: Side | undefined;
  /** The stock node host with a minimal plugin. Only Neovim has it. */
  peer: Side | undefined;
  /** A folder for any purpose. */
  scratch: string;
  /** Rounds that count. */
  samples: number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const SECTIONS: Record<string, Record<string, (bench: Bench) => Promise<Row[]>>> = {
  Editors: { startup: measureStartup, cold: measureCold, warm: measureWarm },
  'Editors, large directories and values': {
    browse: measureBrowse,
    complete: measureComplete,
    value: measureValue,
    columns: measureColumns,
  },
};
const OPTIONS = {
  only: { type: 'string', default: 'startup,cold,warm' },
  samples: { type: 'string', default: '30' },
  beside: { type: 'string' },
  record: { type: 'boolean', default: false },
} as const;

function pluginOf(directory: string, endpoint: string): Side {
  return { rc: ['set nocompatible', onRuntimePath(directory)], env: { ETCDCTL_ENDPOINTS: endpoint } };
}

/** Declares bench/peer to the stock host. */
async function peerOf(tool: EditorTool, endpoint: string, scratch: string): Promise<Side | undefined> {
  if (tool.kind === 'vim') return undefined;
  const host = `let g:node_host_prog = '${ROOT}/node_modules/neovim/bin/cli.js'`;
  const env = { NVIM_RPLUGIN_MANIFEST: join(scratch, `rplugin-${tool.name}.vim`), ETCD_PEER_ORIGIN: `http://${endpoint}` };
  const side = { rc: ['set nocompatible', onRuntimePath(`${ROOT}/bench/peer`), host], env };
  const session = await openSession(tool, side);
  await session.time('silent UpdateRemotePlugins').finally(session.close);
  return side;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const only = values.only.split(',');
  const scratch = mkdtempSync(join(tmpdir(), 'etcd-vim-bench-'));
  const etcd = await startEtcd(undefined, [], true);
  try {
    const { endpoint } = etcd;
    await putSmall(etcd, Number(values.samples) + WARM_UP);
    if (['browse', 'complete', 'columns'].some((part) => only.includes(part))) await putLarge(etcd);
    const floor = await openFloor(endpoint, '/bench/floor');
    const before = values.beside === undefined ? undefined : pluginOf(resolve(values.beside), endpoint);
    const common = { etcd, floor, ours: pluginOf(ROOT, endpoint), before, scratch, samples: Number(values.samples) };
    for (const [title, parts] of Object.entries(SECTIONS)) {
      const results: Result[] = [];
      const wanted = Object.entries(parts).filter(([part]) => only.includes(part));
      for (const tool of wanted.length > 0 ? tools.editors : []) {
        const bench = { ...common, tool, peer: await peerOf(tool, endpoint, scratch) };
        for (const [part, measure] of wanted) {
          process.stderr.write(`${tool.name}: ${part}\n`);
          results.push(...(await measure(bench)).map((row) => ({ ...row, editor: tool.name })));
        }
      }
      if (results.length > 0) say(title, results, values.record && wanted.length === Object.keys(parts).length);
    }
    await floor.close();
  } finally {
    await etcd.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Half a section is not recorded. */
function say(title: string, results: readonly Result[], recorded: boolean): void {
  const rounds = Math.max(...results.map(({ ours }) => ours.length));
  const text = `${conditions([...tools.etcds.slice(-1), ...tools.editors])} At most ${rounds} rounds.\n\n${table(results)}`;
  process.stdout.write(`${text}\n\n`);
  if (recorded) record(title, text);
}

await main();
