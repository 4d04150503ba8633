/** Rules for keys, as users see them: which keys may be written, and what is asked and said before. */
import { expect, it } from 'vitest';
import { inOneOfEach } from './editors.js';

inOneOfEach(
  'rules',
  async (etcd) => {
    for (const name of ['a/leader', 'a/config', 'b/config']) await etcd.put(`/r/${name}`, 'x');
  },
  ({ open, etcd }) => {
    const leader = "{'keys': '/r/*/leader', 'readonly': 1, 'note': 'never edit 100%, use failover of the cluster'}";
    const config = "{'keys': '/r/*/config', 'confirm': 1, 'note': 'owned by ops'}";
    const rc = [`let g:etcd = {'rules': [${leader}, ${config}]}`];

    it('the buffer of a read-only key is so, says it, and no write of any kind reaches it', async () => {
      const editor = await open({ rc, args: ['etcd:/r/a/leader'], size: { columns: 140, rows: 24 } });
      await editor.settled("getline(1) ==# 'x'");
      const revision = await editor.eval<string>('b:etcd.mod_revision');
      expect(await editor.eval('[&readonly, etcd#statusline()]')).toEqual([
        1,
        `${etcd().endpoint} rev ${revision} [readonly] [never edit 100, use failover …]`,
      ]);
      await editor.type('ccmine<Esc>:w!<CR>');
      await editor.untilScreen(/\/r\/a\/leader \(never edit 100%, use failover of the cluster\) is read-only/);
      await editor.type('<CR>:Etcd! rm etcd:/r/<CR>');
      await editor.untilScreen(/cannot delete.*\/r\/a\/leader .* is read-only; see g:etcd.rules/);
      expect((await etcd().get('/r/a/leader'))?.value.toString()).toBe('x');
      await editor.type('<CR>:e!<CR>:Etcd info<CR>');
      await editor.untilScreen(/note +never edit 100%/);
      await editor.untilScreen(/writes +refused: readonly/);
    });

    it('a key with confirm is written after its note and its diff were seen, and one without as ever', async () => {
      const editor = await open({ rc, args: ['etcd:/r/a/config'], size: { columns: 120, rows: 24 } });
      await editor.settled("getline(1) ==# 'x'");
      for (const answer of ['n', 'y']) {
        await editor.type('ggccmine<Esc>:w<CR>');
        const rows = await editor.untilScreen(/\(Y\)es, \[N\]o:/);
        const head = rows.findIndex((row) => row.startsWith('/r/a/config: owned by ops'));
        expect(rows.slice(head + 1, head + 5).map((row) => row.slice(0, 3))).toEqual(['---', '+++', '@@ ', '-x']);
        await editor.type(answer);
        if (answer === 'y') break;
        await editor.untilScreen(/you have not said yes; the text is still here/);
        await editor.normal();
      }
      // While the question is open, the current window is that of the diff.
      await editor.settled("bufname('%') =~# '^etcd:' && !&modified");
      expect((await etcd().get('/r/a/config'))?.value.toString()).toBe('mine');
      await editor.ex('edit etcd:/r/new | call setline(1, "y") | write');
      expect((await etcd().get('/r/new'))?.value.toString()).toBe('y');
    });

    it('a TTL and a plan ask with the note, with ! too', async () => {
      const editor = await open({ rc, args: ['etcd:/r/b/config'], size: { columns: 120, rows: 24 } });
      await editor.settled("getline(1) ==# 'x'");
      for (const command of ['Etcd! ttl 600', 'Etcd! rm etcd:/r/b/']) {
        await editor.type(`:${command}<CR>`);
        const rows = await editor.untilScreen(/\(Y\)es, \[N\]o:/);
        expect(rows.join('\n')).toContain('/r/b/config: owned by ops');
        await editor.type('n');
        await editor.untilScreen(/you have not said yes/);
        await editor.normal();
      }
      expect(await etcd().get('/r/b/config')).toMatchObject({ lease: '0' });
    });

    it('a macro is not asked, and writes nothing', async () => {
      const editor = await open({ rc });
      await editor.ex('edit etcd:/r/b/config | call setline(1, "macro")');
      await editor.eval('setreg(\'q\', ":w\\r")');
      await editor.type('@q');
      await editor.untilScreen(/nobody was asked: a macro runs; :w asks/);
      expect((await etcd().get('/r/b/config'))?.value.toString()).toBe('x');
    });
  },
);
