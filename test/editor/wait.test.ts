/** What one sees while etcd keeps one waiting; and waits during which a process was stopped. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEditor, type Editor, type EditorOptions } from '../harness/editor.js';
import { openGate, type Gate } from '../harness/gate.js';
import { inEveryEditor } from './editors.js';

// Nothing is watched, so only what a command asks waits at the gate.
const patient = "let g:etcd = {'watch': 0, 'timeout': {'read': 300000, 'list': 300000, 'complete': 300000, 'write': 300000}}";
/** ms; the editor gives Node one second more. */
const SHORT = 2000;
const impatient = `let g:etcd = {'watch': 0, 'timeout': {'read': ${SHORT}, 'write': ${SHORT}}}`;
const size = { columns: 100, rows: 12 };

inEveryEditor(
  'waiting',
  async (etcd) => {
    await etcd.put('/w/x', 'value');
  },
  ({ open, etcd, tool }) => {
    let gate: Gate;
    beforeAll(async () => void (gate = await openGate(etcd().endpoint)));
    afterAll(() => gate.stop());

    async function held(keys: string, options: EditorOptions = {}): Promise<Editor> {
      gate.close('/w/', 0);
      const editor = await open({ endpoints: [gate.endpoint], rc: [patient, 'set cmdheight=1'], size, ...options });
      const waits = gate.waiting();
      await editor.type(keys);
      await waits;
      return editor;
    }

    const told = (what: string): RegExp =>
      new RegExp(`^etcd: waiting for ${gate.endpoint.replaceAll('.', '\\.')} \\(${what}\\); Ctrl-C stops$`);
    const untold = async (editor: Editor): Promise<void> => {
      expect((await editor.screen()).join('\n')).not.toContain('waiting for');
      expect(await editor.eval("execute('messages')")).not.toContain('waiting for');
    };
    /** A write that waits at the gate. @returns the pid of the host */
    async function heldWrite(editor: Editor): Promise<number> {
      await editor.settled("getline(1) ==# 'value'");
      const pid = await editor.eval<number>("str2nr(matchstr(etcd#verb#health#lines()[2][1], 'pid \\zs\\d\\+'))");
      gate.close('/w/', 0);
      const waits = gate.waiting();
      await editor.type('ccstopped<Esc>:w<CR>');
      await waits;
      return pid;
    }

    async function expectWritten(editor: Editor): Promise<void> {
      await editor.until("!&modified || execute('messages') =~# 'do not know'");
      expect(await editor.eval("[&modified, execute('messages')]")).toEqual([0, expect.not.stringContaining('do not know') as string]);
      await etcd().put('/w/x', 'value');
    }

    it('is told, and what was told is gone with the answer', async () => {
      const editor = await held(':e etcd:/w/x<CR>');
      await editor.untilScreen(told('read etcd:/w/x'));
      gate.open();
      // No question for a key delays it, although 'cmdheight' is 1.
      await editor.settled("getline(1) ==# 'value' && mode(1) ==# 'n'");
      await expect.poll(async () => (await editor.screen()).join('\n')).not.toContain('waiting for');
      await untold(editor);
      gate.close('/w/', 0);
      await editor.type('ccother<Esc>:w<CR>');
      await editor.untilScreen(told('write etcd:///w/x'));
      gate.open();
      await editor.settled('!&modified');
      await editor.untilScreen(/"etcd:\/\/\/w\/x" 5B written/);
      await untold(editor);
      await etcd().put('/w/x', 'value');
    });

    it('is told, and Ctrl-C stops it', async () => {
      const editor = await held(':e etcd:/w/x<CR>');
      await editor.untilScreen(told('read etcd:/w/x'));
      await editor.type('<C-c>');
      // Nothing is asked of the editor before, because Ctrl-C would hit the question.
      await editor.untilScreen(/etcd: interrupted/);
      await editor.normal();
      await editor.settled("b:etcd.code ==# 'cancelled'");
      await untold(editor);
    });

    it.each([
      ['under :silent', ':silent e etcd:/w/x<CR>', "getline(1) ==# 'value'"],
      ['while one types', "i<C-r>=etcd#host#rpc#request('read', {'name': 'etcd:/w/x'}, 'read').kind<CR>", "getline(1) ==# 'key'"],
      ['in a completion', ':e etcd:/w/<Tab>', "getcmdline() ==# 'e etcd:/w/x'"],
    ])('is not told %s', async (_, keys, done) => {
      const editor = await held(keys);
      const shown: string[] = [];
      const end = Date.now() + 600;
      while (Date.now() < end) shown.push(...(await editor.screen()));
      gate.open();
      await editor.until(done);
      expect(shown.filter((row) => row.includes('waiting for'))).toEqual([]);
      await editor.normal();
      await untold(editor);
    });

    it('does not count for an editor that was stopped, also where its host was', async () => {
      // tmux itself continues what it has started.
      const dir = mkdtempSync(join(tmpdir(), 'etcd-vim-child-'));
      const command = join(dir, 'child');
      writeFileSync(command, `#!/bin/sh\n'${tool.command}' "$@"\n`, { mode: 0o755 });
      const editor = await startEditor({ ...tool, command }, { endpoints: [gate.endpoint], rc: [impatient], args: ['etcd:/w/x'] });
      const pid = await heldWrite(editor);
      for (const one of [editor.pid, pid]) process.kill(one, 'SIGSTOP');
      gate.open();
      // Longer than the time of the command.
      await pause(SHORT + 1600);
      process.kill(editor.pid, 'SIGCONT');
      // An editor that counts the pause would give up in this time.
      await pause(100);
      process.kill(pid, 'SIGCONT');
      await expectWritten(editor);
      await editor.close();
      rmSync(dir, { recursive: true });
    });

    it('does not count for a host that was stopped: a write is not unknown', async () => {
      const editor = await open({ endpoints: [gate.endpoint], rc: [impatient], args: ['etcd:/w/x'] });
      const pid = await heldWrite(editor);
      process.kill(pid, 'SIGSTOP');
      gate.open();
      await pause(SHORT + 300);
      process.kill(pid, 'SIGCONT');
      await expectWritten(editor);
    });

    it('of more than any timer holds is a long one', async () => {
      const editor = await held(':e etcd:/w/x<CR>', { rc: ["let g:etcd = {'timeout': {'read': 3000000000}}"] });
      await editor.untilScreen(told('read etcd:/w/x'));
      gate.open();
      await editor.settled("getline(1) ==# 'value'");
    });
  },
);
