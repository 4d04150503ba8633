/** Keys deleted, moved, copied and brought back: verbs, keys of a listing, questions, and what happens to open buffers. */
import { beforeEach, expect, it } from 'vitest';
import { inEveryEditor } from './editors.js';

const question = /\(Y\)es, \[N\]o:/;
const lines = "join(getline(1, '$'))";

inEveryEditor(
  'plan',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    const stored = async (key: string) => (await etcd().get(key))?.value.toString();
    const all = async (...keys: string[]) => Promise.all(keys.map(stored));
    beforeEach(async () => {
      for (const key of ['/t/a', '/t/b', '/t/d/x', '/t/d/y']) await etcd().put(key, `value of ${key}`);
      for (const key of ['/t/c', '/t/new', '/t/e/x', '/t/e/y', '/t/d']) await etcd().delete(key);
    });

    it('D deletes what is on the line after one question, and the listing follows', async () => {
      const editor = await open({ args: ['etcd:///t/'] });
      await editor.settled(`${lines} ==# 'a b d/'`);
      await editor.type('jD');
      await editor.untilScreen(/Delete \/t\/b 13B \(default\)\? \(Y\)es/);
      await editor.type('n');
      await editor.untilScreen(/not done: delete etcd:\/\/\/t\/b: you have not said yes/);
      expect(await stored('/t/b')).toBe('value of /t/b');
      await editor.type('D');
      await editor.untilScreen(question);
      await editor.type('y');
      await editor.settled(`${lines} ==# 'a d/'`);
      expect(await editor.eval("[line('.'), winnr('$'), &modified]")).toEqual([2, 1, 0]);
      await editor.type('u');
      await editor.untilScreen(question);
      await editor.type('y');
      await editor.settled(`${lines} ==# 'a b d/'`);
      expect(await stored('/t/b')).toBe('value of /t/b');
    });

    it('a count and a visual area are shown in a window, with the cluster', async () => {
      const editor = await open({ args: ['etcd:///t/'] });
      await editor.settled(`${lines} ==# 'a b d/'`);
      await editor.type('3D');
      const rows = await editor.untilScreen(question);
      expect(rows.join('\n')).toMatch(/delete \/t\/a 13B\n.*delete \/t\/b 13B\n.*delete \/t\/d\/ 2 keys/s);
      await editor.type('n');
      // Until then the screen still has the question, and what is typed does not answer the next one.
      await editor.untilScreen(/you have not said yes/);
      await editor.settled("winnr('$') == 1");
      await editor.type('VjD');
      await editor.untilScreen(question);
      await editor.type('y');
      await editor.settled(`${lines} ==# 'd/'`);
      expect(await all('/t/a', '/t/b', '/t/d/x')).toEqual([undefined, undefined, 'value of /t/d/x']);
    });

    it('of more than the window shows it is said how much that is', async () => {
      const puts = Array.from({ length: 100 }, (_, i) => i);
      for (let at = 0; at < 600; at += 100) {
        const success = puts.map((i) => ({ request_put: { key: Buffer.from(`/long/${at + i}`).toString('base64') } }));
        await etcd().post('/v3/kv/txn', { success });
      }
      const editor = await open({ args: ['etcd:///t/'], size: { columns: 80, rows: 24 } });
      await editor.type(':Etcd cp /long/ /copy/<CR>');
      expect((await editor.untilScreen(question)).join('\n')).toContain('588 more lines');
      await editor.type('n');
      await editor.untilScreen(/not done: copy etcd:\/\/\/long\/ -> etcd:\/\/\/copy\/: you have not said yes/);
    });

    it('M asks for the new name; the open buffer follows with its text and undo', async () => {
      const editor = await open({ args: ['etcd:///t/a'] });
      await editor.settled("getline(1) ==# 'value of /t/a'");
      await editor.type('ggccmine<Esc>');
      await editor.type(':split etcd:///t/<CR>');
      await editor.settled(`${lines} ==# 'a b d/'`);
      await editor.type('M<BS>c<CR>');
      await editor.untilScreen(/Rename \/t\/a -> \/t\/c \(default\)\?/);
      await editor.type('y');
      await editor.settled(`${lines} ==# 'b c d/'`);
      await editor.type('<C-W>j');
      await editor.settled("bufname('%') ==# 'etcd:///t/c'");
      expect(await editor.eval("[bufname('%'), getline(1), &modified]")).toEqual(['etcd:///t/c', 'mine', 1]);
      await editor.type('u');
      await editor.settled("getline(1) ==# 'value of /t/a' && !&modified");
      await editor.type('<C-R>:w<CR>');
      await editor.settled("getline(1) ==# 'mine' && !&modified");
      expect(await all('/t/a', '/t/c')).toEqual([undefined, 'mine']);
    });

    it('the buffer of a key that was moved goes back with it as the move is undone', async () => {
      const editor = await open({ args: ['etcd:///t/a'] });
      await editor.ex('Etcd! mv /t/c');
      expect(await editor.eval("[bufname('%'), &modified]")).toEqual(['etcd:///t/c', 0]);
      await editor.ex('Etcd! undo');
      expect(await editor.eval("[bufname('%'), &modified]")).toEqual(['etcd:///t/a', 0]);
      await editor.ex('call setline(1, "mine") | write');
      expect(await all('/t/a', '/t/c')).toEqual(['mine', undefined]);
    });

    it.each(['rm /t/a', 'mv /t/a /t/new/', 'cp /t/a /t/b /t/new/'])('lines and names are not both taken: %s', async (command) => {
      const editor = await open({ args: ['etcd:///t/'] });
      await editor.settled(`${lines} ==# 'a b d/'`);
      await expect(editor.ex(`2,3Etcd! ${command}`)).rejects.toThrow(/etcd: lines and names: give one of them$/);
      expect(await all('/t/a', '/t/b', '/t/d/x')).toEqual(['value of /t/a', 'value of /t/b', 'value of /t/d/x']);
    });

    it('C copies a prefix, over what is there only with !', async () => {
      const editor = await open();
      await editor.ex('Etcd! cp etcd:/t/d/ /t/e/');
      expect(await all('/t/d/x', '/t/e/x', '/t/e/y')).toEqual(['value of /t/d/x', 'value of /t/d/x', 'value of /t/d/y']);
      await etcd().put('/t/e/x', 'other');
      await editor.type(':Etcd cp /t/a /t/e/x<CR>');
      await editor.untilScreen(/\/t\/e\/x exists; add ! to overwrite it/);
      await editor.normal();
      expect(await stored('/t/e/x')).toBe('other');
      await editor.ex('Etcd! cp /t/a /t/e/x');
      expect(await stored('/t/e/x')).toBe('value of /t/a');
    });

    it('without anybody to ask nothing is done, and ! does it', async () => {
      const lines = ['function Try(_)', 'try', 'Etcd rm /t/a', 'catch', 'let g:why = v:exception', 'endtry', 'endfunction'];
      const editor = await open({ rc: lines, args: ['etcd:///t/b'] });
      await editor.settled("exists('b:etcd')");
      await editor.ex("call timer_start(1, 'Try')");
      await editor.settled("exists('g:why')");
      expect(await editor.eval('g:why')).toMatch(/not done: delete etcd:\/\/\/t\/a: nobody was asked: .*; :Etcd! and :w! ask nothing/);
      expect(await stored('/t/a')).toBe('value of /t/a');
      await editor.ex('Etcd! rm /t/a etcd:/t/d/');
      expect(await all('/t/a', '/t/d/x', '/t/d/y', '/t/b')).toEqual([undefined, undefined, undefined, 'value of /t/b']);
      await editor.ex('Etcd! undo');
      expect(await all('/t/a', '/t/d/x', '/t/d/y')).toEqual(['value of /t/a', 'value of /t/d/x', 'value of /t/d/y']);
    });

    it('a name that is both is asked about', async () => {
      await etcd().put('/t/d', 'a key too');
      const editor = await open();
      await expect(editor.ex('Etcd! rm /t/d')).rejects.toThrow(/\/t\/d is both a key and a prefix; \/t\/d\/ is what is below it/);
      await editor.type(':Etcd rm /t/d<CR>');
      await editor.untilScreen(/\(?K\)?ey, \(?P\)?refix/);
      await editor.type('p');
      await editor.untilScreen(question);
      await editor.type('y');
      await expect.poll(async () => all('/t/d', '/t/d/x')).toEqual(['a key too', undefined]);
    });

    it('the text of a deleted key stays, modified, and :w puts it again', async () => {
      const editor = await open({ args: ['etcd:///t/a'] });
      await editor.settled("getline(1) ==# 'value of /t/a'");
      await editor.ex('Etcd! rm');
      expect(await editor.eval('[getline(1), &modified, b:etcd.mod_revision]')).toEqual(['value of /t/a', 1, '0']);
      await editor.ex('write');
      expect(await stored('/t/a')).toBe('value of /t/a');
    });

    it('undo takes a :w back, the buffer follows, and refuses what was changed since', async () => {
      const editor = await open({ args: ['etcd:///t/a'] });
      await editor.settled("getline(1) ==# 'value of /t/a'");
      await editor.ex("call setline(1, 'mine') | write");
      await editor.ex('Etcd! undo');
      expect(await editor.eval('[getline(1), &modified]')).toEqual(['value of /t/a', 0]);
      await editor.ex("call setline(1, 'again') | write");
      await etcd().put('/t/a', 'theirs');
      await editor.ex('Etcd! undo');
      expect(await stored('/t/a')).toBe('theirs');
      await editor.ex('Etcd changes');
      expect(await editor.eval(lines)).toMatch(/3 .* write etcd:\/\/\/t\/a: 1 key.* 1 .* write etcd:\/\/\/t\/a: .*taken back/);
    });

    it('undo again and again takes back what was done before, over what undo itself has put', async () => {
      const editor = await open({ args: ['etcd:///t/a'] });
      await editor.settled("getline(1) ==# 'value of /t/a'");
      await editor.ex("call setline(1, 'two') | write");
      await editor.ex("call setline(1, 'three') | write");
      await editor.ex('Etcd! mv /t/a /t/moved');
      await editor.ex('Etcd! rm /t/moved');
      for (const value of ['three', undefined, undefined, undefined]) {
        await editor.ex('Etcd! undo');
        if (value !== undefined) expect(await stored('/t/moved')).toBe(value);
      }
      expect([await stored('/t/moved'), await stored('/t/a')]).toEqual([undefined, 'value of /t/a']);
    });

    it('an autocommand sees the plan, and may refuse it', async () => {
      const editor = await open();
      await editor.ex("autocmd User EtcdPlanPre let g:seen = [g:etcd_plan.title, g:etcd_plan.keys] | throw 'not today'");
      await expect(editor.ex('Etcd! rm /t/a')).rejects.toThrow(/:etcd: not done: delete etcd:\/\/\/t\/a: not today$/);
      expect(await editor.eval('g:seen')).toEqual(['delete etcd:///t/a', 1]);
      // A key of a listing has no one to throw to.
      await editor.ex('edit etcd:/t/');
      await editor.settled(`${lines} ==# 'a b d/'`);
      await editor.type('D');
      await editor.untilScreen(question);
      await editor.type('y');
      await editor.untilScreen(/^etcd: not done: delete etcd:\/\/\/t\/a: not today/);
      await editor.ex('Etcd edit etcd:/t/ | 1delete');
      await expect(editor.ex('write!')).rejects.toThrow(/etcd: not done: edit \/t\/: not today$/);
      await editor.ex('edit! etcd:/t/?yaml | 1delete');
      await expect(editor.ex('write!')).rejects.toThrow(/etcd: not done: write etcd:\/\/\/t\/\?yaml: not today/);
      expect(await stored('/t/a')).toBe('value of /t/a');
    });

    it('a profile with confirm asks with ! too, where somebody is', async () => {
      const rc = [`let g:etcd = {'profiles': {'prod': {'endpoints': '${etcd().endpoint}', 'confirm': v:true}}}`];
      const editor = await open({ rc });
      await editor.type(':Etcd rm! etcd://prod/t/a<CR>');
      await editor.untilScreen(/Delete \/t\/a 13B \(prod\)\?/);
      expect(await stored('/t/a')).toBe('value of /t/a');
      await editor.type('y');
      await editor.untilScreen(/1 key, revision/);
      expect(await stored('/t/a')).toBe(undefined);
    });

    it('a profile that is read-only refuses', async () => {
      const editor = await open({ rc: [`let g:etcd = {'profiles': {'prod': {'endpoints': '${etcd().endpoint}', 'readonly': v:true}}}`] });
      await expect(editor.ex('Etcd! rm etcd://prod/t/a')).rejects.toThrow(/profile prod is read-only/);
      await expect(editor.ex('Etcd! mv etcd://prod/t/a etcd:///t/c')).rejects.toThrow(/profile prod is read-only/);
      expect(await all('/t/a', '/t/c')).toEqual(['value of /t/a', undefined]);
    });
  },
);
