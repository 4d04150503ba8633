/** Real editors and their Node processes, killed in the middle of `:w`; and two editors at once. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { startEditor, type Editor } from '../harness/editor.js';
import { startEtcd } from '../harness/etcd.js';
import { hostOf, hostsIn, killNow } from '../harness/processes.js';
import { startRelay } from '../harness/relay.js';
import { tools } from '../harness/tools.js';
import { row } from './ledger.js';
import { bounds } from './trials.js';

const isPut = (piece: Buffer): boolean => piece.includes('/v3/kv/txn');
const newest = (kind: string) => tools.editors.findLast((tool) => tool.kind === kind);

/**
 * Mutants: s:on_exit() of autoload/etcd/host/job.vim without its call of s:lost() (`:w` waits for an answer that never comes);
 * autoload/etcd/buffer/write.vim with `call setbufvar(a:here.buffer, '&modified', 0)` in the place of s:keep().
 */
it.each(tools.editors)('node-killed ($name): the text stays modified, and the next :w is the only one', bounds, async (tool) => {
  const etcd = await startEtcd();
  const relay = await startRelay(etcd.endpoint);
  await etcd.put('/node', 'first\n');
  const editor = await startEditor(tool, { endpoints: [relay.endpoint], args: ['etcd:/node'] });
  await editor.settled("getline(1) ==# 'first'");
  await row('node-killed', tool.name, async (ledger) => {
    // Those that are killed before the put is passed on. Some of the others are written already.
    ledger.promise({ hits: (all) => all / 3 });
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const text = `${trial} of ${tool.name}`;
      const host = hostOf(editor.pid) as number;
      // Before the put is passed on, or at some time after it.
      const delay = trial % 3 === 0 ? undefined : Math.random() * 5;
      relay.onRequest = (piece) => {
        if (!isPut(piece)) return;
        relay.onRequest = undefined;
        if (delay === undefined) killNow(host);
        else setTimeout(() => killNow(host), delay);
      };
      await editor.eval(`setline(1, '${text}')`);
      const began = performance.now();
      const first = await write(editor);
      ledger.tried(performance.now() - began);
      if (first !== '') {
        ledger.hit();
        ledger.hold((await editor.eval('&modified')) === 1, `${text}: not modified after: ${first}`);
        ledger.hold(/^(Vim[^:]*:)?.*etcd: /.test(first), `${text}: told in other words: ${first}`);
        ledger.hold((await editor.eval('getline(1)')) === text, `${text}: the text has gone`);
        const second = await write(editor);
        ledger.hold(second === '', `${text}: the next :w: ${second}`);
        if (second !== '') await editor.ex('silent! edit!');
      }
      ledger.hold((await editor.eval('&modified')) === 0, `${text}: modified after it was written`);
    }
    const written = (await etcd.history('/node')).map(({ value }) => value);
    ledger.hold(new Set(written).size === written.length, `written twice: ${written.join()}`);
    ledger.hold(written.length === ledger.wanted + 1, `${written.length - 1} puts for ${ledger.wanted} texts`);
  }).finally(async () => {
    await editor.close();
    relay.close();
    await etcd.stop();
  });
});

/** @returns the message of the failure, '' if it was written */
async function write(editor: Editor): Promise<string> {
  return editor.ex('write').then(
    () => '',
    (error: unknown) => (error as Error).message || 'failed',
  );
}

/** Mutant: leave() of src/main.ts doing nothing: the host outlives its editor, or leaves its directory behind. */
it.each(tools.editors)('editor-killed ($name): all or nothing in etcd, and nothing left behind', bounds, async (tool) => {
  const etcd = await startEtcd();
  const relay = await startRelay(etcd.endpoint);
  await row('editor-killed', tool.name, async (ledger) => {
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const key = `/editor/${trial}`;
      await etcd.put(key, 'before\n');
      const editor = await startEditor(tool, { endpoints: [relay.endpoint], args: [`etcd:${key}`] });
      const runtime = join(editor.home, 'run');
      try {
        await editor.settled("getline(1) ==# 'before'");
        const text = 'after\n'.repeat(10_000);
        await editor.eval("setline(1, repeat(['after'], 10000))");
        const killed = new Promise<void>((resolve) => {
          relay.onRequest = (piece) => {
            if (!isPut(piece)) return;
            relay.onRequest = undefined;
            const kill = (): void => {
              if (killNow(editor.pid)) ledger.hit();
              resolve();
            };
            if (trial % 2 === 0) kill();
            else setTimeout(kill, Math.random() * 4);
          };
        });
        void editor.type(':w<CR>').catch(() => undefined);
        await killed;
        const end = Date.now() + 10_000;
        const began = performance.now();
        const left = (): boolean => hostsIn(editor.home).length > 0 || leftovers(runtime).length > 0;
        // The host is no child of ours. Only /proc tells that it has ended, and this test is about how long that takes.
        while (left() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
        const took = performance.now() - began;
        ledger.tried(took);
        ledger.inTime(took, 2000, `${key}: the host has gone`);
        ledger.hold(hostsIn(editor.home).length === 0, `${key}: an orphan`);
        ledger.hold(leftovers(runtime).length === 0, `${key}: left behind: ${leftovers(runtime).join()}`);
        const now = (await etcd.get(key))?.value.toString();
        ledger.hold(now === 'before\n' || now === text, `${key}: holds ${now?.length} bytes`);
        for (const pid of hostsIn(editor.home)) killNow(pid);
      } finally {
        await editor.close();
      }
    }
  }).finally(async () => {
    relay.close();
    await etcd.stop();
  });
});

const leftovers = (runtime: string): string[] =>
  existsSync(runtime) ? readdirSync(runtime).filter((name) => name.startsWith('etcd.vim')) : [];

/** Mutant: `compare: []` in compareAndPutTxn() of src/client/txn.ts (both are saved, and one is lost). */
const pair = [newest('vim'), newest('nvim')].filter((tool) => tool !== undefined);
it.skipIf(pair.length < 2)('two-editors: one is saved, the other keeps its text (needs Vim and Neovim)', bounds, async () => {
  const etcd = await startEtcd();
  await etcd.put('/both', 'first\n');
  const editors = await Promise.all(pair.map((tool) => startEditor(tool, { endpoints: [etcd.endpoint], args: ['etcd:/both'] })));
  await row('two-editors', 'both', async (ledger) => {
    for (let trial = 0; trial < ledger.wanted; trial++) {
      const texts = editors.map((editor) => `${trial} of ${editor.name}`);
      await Promise.all(editors.map((editor, i) => editor.eval(`setline(1, '${texts[i] as string}')`)));
      const told = await Promise.all(editors.map(write));
      const winner = told.indexOf('');
      const loser = 1 - winner;
      ledger.tried();
      ledger.hold(told.filter((message) => message === '').length === 1, `${trial}: told ${told.join(' and ')}`);
      if (winner < 0) continue;
      ledger.hit();
      ledger.hold(
        (await etcd.get('/both'))?.value.toString() === `${texts[winner] as string}\n`,
        `${trial}: the winner's text is not there`,
      );
      const other = editors[loser] as Editor;
      ledger.hold(/changed at revision \d+ since.*:e! takes theirs, :w! keeps yours/.test(told[loser] ?? ''), `${trial}: ${told[loser]}`);
      ledger.hold(
        (await other.eval<string>("&modified . ' ' . getline(1)")) === `1 ${texts[loser] as string}`,
        `${trial}: the text has gone`,
      );
      await other.ex('edit!');
      ledger.hold((await other.eval('getline(1)')) === texts[winner], `${trial}: theirs is not offered`);
    }
  }).finally(async () => {
    await Promise.all(editors.map((editor) => editor.close()));
    await etcd.stop();
  });
});
