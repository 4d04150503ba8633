/** The place of values on their way: no other user can replace it, and they stay no longer than they are needed. */
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import { muteServer } from '../harness/mute.js';
import { inEveryEditor } from './editors.js';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

inEveryEditor(
  'the private directory',
  async (etcd) => {
    await etcd.put('/d/x', 'value');
  },
  ({ open, etcd }) => {
    const where = (editor: Editor): Promise<string> => editor.eval<string>('etcd#host#body#dir()');
    const hostPid = async (editor: Editor): Promise<number> =>
      editor.eval<number>("str2nr(matchstr(etcd#verb#health#lines()[2][1], 'pid \\zs\\d\\+'))");

    /** What follows etcd would start the host again, and take values, at any time. */
    const quiet = ["let g:etcd = {'watch': 0}"];

    async function readsAndWrites(editor: Editor): Promise<void> {
      await editor.ex('edit! etcd:/d/x');
      expect(await editor.lines()).toEqual(['value']);
      await editor.ex("call setline(1, 'mine') | write");
      expect((await etcd().get('/d/x'))?.value.toString()).toBe('mine');
      await etcd().put('/d/x', 'value');
    }

    it.runIf(isRoot)("is not made in another user's $XDG_RUNTIME_DIR, which su keeps", async () => {
      const editor = await open();
      const theirs = join(editor.home, 'theirs');
      mkdirSync(theirs, { mode: 0o700 });
      chownSync(theirs, NOBODY, NOBODY);
      await editor.ex(`let $XDG_RUNTIME_DIR = '${theirs}'`);
      await readsAndWrites(editor);
      expect(readdirSync(theirs)).toEqual([]);
      const dir = await where(editor);
      expect(dirname(dir)).not.toBe(theirs);
      await editor.type(':qa!<CR>');
      await editor.gone();
      await expect.poll(() => existsSync(dir)).toBe(false);
    });

    it('is not made where anybody may write, and a write does not go there either', async () => {
      const editor = await open();
      const anybodys = join(editor.home, 'anybodys');
      mkdirSync(anybodys);
      chmodSync(anybodys, 0o777);
      await editor.ex(`let $XDG_RUNTIME_DIR = '${anybodys}'`);
      // This is the first thing that this editor asks of Node.
      await editor.ex("call setline(1, 'new') | write etcd:/d/new");
      expect((await etcd().get('/d/new'))?.value.toString()).toContain('new');
      expect(readdirSync(anybodys)).toEqual([]);
      await readsAndWrites(editor);
    });

    it('is made anew when it is not as it was: gone, open to others, a link', async () => {
      const editor = await open();
      await editor.ex('edit etcd:/d/x');
      const spoils = [
        (dir: string) => rmSync(dir, { recursive: true }),
        (dir: string) => chmodSync(dir, 0o777),
        (dir: string) => {
          rmSync(dir, { recursive: true });
          symlinkSync(editor.home, dir);
        },
      ];
      for (const spoil of spoils) {
        const before = await where(editor);
        spoil(before);
        await readsAndWrites(editor);
        expect(await where(editor)).not.toBe(before);
        expect(existsSync(before)).toBe(false);
      }
      expect(readFileSync(join(editor.home, 'rc.vim'), 'utf8')).not.toBe('');
    });

    it('is kept when the host is killed, and what it offered last goes', async () => {
      const editor = await open({ rc: quiet });
      await editor.ex('edit etcd:/d/x');
      const dir = await where(editor);
      await editor.eval(`writefile(['value'], '${dir}/r9')`);
      process.kill(await hostPid(editor), 'SIGKILL');
      await editor.until("etcd#host#job#status() ==# ''");
      await readsAndWrites(editor);
      expect([await where(editor), readdirSync(dir)]).toEqual([dir, []]);
    });

    it('holds no value of an answer that comes too late', async () => {
      const mute = await muteServer();
      const editor = await open({ rc: ["let g:etcd = {'timeout': {'read': 300000}}"] });
      await editor.ex('edit etcd:/d/x');
      const dir = await where(editor);
      await editor.ex(`let $ETCDCTL_ENDPOINTS = '${mute.endpoint}'`);
      const asked = mute.asked();
      await editor.type(':e etcd:/d/y<CR>');
      const socket = await asked;
      await editor.type('<C-c>');
      if (!socket.destroyed) await once(socket, 'close');
      await editor.normal();
      // Like an answer of Node that was on its way when Ctrl-C was typed.
      const body = { file: join(dir, 'r7') };
      for (const late of [body, { theirs: body, base: null }, { theirs: null, base: body }]) {
        writeFileSync(body.file, 'value');
        await editor.eval(`etcd#host#job#receive('${JSON.stringify([99_999, { ok: late }])}')`);
        expect(readdirSync(dir)).toEqual([]);
      }
      const own = join(editor.home, 'own');
      await editor.eval(`writefile([''], '${own}')`);
      for (const file of [own, `${dir}/../../own`]) {
        await editor.eval(`etcd#host#job#receive(json_encode([99999, {'ok': {'file': '${file}'}}]))`);
      }
      expect(existsSync(own)).toBe(true);
      mute.close();
    });

    it('goes with the next editor where both processes were killed, and those of the living stay', async () => {
      const [dead, living] = [await open({ rc: quiet }), await open()];
      await dead.ex('edit etcd:/d/x');
      await living.ex(`let $XDG_RUNTIME_DIR = '${join(dead.home, 'run')}'`);
      await living.ex('edit etcd:/d/x');
      const [left, kept] = [await where(dead), await where(living)];
      expect(dirname(left)).toBe(dirname(kept));
      await dead.eval(`writefile(['value'], '${left}/w1')`);
      const host = await hostPid(dead);
      process.kill(host, 'SIGKILL');
      await dead.until("etcd#host#job#status() ==# ''");
      process.kill(dead.pid, 'SIGKILL');
      await dead.gone();
      // Its socket is closed before the process has ended.
      await expect.poll(() => isOver(dead.pid), { timeout: 10_000, interval: 5 }).toBe(true);
      expect(existsSync(left)).toBe(true);
      const next = await open();
      await next.ex(`let $XDG_RUNTIME_DIR = '${dirname(left)}'`);
      await next.ex('edit etcd:/d/x');
      await expect.poll(() => existsSync(left), { timeout: 10_000, interval: 5 }).toBe(false);
      expect(existsSync(kept)).toBe(true);
      await readsAndWrites(living);
    });
  },
);

/** Whether the process is gone, or is dead and its parent has not noticed. */
function isOver(pid: number): boolean {
  try {
    return / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}
