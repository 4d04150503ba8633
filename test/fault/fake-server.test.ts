/** Servers that are no etcd, or want to do harm: one message, no crash, and a limit to memory. */
import { it, vi } from 'vitest';
import { startEditor, type Editor } from '../harness/editor.js';
import { answers, startHostile, type HostileServer } from '../harness/hostile-server.js';
import { hostOf, peakMemory } from '../harness/processes.js';
import { tools } from '../harness/tools.js';
import { row, type Ledger } from './ledger.js';
import { bounds, isFull } from './trials.js';

/** For an answer of 120 MB that is refused. It includes what the collector has not yet freed when the next one comes. */
const MOST_MEMORY = 400 * 1024 * 1024;
const rc = ["let g:etcd = {'timeout': {'read': 1500, 'list': 1500, 'write': 1500, 'complete': 500}}"];

/**
 * Mutants: `tokens > MAX_TOKENS` -> `false` in src/client/body.ts (memory without an end), `return` of an empty range at the top of
 * decodeRange() in src/client/decoders.ts (an answer without a header is taken for etcd's).
 */
it.each(tools.editors)('fake-server ($name): one message, no crash, an end to memory', bounds, async (tool) => {
  await row('fake-server', tool.name, async (ledger) => {
    ledger.promise({ trials: ledger.wanted * Object.keys(answers).length * commandsOf(0).length });
    for (let trial = 0; trial < ledger.wanted; trial++) {
      for (const [index, [name, answer]] of Object.entries(answers).entries()) {
        const server = await startHostile(answer);
        const editor = await startEditor(tool, { endpoints: [server.endpoint], rc });
        try {
          await survives(editor, name, server, ledger, commandsOf(index));
        } finally {
          await editor.close();
          server.close();
        }
      }
    }
  });
});

interface Command {
  command: string;
  mustFail: boolean;
}

/** What is done, and whether an error must be told. An answer that makes little sense can still say that nothing is below a prefix. */
const commands: Command[] = [
  { command: 'edit etcd:/x', mustFail: true },
  { command: 'edit etcd:/x/', mustFail: false },
  { command: 'write etcd:/y', mustFail: true },
];

/** All of them. In the cut, to save time, a read, and in turn the listing or the write. */
function commandsOf(index: number): Command[] {
  return isFull ? commands : commands.filter((_, at) => at === 0 || at === 1 + (index % 2));
}

async function survives(editor: Editor, name: string, server: HostileServer, ledger: Ledger, commands: Command[]): Promise<void> {
  await editor.eval('etcd#host#rpc#prewarm()');
  const host = await vi.waitUntil(() => hostOf(editor.pid), { timeout: 5000, interval: 5 });
  for (const { command, mustFail } of commands) {
    const before = server.asked();
    await editor.ex("messages clear | enew! | call setline(1, 'mine')");
    const began = performance.now();
    const told = await editor.ex(command).then(
      () => editor.eval<string>("get(get(b:, 'etcd', {}), 'error', 'done')"),
      (error: unknown) => (error as Error).message,
    );
    ledger.tried(performance.now() - began);
    if (server.asked() > before) ledger.hit();
    const what = `${name}, ${command}`;
    ledger.hold(/etcd: /.test(told) || (!mustFail && told === 'done'), `${what}: told ${told.slice(0, 300)}`);
    messagesOf(await editor.eval<string>("execute('messages')"), what, ledger);
    ledger.hold(hostOf(editor.pid) === host, `${what}: the host ended`);
    const kept = command.startsWith('write') ? await editor.eval<string>('getline(1) . &modified') : 'mine1';
    ledger.hold(kept === 'mine1', `${what}: the text has gone`);
    const memory = peakMemory(host);
    ledger.hold(memory < MOST_MEMORY, `${what}: the host took ${Math.round(memory / 1e6)} MB`);
  }
}

/** At most one message of ours, no error of Vim's, and nothing that a terminal would obey. */
function messagesOf(text: string, what: string, ledger: Ledger): void {
  const messages = text.split('\n').filter((line) => line !== '');
  const shown = JSON.stringify(messages).slice(0, 300);
  ledger.hold(messages.filter((line) => line.includes('etcd: ')).length <= 1, `${what}: more than one message: ${shown}`);
  // eslint-disable-next-line no-control-regex -- what a terminal would obey
  const obeyed = /[\x00-\x1f\x7f-\x9f\u202e]/;
  ledger.hold(!messages.some((line) => obeyed.test(line)), `${what}: control characters in ${shown}`);
  ledger.hold(!messages.some((line) => /\bE\d+:/.test(line)), `${what}: ${shown}`);
}
