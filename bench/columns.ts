/** Columns of a listing: what they cost the names, how soon they are there, and how an editor answers keys that scroll. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '../src/client/index.js';
import type { Bench } from './main.js';
import { openWatcher, type Watcher } from './live/watcher.js';
import { nameOf } from './keys.js';
import { interleave, quantile } from './samples.js';
import type { Row } from './table.js';

const COLUMNS = "let g:etcd = {'columns': ['value', 'size', 'revision', 'ttl']}";
/** They have as many children. */
const [PREFIX, SMALL] = ['/browse/100000/', '/browse/100/'];
/** What a window shows. */
const LINES = 60;
/** Each says that it was answered. CTRL-E scrolls by a line, CTRL-F by a page. */
const KEYS = ['<C-E>', '<C-F>'].map((key) => `nnoremap ${key} ${key}<Cmd>call BenchSay('key')<CR>`);

export async function measureColumns({ tool, etcd, samples: all }: Bench): Promise<Row[]> {
  const samples = Math.ceil(all / 3);
  const client = createClient({ endpoints: [etcd.endpoint] });
  const [ours, without] = [await openWatcher(tool, etcd.endpoint, [COLUMNS, ...KEYS]), await openWatcher(tool, etcd.endpoint, KEYS)];
  const shown = tool.kind === 'nvim' ? 'len(nvim_buf_get_extmarks(0, -1, 0, -1, {})) > 0' : "!empty(prop_list(1, {'end_lnum': 60}))";
  try {
    for (const watcher of [ours, without]) await watcher.ex(`edit etcd:${PREFIX}`);
    const names = await interleave(samples, 2, { ours: () => listed(ours), floor: () => listed(without) });
    const soon = await interleave(samples, 2, {
      async ours() {
        await ours.ex(`bwipeout! | edit etcd:${SMALL} | redraw`);
        const began = performance.now();
        while ((await ours.eval(shown)) !== 1 && performance.now() - began < 5000) await pause(1);
        return performance.now() - began;
      },
      async floor() {
        const began = performance.now();
        const requests = Array.from({ length: LINES }, (_, i) => ({ key: SMALL + nameOf(i) }));
        await client.rangeMany(requests, { budget: 10_000 });
        return performance.now() - began;
      },
    });
    await ours.ex(`bwipeout! | edit etcd:${PREFIX}`);
    const keys = await interleave(4 * samples, 10, {
      ours: (round) => answered(ours, round),
      floor: (round) => answered(without, round),
    });
    const row = (measure: string, { ours: mine, floor }: typeof names, times: number, plus: number): Row => {
      return { measure, ours: mine, floor, beside: {}, target: { times, plus } };
    };
    const p99 = { ours: [quantile(keys.ours, 0.99)], floor: [quantile(keys.floor, 0.99)] };
    return [
      row('names of a listing with columns, beside none', names, 1.05, 1),
      row(`columns of ${LINES} lines, beside one request`, soon, 1, 10),
      row('a key that scrolls, beside no columns', keys, 0, 50),
      row('such a key, p99', p99, 0, 50),
    ];
  } finally {
    await Promise.all([ours.close(), without.close(), client.close()]);
  }
}

async function listed(watcher: Watcher): Promise<number> {
  await watcher.ex(
    `bwipeout! | let g:began = reltime() | edit etcd:${PREFIX} | redraw | let g:took = reltimefloat(reltime(g:began)) * 1000`,
  );
  return watcher.eval<number>('g:took');
}

/** As a key that is held down: thirty a second. */
async function answered(watcher: Watcher, round: number): Promise<number> {
  await pause(30);
  const began = performance.now();
  const said = once(watcher.said, 'line');
  await watcher.type(round % 10 === 9 ? '<C-F>' : '<C-E>');
  await said;
  return performance.now() - began;
}
