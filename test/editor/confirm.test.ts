/** Profiles with `confirm` ask before each put. Only what was shown is overwritten. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startCluster } from '../harness/cluster.js';
import { inEveryEditor } from './editors.js';

/** Neovim 0.12 writes it over the line above, "Write to prod?", if 'cmdheight' is more than 1. */
const question = /\(Y\)es, \[N\]o:/;
/** The question below what it is about. What is typed before it is shown is thrown away. */
const asks = (about: RegExp): RegExp => new RegExp(`${about.source}.*${question.source}`);
/** While the question is open, the current window is that of the diff, and whatever we feed the editor would be the answer. */
const written = "bufname('%') =~# '^etcd:' && !&modified";

inEveryEditor(
  'confirm',
  async (etcd) => {
    await etcd.put('/c/a', 'one\ntwo\n');
    await etcd.put('/c/b', 'other\n');
  },
  ({ open, etcd, tool }) => {
    const stored = async (key: string) => (await etcd().get(key))?.value.toString();
    const settings = () => [`let g:etcd = {'profiles': {'prod': {'endpoints': '${etcd().endpoint}', 'confirm': v:true}}}`];

    it('No is the answer unless one says yes, and keeps the text and the editor', async () => {
      await etcd().put('/c/a', 'one\ntwo\n');
      const editor = await open({ rc: settings(), args: ['etcd://prod/c/a'], size: { columns: 120, rows: 24 } });
      await editor.settled("getline(1) ==# 'one'");
      const revision = await editor.eval<string>('b:etcd.mod_revision');
      for (const answer of ['<CR>', 'n']) {
        await editor.type('ggccmine<Esc>:wq<CR>');
        const rows = await editor.untilScreen(question);
        const head = rows.findIndex((row) => row.startsWith('---'));
        expect(rows.slice(head, head + 6)).toEqual([
          ...[`--- etcd://prod/c/a at revision ${revision}`, '+++ what is written'],
          ...['@@ -1,2 +1,2 @@', '-one', '+mine', ' two'],
        ]);
        await editor.type(answer);
        await editor.untilScreen(/not written: etcd:\/\/prod\/c\/a: you have not said yes; the text is still here/);
        await editor.type('<CR>:messages clear<CR>');
        await editor.settled("winnr('$') == 1");
        expect(await editor.eval("[&modified, getline(1), bufname('%')]")).toEqual([1, 'mine', 'etcd://prod/c/a']);
      }
      expect(await stored('/c/a')).toBe('one\ntwo\n');
      await editor.type(':w<CR>');
      await editor.untilScreen(question);
      await editor.type('y');
      await editor.settled(written);
      expect(await stored('/c/a')).toBe('mine\ntwo\n');
      expect(await editor.eval("[winnr('$'), len(getbufinfo())]")).toEqual([1, 1]);
    });

    it('what is pasted is no answer, in one piece or more, and goes nowhere; one typed y is, also to :wq', async () => {
      await etcd().put('/c/a', 'one\n');
      const rc = [...settings(), ...(tool.kind === 'vim' ? [String.raw`let [&t_PS, &t_PE] = ["\e[200~", "\e[201~"]`] : [])];
      const editor = await open({ rc, args: ['etcd://prod/c/a'], size: { columns: 120, rows: 24 } });
      await editor.settled("getline(1) ==# 'one'");
      await editor.type('ccmine<Esc>');
      const bracketed = (text: string): string => `\x1b[200~${text}\x1b[201~`;
      for (const paste of ['y<CR>', 'yes', 'Yy', 'hey y', 'y'.repeat(3000), bracketed('y'), bracketed('y<CR>'), 'y|x']) {
        const [first, second] = paste.split('|') as [string, string?];
        // A Vim that is leaving runs no timers.
        await editor.type(second === undefined ? ':wq<CR>' : ':w<CR>');
        await editor.untilScreen(question);
        // In the editor's own time. If the first piece is late, the second one is the answer.
        if (second !== undefined) await editor.eval(`timer_start(100, {-> feedkeys('${second}')})`);
        await editor.type(first);
        await editor.untilScreen(/not written: etcd:\/\/prod\/c\/a: .*; the text is still here/);
        expect(await editor.eval("execute('messages')")).toMatch(second === undefined ? /more than one key came/ : /not written/);
        await editor.type('<CR>:messages clear<CR>');
        await editor.settled("winnr('$') == 1 && execute('messages') !~# 'not written'");
        expect(await editor.eval("[&modified, getline(1, '$')]")).toEqual([1, ['mine']]);
      }
      expect(await stored('/c/a')).toBe('one\n');
      await editor.type(':wq<CR>');
      await editor.untilScreen(question);
      await editor.type('y');
      await editor.gone();
      expect(await stored('/c/a')).toBe('mine\n');
    });

    it('what is typed before the question is there is no answer, also after :wq', async () => {
      await etcd().put('/c/a', 'one\n');
      const rc = [
        ...settings(),
        "autocmd BufWritePre * if get(g:, 'pause') | let g:writing = 1 | sleep 1 | endif",
        // It can run as soon as the editor waits, for quiet or for the answer.
        "function! Late(_) abort\nif execute('messages') =~# 'asks before'\ncall feedkeys('y')\nelse\ncall timer_start(1, 'Late')\nendif\nendfunction",
      ];
      const editor = await open({ rc, args: ['etcd://prod/c/a'] });
      await editor.settled("getline(1) ==# 'one'");
      await editor.type('ccmine<Esc>');
      await editor.eval("extend(g:, {'pause': 1})");
      await editor.type(':wq<CR>');
      await editor.until("exists('g:writing')");
      await editor.type('y');
      await editor.untilScreen(/nobody was asked: (more keys were waiting|it came by itself)/);
      await editor.normal();
      await editor.type(':messages clear<CR>');
      await editor.settled("execute('messages') !~# 'asked'");
      await editor.eval("extend(g:, {'pause': 0})");
      await editor.eval("timer_start(1, 'Late')");
      await editor.type(':w<CR>');
      await editor.untilScreen(question);
      await editor.type('n');
      await editor.untilScreen(/you have not said yes/);
      expect(await stored('/c/a')).toBe('one\n');
    });

    it('a change while the question stands is a conflict, also with !', async () => {
      await etcd().put('/c/a', 'one\n');
      const editor = await open({ rc: settings(), args: ['etcd://prod/c/a'] });
      await editor.settled("getline(1) ==# 'one'");
      await editor.type('ccmine<Esc>:w!<CR>');
      await editor.untilScreen(question);
      await etcd().put('/c/a', 'theirs\n');
      await editor.type('y');
      await editor.untilScreen(/changed at revision/);
      expect(await stored('/c/a')).toBe('theirs\n');
      await editor.type('<CR>:w!<CR>');
      await editor.untilScreen(asks(/-theirs/));
      await editor.type('y');
      await editor.settled(written);
      expect(await stored('/c/a')).toBe('mine\n');
    });

    it('is no way into another cluster: the first :w! says so, and only the next one asks', async () => {
      const cluster = await startCluster();
      try {
        await cluster.inspect().put('/c/a', 'of the first');
        const rc = [`let g:etcd = {'profiles': {'prod': {'endpoints': '${cluster.endpoints[0] as string}', 'confirm': v:true}}}`];
        const editor = await open({ rc, args: ['etcd://prod/c/a'], size: { columns: 120, rows: 24 } });
        await editor.settled("getline(1) ==# 'of the first'");
        await cluster.swap();
        await cluster.inspect().put('/c/a', 'of the second');
        await editor.type('ccmine<Esc>:w!<CR>');
        await editor.untilScreen(/cluster \d+ answers there now/);
        await editor.normal();
        await editor.settled("winnr('$') == 1");
        expect((await cluster.inspect().get('/c/a'))?.value.toString()).toBe('of the second');
        await editor.type(':w!<CR>');
        await editor.untilScreen(asks(/-of the second/));
        await editor.type('y');
        await editor.settled(written);
        expect((await cluster.inspect().get('/c/a'))?.value.toString()).toBe('mine');
      } finally {
        await cluster.close();
      }
    });

    it('does not ask where nothing would be written', async () => {
      const editor = await open({ rc: settings(), args: ['etcd://prod/c/b'] });
      await editor.settled("getline(1) ==# 'other'");
      await editor.type(':w<CR>');
      await editor.untilScreen(/unchanged, nothing sent/);
      await editor.type('ccmine<Esc>');
      await editor.settled("&modified && getline(1) ==# 'mine'");
      await etcd().put('/c/b', 'theirs\n');
      await editor.type(':w<CR>');
      await editor.untilScreen(/changed at revision/);
      await etcd().put('/c/a', 'something else\n');
      await expect(editor.ex('write etcd://prod/c/a')).rejects.toThrow(/the key exists/);
    });

    it('asks for each buffer of :wall, hidden ones too, and for lines and what is appended', async () => {
      await etcd().put('/c/a', 'one\n');
      await etcd().put('/c/b', 'other\n');
      await etcd().put('/c/log', 'log\n');
      await etcd().delete('/c/new');
      const editor = await open({ rc: settings(), args: ['etcd://prod/c/a'] });
      await editor.settled("getline(1) ==# 'one'");
      await editor.type('ccmine<Esc>:e etcd://prod/c/b<CR>');
      await editor.settled("getline(1) ==# 'other'");
      await editor.type('ccmine<Esc>:wall<CR>');
      await editor.untilScreen(asks(/-one/));
      await editor.type('y');
      await editor.untilScreen(asks(/-other/));
      await editor.type('y');
      await editor.settled(`${written} && len(filter(getbufinfo(), 'v:val.changed')) == 0`);
      expect([await stored('/c/a'), await stored('/c/b')]).toEqual(['mine\n', 'mine\n']);
      await editor.type(':1w >> etcd://prod/c/log<CR>');
      await editor.untilScreen(asks(/ log/));
      await editor.type('y');
      await editor.untilScreen(/9B written/);
      expect(await stored('/c/log')).toBe('log\nmine\n');
      await editor.type(':w etcd://prod/c/new<CR>');
      await editor.untilScreen(asks(/--- etcd:\/\/prod\/c\/new, which is not there/));
      await editor.type('y');
      await editor.settled("execute('messages') =~# 'c/new.*written'");
      expect(await stored('/c/new')).toBe('mine\n');
    });

    it('asks nobody in Insert mode, from a timer or an autocommand, silently, or in a macro: that is no, and says why', async () => {
      await etcd().put('/c/a', 'one\n');
      const editor = await open({ rc: [...settings(), 'nnoremap ,w :w<CR>', 'let @q = ":w\\<CR>"'], args: ['etcd://prod/c/a'] });
      await editor.settled("getline(1) ==# 'one'");
      await editor.type('ccmine<Esc>');
      const refused = async (why: string): Promise<void> => {
        await editor.until(`execute('messages') =~# 'etcd://prod/c/a: nobody was asked: ${why}.*; :w asks'`);
        await editor.normal();
        await editor.type(':messages clear<CR>');
        await editor.settled("execute('messages') !~# 'asked'");
        expect(await editor.eval("[&modified, winnr('$')]")).toEqual([1, 1]);
      };
      for (const [command, keys, why] of [
        ['call timer_start(1, {-> execute("write", "")})', '', 'it came by itself'],
        ['autocmd TextChangedI * ++once ++nested silent! update', 'ay', 'it came in Insert mode'],
        ['autocmd TextChanged * ++once ++nested update!', 'x', 'it came from an autocommand'],
        ['autocmd InsertLeave * ++once ++nested update', 'ay<Esc>', 'it came from an autocommand'],
        ['silent! write!', '', 'it runs silently'],
        ['let g:x = 1', '@q', 'a macro runs'],
      ] as const) {
        await editor.type(`:${command}<CR>`);
        await editor.type(keys);
        await refused(why);
      }
      expect(await stored('/c/a')).toBe('one\n');
      await editor.type(',w');
      await editor.untilScreen(question);
      await editor.type('y');
      await editor.settled("winnr('$') == 1 && !&modified");
      expect(await stored('/c/a')).toBe('miney\n');
    });

    it('of long lines it shows the part that differs, and where that is', async () => {
      const long = (middle: string): string => `${'a'.repeat(1000)}${middle}${'z'.repeat(1000)}`;
      await etcd().put('/c/long', long('OLD'));
      const editor = await open({ rc: settings(), args: ['etcd://prod/c/long'], size: { columns: 100, rows: 24 } });
      await editor.settled("getline(1) =~# 'OLD'");
      await editor.type(':s/OLD/NEWER/ | w<CR>');
      const rows = await editor.untilScreen(question);
      expect(rows).toContain('\\ from character 1001 on, of 2003, now 2005 characters');
      expect(rows).toContainEqual(expect.stringMatching(/^-…a{20}OLDz+…$/));
      expect(rows).toContainEqual(expect.stringMatching(/^\+…a{20}NEWERz+…$/));
      await editor.type('n');
      await editor.settled("winnr('$') == 1");
    });

    it('where nobody can be asked it is refused, and ! writes', async () => {
      await etcd().put('/c/a', 'one\n');
      const editor = await open({ rc: settings() });
      const silent = (write: string) =>
        promisify(execFile)(
          editor.command,
          [
            ...(editor.kind === 'nvim' ? ['--headless'] : []),
            ...['-u', `${editor.home}/rc.vim`, '-i', 'NONE', '-es', '-c', 'edit etcd://prod/c/a', '-c', "call setline(1, 'mine')"],
            ...['-c', `try | ${write} | catch | call writefile([v:exception], 'said') | endtry`, '-c', 'qall!'],
          ],
          { cwd: editor.home, env: { PATH: process.env['PATH'], HOME: editor.home, XDG_RUNTIME_DIR: `${editor.home}/run` } },
        ).catch(() => undefined);
      await silent('write');
      expect(await editor.eval("readfile('said')")).toEqual([
        expect.stringMatching(/not written: etcd:\/\/prod\/c\/a: the profile prod asks before each write, and nobody can be asked here/),
      ]);
      expect(await stored('/c/a')).toBe('one\n');
      await silent('write!');
      expect(await stored('/c/a')).toBe('mine\n');
    });
  },
);
