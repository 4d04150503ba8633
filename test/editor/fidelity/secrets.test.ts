/** What an editor leaves behind of values, keys and passwords: only what was typed or yanked. Each test is a row. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestCluster } from '../../harness/cluster.js';
import type { Editor } from '../../harness/editor.js';
import { hostOf } from '../../harness/processes.js';
import { ALICE, enableAuth, ROOT } from '../../harness/users.js';
import { inEveryEditor } from '../editors.js';

const [VALUE, KEY, LEAK] = ['value', 'key', 'leak'].map((name) => `canary${process.pid}${name}`) as [string, string, string];
/** Part of alice's password, in the form in which it would show up anywhere. */
const PASSWORD = 'alice "';
let cluster: TestCluster;

/** The files below a directory that hold the text; one that cannot be read is an error. */
function below(directory: string, text: string): string[] {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.filter(({ parentPath, name }) => holds(join(parentPath, name), text)).map(({ name }) => name);
}

/** In HOME, which contains TMPDIR and XDG_RUNTIME_DIR, and in what other users may see of the editor and of its Node process. */
function left(editor: Editor, text: string): string[] {
  const host = hostOf(editor.pid);
  if (host === undefined) throw new Error('no Node process to look into');
  const processes = [editor.pid, host].flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  return [...below(editor.home, text), ...processes.filter((file) => holds(file, text))];
}

const holds = (file: string, text: string): boolean => readFileSync(file).includes(text);

describe('secrets', () => {
  beforeAll(async () => {
    cluster = await startCluster();
    await enableAuth(cluster.inspect(), [{ type: 'READWRITE', key: '/s/', rangeEnd: '/s0' }]);
    await cluster.login(ROOT.user, ROOT.password);
  });
  afterAll(() => cluster.close());

  inEveryEditor(
    'fidelity: secrets',
    () => Promise.resolve(),
    ({ open }) => {
      /** An editor that keeps everything that it can, logged in, with a listing and a changed value in it. */
      async function busy(env: Record<string, string> = {}): Promise<Editor> {
        await cluster.inspect().put('/s/secret', `${VALUE}\n`);
        await cluster.inspect().put(`/s/below/${KEY}`, 'x\n');
        const editor = await open({
          rc: ['set swapfile undofile backup writebackup undodir=~ directory=~ backupdir=~', "let g:etcd = {'user': 'alice'}"],
          endpoints: cluster.endpoints,
          history: 'history',
          env,
          size: { columns: 160, rows: 24 },
        });
        await editor.type(':e etcd:/s/below/<CR>');
        await editor.untilAsked(/etcd: password of alice/);
        await editor.type(`${ALICE.password}<CR>`);
        await editor.settled(`getline(1) ==# '${KEY}'`);
        await editor.ex('edit etcd:/s/secret');
        await editor.type('Achanged<Esc>:w<CR>');
        await editor.settled("!&modified && getline(1) =~# 'changed'");
        await editor.ex('preserve').catch(() => undefined);
        return editor;
      }

      async function leave(editor: Editor): Promise<void> {
        await editor.type(':qa<CR>');
        await editor.gone();
      }

      it.each([
        ['value', VALUE],
        ['key that was not typed', KEY],
        ['password', PASSWORD],
      ])('no %s in swap, undo, backup, viminfo, messages, argv, environment or temporary files', async (_, text) => {
        const editor = await busy();
        expect(await editor.eval<string>("execute('messages')")).not.toContain(text);
        expect(left(editor, text)).toEqual([]);
        await leave(editor);
        expect(below(editor.home, 'etcd:///s/secret')).toContain('history');
        expect(below(editor.home, text)).toEqual([]);
      });

      it('what was yanked is in the viminfo or shada file; the search finds it, and what is planted', async () => {
        const editor = await busy({ LEAK });
        expect(left(editor, LEAK)).toContain(`/proc/${editor.pid}/environ`);
        await editor.ex('normal! yy');
        await editor.ex(`call writefile(['${LEAK}'], $TMPDIR . '/planted')`);
        expect(left(editor, LEAK)).toContain('planted');
        await leave(editor);
        expect(below(editor.home, VALUE)).toEqual(['history']);
      });
    },
  );
});
