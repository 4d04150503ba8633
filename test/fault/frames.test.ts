/** Broken frames, in both directions: nothing crashes, and the valid frames after them are understood. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import { startEditor } from '../harness/editor.js';
import { freePort, startEtcd } from '../harness/etcd.js';
import { garble } from '../harness/garble.mjs';
import { randomOf } from '../harness/random.mjs';
import { peakMemory } from '../harness/processes.js';
import { tools } from '../harness/tools.js';
import { row } from './ledger.js';
import { bounds } from './trials.js';
import { written } from '../harness/settings.js';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const seed = Number(process.env['ETCD_VIM_FAULT_SEED'] ?? Date.now() % 1e6);
const BATCH = 50;

/** Mutant: `onGarbage(…)` of endLine() in src/host/wire.ts throwing instead (the host ends at the first line that is not JSON). */
it('frames to Node: the frame behind garbled ones is answered', bounds, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-frames-'));
  writeFileSync(join(dir, 'w1'), 'text');
  const host = spawn(process.execPath, [here('../../dist/main.cjs')], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(host, 'exit');
  const replies = createInterface(host.stdout);
  const send = (frame: unknown): void => void host.stdin.write(`${JSON.stringify(frame)}\n`);
  const configure = ['configure', written({ '': { endpoints: [`127.0.0.1:${await freePort()}`] } })];
  const named = { name: 'etcd:/frames' };
  const requests = [
    ['hello', { protocol: 1, dir }],
    configure,
    ...['open', 'read', 'canonical'].map((method) => [method, named]),
    ['put', { ...named, file: join(dir, 'w1'), base: { address: 'etcd:///frames', mod_revision: '7', digest: 'x', cluster_id: '7' } }],
    ['complete', { text: 'etcd:/fr', max: 10, shadow: true }],
    ...['warm', 'health', 'log'].map((method) => [method, {}]),
    ['cancel', { id: 7 }],
  ];
  await row('frames to Node', 'node', async (ledger) => {
    ledger.promise({ hits: (all) => all / BATCH });
    const { next } = randomOf(seed);
    for (let id = 1; id * BATCH <= ledger.wanted; id++) {
      const honest = 1e6 + id;
      for (let i = 0; i < BATCH; i++) {
        const [method, params] = requests[Math.floor(next() * requests.length)] as [string, object];
        host.stdin.write(garble(Buffer.from(JSON.stringify([id, method, params, 500])), next));
        host.stdin.write('\n');
        ledger.tried();
      }
      // Garbled settings are refused, and with them every question until there are valid ones.
      send([honest + 1e6, ...configure, 5000]);
      send([honest, 'canonical', named, 5000]);
      const answer = await Promise.race([reply(honest), ended.then(() => 'the host ended')]);
      ledger.hold(answer === 'etcd:///frames', `seed ${seed}, batch ${id}: ${answer}`);
      if (host.exitCode !== null) break;
      ledger.hit();
    }
    const memory = peakMemory(host.pid as number);
    ledger.hold(memory < 300e6, `the host took ${memory / 1e6} MB`);
    host.stdin.end();
    const [code] = (await ended) as [number | null];
    ledger.hold(code === 0, `the host ended with ${code}`);
  }).finally(() => {
    host.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  /** The address in the answer to the frame `id`. Every other line must be a frame, too. */
  function reply(id: number): Promise<string> {
    return new Promise((resolve) => {
      replies.on('line', function take(line: string) {
        const frame = JSON.parse(line) as [number, { ok?: { address?: string } }];
        if (frame[0] !== id) return;
        replies.off('line', take);
        resolve(frame[1].ok?.address ?? line);
      });
    });
  }
});

/** Mutant: s:receive() in autoload/etcd/host/rpc.vim without its check of the types (E730, E715 in the callback). */
it.each(tools.editors)('frames to the editor ($name): the frame behind garbled ones is understood', bounds, async (tool) => {
  const etcd = await startEtcd();
  await etcd.put('/frames/value', 'value\n');
  const rc = [
    'let g:thrown = []',
    // An exception in a callback during a wait comes out of the wait. It is known by the place at which it was thrown.
    "function! Try(command) abort\ntry\nexecute a:command\ncatch\ncall add(g:thrown, v:exception . ' at ' . v:throwpoint)\nendtry\nendfunction",
    `let g:etcd = {'node': '${here('../harness/garbling-host.mjs')}', 'timeout': {'read': 2000, 'write': 2000}}`,
  ];
  const editor = await startEditor(tool, { endpoints: [etcd.endpoint], rc, env: { ETCD_VIM_TEST_SEED: String(seed) } });
  // The host garbles while this file exists, and counts in it.
  const counter = join(editor.home, 'garble');
  await row('frames to the editor', tool.name, async (ledger) => {
    // There are 20 garbled frames before each answer. By chance, some are unchanged.
    ledger.promise({ orMore: true, hits: (all) => all * 0.75 });
    await editor.ex('edit etcd:/frames/value');
    writeFileSync(counter, '');
    for (let trial = 0; readFileSync(counter).length < ledger.wanted && trial < ledger.wanted; trial++) {
      // A garbled answer may be well-formed, and nobody can know what it says of a value. So an error is as good as an answer here.
      const command = ['edit! etcd:/frames/value', 'write! etcd:/frames/other', 'edit! etcd:/frames/'][trial % 3] as string;
      await editor.ex(`call Try('${command}')`);
    }
    const garbled = readFileSync(counter, 'latin1');
    rmSync(counter);
    for (const frame of garbled) {
      ledger.tried();
      if (frame === '1') ledger.hit();
    }
    // A garbled frame may have been taken for an answer, while the real one was still on its way. After these reads it has come.
    for (let i = 0; i < 20; i++) await editor.ex("call Try('edit! etcd:/frames/other')");
    // This row is not about how long an honest answer takes.
    await editor.ex('unlet g:etcd.timeout');
    const works = (command: string): Promise<void> =>
      editor.ex(command).catch((error: unknown) => ledger.violation(`seed ${seed}: ${String(error)}`));
    // If it were hidden, it would only be shown again, like a file. So it is read.
    await works('edit! etcd:///frames/value | edit!');
    const held = await editor.eval<[string[], string, object]>("[getline(1, 3), bufname('%'), get(b:, 'etcd', {})]");
    ledger.hold(held[0][0] === 'value', `seed ${seed}: the buffer holds something else: ${JSON.stringify(held)}`);
    await works("call setline(1, 'seed')");
    await works('write');
    ledger.hold((await etcd.get('/frames/value'))?.value.toString() === 'seed\n', `seed ${seed}: not written`);
    await editor.eval("setline(1, 'value')");
    await works('write');
    const thrown = await editor.eval<string[]>("g:thrown + split(execute('messages'), '\\n')");
    const uncaught = thrown.filter((line) => /etcd#(rpc#receive|job#receive|event#)|on_stdout|_drain/.test(line));
    ledger.hold(uncaught.length === 0, `seed ${seed}: ${uncaught.length}: ${[...new Set(uncaught)].slice(0, 3).join(' | ')}`);
  }).finally(async () => {
    await editor.close();
    await etcd.stop();
  });
});
