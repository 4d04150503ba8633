/** What an editor that follows etcd costs, and how late it is. */
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '../../src/client/index.js';
import type { TestEtcd } from '../../test/harness/etcd.js';
import type { EditorTool } from '../../test/harness/tools.js';
import { interleave, quantile } from '../samples.js';
import type { Row } from '../table.js';
import { familyOf, usedBy } from './counts.js';
import { openWatcher, SAYS_CHANGES, type Watcher } from './watcher.js';

export type Measure = (tool: EditorTool, etcd: TestEtcd, rounds: number) => Promise<Row[]>;

const BUFFERS = 100;
const VERSIONS = 10_000;
const options = { budget: 60_000 };
/** ms after which an opened buffer has come to rest. */
const SETTLED = 1500;
/** ms in which nothing happens. */
const SPELL = 10_000;
const nameOf = (i: number): string => `/live/k${1000 + i}`;
/** The key whose buffer is in the window. */
const SHOWN = nameOf(BUFFERS - 1);

async function openAll(watcher: Watcher, etcd: TestEtcd): Promise<void> {
  for (let i = 0; i < BUFFERS; i++) await etcd.put(nameOf(i), 'before');
  for (let i = 0; i < BUFFERS; i++) await watcher.ex(`edit etcd:${nameOf(i)}`);
  await pause(SETTLED);
}

/** A put, from the moment at which etcd has acknowledged it, until the editor has drawn it; for a bare watch, until it hears of it. */
export const measureFollow: Measure = async (tool, etcd, rounds) => {
  const watcher = await openWatcher(tool, etcd.endpoint, SAYS_CHANGES);
  const client = createClient({ endpoints: [etcd.endpoint] });
  const late = async (put: Promise<string>, shown: Promise<number>): Promise<number> => {
    await put;
    const acknowledged = performance.now();
    return Math.max(0, (await shown) - acknowledged);
  };
  try {
    await openAll(watcher, etcd);
    const watch = client.watch({ key: '/bare' })[Symbol.asyncIterator]();
    await watch.next();
    const samples = await interleave(rounds, 3, {
      ours: (round) =>
        late(
          etcd.put(SHOWN, `value ${round}`),
          once(watcher.said, 'line').then(() => performance.now()),
        ),
      async floor() {
        const began = performance.now();
        await client.range({ key: SHOWN }, options);
        return performance.now() - began;
      },
      watch: (round) =>
        late(
          etcd.put('/bare', `value ${round}`),
          watch.next().then(() => performance.now()),
        ),
    });
    await watch.return?.();
    const { ours, floor, watch: bare } = samples;
    return [
      {
        measure: 'a put is on the screen, beside one request',
        ours,
        floor,
        beside: { 'bare watch': bare },
        target: { times: 1, plus: 50 },
      },
      {
        measure: 'such a put, p99',
        ours: [quantile(ours, 0.99)],
        floor: [quantile(floor, 0.99)],
        beside: {},
        target: { times: 0, plus: 250 },
      },
    ];
  } finally {
    await watcher.close();
    await client.close();
  }
};

/** Nothing happens: an editor that watches, beside one that does not. */
export const measureIdle: Measure = async (tool, etcd) => {
  const streams = async (): Promise<number> => {
    const metrics = await (await fetch(`http://${etcd.endpoint}/metrics`)).text();
    return Number(/^etcd_debugging_mvcc_watcher_total (\d+)/m.exec(metrics)?.[1]);
  };
  const taken = async (rc: string[]): Promise<{ cpu: number; wakeups: number; streams: number }> => {
    const watcher = await openWatcher(tool, etcd.endpoint, rc);
    const before = await streams();
    await openAll(watcher, etcd);
    const family = familyOf(watcher.pid);
    const began = usedBy(family);
    await pause(SPELL);
    const ended = usedBy(family);
    const open = (await streams()) - before;
    await watcher.close();
    return { cpu: ended.cpu - began.cpu, wakeups: ended.wakeups - began.wakeups, streams: open };
  };
  const [ours, floor] = [await taken([]), await taken(['let g:etcd = {"watch": 0}'])];
  const row = (measure: string, field: keyof typeof ours, plus: number): Row => {
    return { measure, ours: [ours[field]], floor: [floor[field]], beside: {}, target: { times: 0, plus } };
  };
  const nothing = `${SPELL / 1000} s of nothing with ${BUFFERS} buffers, beside g:etcd.watch = 0`;
  return [
    row(`${nothing}: CPU`, 'cpu', 10),
    row(`${nothing}: wake-ups (a count)`, 'wakeups', 20),
    row('streams of it (a count)', 'streams', 1),
  ];
};

/** A key is typed while others change a thousand keys a second below a listing. The floor is the same key while nothing changes. */
export const measureKeys: Measure = async (tool, etcd, rounds) => {
  const watcher = await openWatcher(tool, etcd.endpoint, ["nnoremap , <Cmd>call BenchSay('key')<CR>"]);
  const put = (key: string, i: number) => ({
    request_put: { key: Buffer.from(key).toString('base64'), value: Buffer.from(`${i}`).toString('base64') },
  });
  const stop = new AbortController();
  let puts = 0;
  async function change(): Promise<void> {
    for (const began = performance.now(); !stop.signal.aborted;) {
      // Names that come, stay and go again, so that each update has work to do.
      const names = Array.from({ length: 20 }, (_, i) => put(`/many/n${(puts + i) % 500}/k`, puts));
      const gone = [{ request_delete_range: { key: Buffer.from(`/many/n${(puts + 250) % 500}/k`).toString('base64') } }];
      await etcd.post('/v3/kv/txn', { success: [...names, ...gone] });
      puts += 20;
      await pause(Math.max(0, puts - (performance.now() - began)));
    }
  }
  const key = async (round: number): Promise<number> => {
    // Not in step with the updates.
    await pause((round * 37) % 100);
    const began = performance.now();
    const said = once(watcher.said, 'line');
    await watcher.type(',');
    await said;
    return performance.now() - began;
  };
  const many = async (): Promise<number[]> => {
    const all = [];
    for (let round = 0; round < rounds; round++) all.push(await key(round));
    return all;
  };
  try {
    for (let i = 0; i < 500; i++) await etcd.put(`/many/n${i}/k`, '');
    await watcher.ex('edit etcd:/many/ | normal! 100G');
    await pause(SETTLED);
    const floor = await many();
    const changing = change();
    const began = performance.now();
    const ours = await many();
    stop.abort();
    await changing;
    const rate = Math.round((puts / (performance.now() - began)) * 1000);
    process.stderr.write(`${tool.name}: ${rate} changes a second\n`);
    const p99 = (all: number[]): number[] => [quantile(all, 0.99)];
    return [
      { measure: 'a key, 1000 changes a second below the listing', ours, floor, beside: {}, target: { times: 0, plus: 50 } },
      { measure: 'such a key, p99', ours: p99(ours), floor: p99(floor), beside: {}, target: { times: 0, plus: 50 } },
    ];
  } finally {
    await watcher.close();
  }
};

/** `:Etcd history` of a key with many versions: its first screen, and all of it. The floor is one watch that replays them. */
export const measureHistory: Measure = async (tool, etcd, rounds) => {
  const key = '/past/key';
  const client = createClient({ endpoints: [etcd.endpoint] });
  let until = '';
  for (let i = 0; i < VERSIONS; i++) until = await etcd.put(key, `value ${i}`);
  const [first, held]: number[][] = [[], []];
  try {
    const { ours, floor } = await interleave(Math.min(rounds, 7), 0, {
      async ours() {
        // The names of an earlier list would disturb the next one.
        const watcher = await openWatcher(tool, etcd.endpoint);
        try {
          const { screen, all, longest } = await historyOf(watcher, key);
          first?.push(screen);
          held?.push(longest);
          return all;
        } finally {
          await watcher.close();
        }
      },
      async floor() {
        const began = performance.now();
        let events = 0;
        for await (const part of client.replay({ key, from: '1', until }, options)) events += part.events.length;
        if (events !== VERSIONS) throw new Error(`the floor has heard of ${events} versions`);
        return performance.now() - began;
      },
    });
    const row = (measure: string, samples: number[], target: NonNullable<Row['target']>): Row => {
      return { measure: `history of ${VERSIONS} versions: ${measure}`, ours: samples, floor, beside: {}, target };
    };
    return [
      row('the first screen, beside one watch of all', first ?? [], { times: 0, plus: 200 }),
      row('all, beside one watch', ours, { times: 3, plus: 0 }),
      row('the longest that the editor is held up', held ?? [], { times: 0, plus: 50 }),
    ];
  } finally {
    await client.close();
  }
};

async function historyOf(watcher: Watcher, key: string): Promise<{ screen: number; all: number; longest: number }> {
  const since = 'float2nr(reltimefloat(reltime(g:began)) * 1000)';
  await watcher.ex(`edit etcd:${key}`);
  await pause(SETTLED);
  await watcher.ex(`let g:began = reltime() | execute 'Etcd history etcd:${key}' | redraw`);
  const screen = await watcher.eval<number>(since);
  let longest = 0;
  for (let size = 0; size < VERSIONS;) {
    await pause(5);
    const asked = performance.now();
    size = await watcher.eval<number>("getloclist(0, {'size': 0}).size");
    longest = Math.max(longest, performance.now() - asked);
  }
  return { screen, all: await watcher.eval<number>(since), longest };
}
