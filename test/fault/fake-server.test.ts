/** Servers that are no etcd, or want to do harm: one message, no crash, and memory with an end. */
import { it, vi } from 'vitest';
import { startEditor, type Editor } from '../harness/editor.js';
import { answers, startHostile } from '../harness/hostile-server.js';
import { hostOf, peakMemory } from '../harness/processes.js';
import { tools } from '../harness/tools.js';
import { row, type Ledger } from './ledger.js';
import { LONG } from './trials.js';

const MOST_MEMORY = 300 * 1024 * 1024;
const rc = ["let g:etcd = {'timeout': {'read': 1500, 'list': 1500, 'write': 1500, 'complete': 500}}"];

/**
 * Mutants: `tokens > MAX_TOKENS` -> `false` in src/etcd/body.ts (memory without an end), the check of `cluster_id` left out of
 * src/etcd/gateway.ts (an answer without a header is taken for etcd's).
 */
it.each(tools.editors)('fake-server ($name): one message, no crash, an end to memory', { timeout: LONG }, async (tool) => {
  await row('fake-server', tool.name, async (ledger) => {
    for (let trial = 0; trial < ledger.wanted; trial++) {
      for (const [name, answer] of Object.entries(answers)) {
        const server = await startHostile(answer);
        const editor = await startEditor(tool, { endpoints: [server.endpoint], rc });
        try {
          await survives(editor, name, ledger);
          if (server.asked() > 0) ledger.hit();
        } finally {
          await editor.close();
          server.close();
        }
      }
    }
  });
});

async function survives(editor: Editor, name: string, ledger: Ledger): Promise<void> {
  await editor.eval('etcd#rpc#prewarm()');
  const host = await vi.waitUntil(() => hostOf(editor.pid), { timeout: 5000, interval: 5 });
  const began = performance.now();
  const told = await editor.ex('edit etcd:/x').then(
    () => editor.eval<string>("get(get(b:, 'etcd', {}), 'error', 'opened')"),
    (error: unknown) => (error as Error).message,
  );
  ledger.tried(performance.now() - began);
  ledger.hold(/etcd: /.test(told), `${name}: told ${told.slice(0, 300)}`);
  const messages = (await editor.eval<string>("execute('messages')")).split('\n').filter((line) => line !== '');
  ledger.hold(
    messages.filter((line) => line.includes('etcd: ')).length <= 1,
    `${name}: more than one message: ${messages.join(' | ').slice(0, 300)}`,
  );
  // eslint-disable-next-line no-control-regex -- what a terminal would obey
  const obeyed = /[\x00-\x1f\x7f-\x9f\u202e]/;
  ledger.hold(!messages.some((line) => obeyed.test(line)), `${name}: control characters in ${JSON.stringify(messages).slice(0, 300)}`);
  ledger.hold(!messages.some((line) => /\bE\d+:/.test(line)), `${name}: ${messages.join(' | ').slice(0, 300)}`);
  ledger.hold(hostOf(editor.pid) === host, `${name}: the host ended`);
  const memory = peakMemory(host);
  ledger.hold(memory < MOST_MEMORY, `${name}: the host took ${Math.round(memory / 1e6)} MB`);
}
