/** :Etcd edit: the names of a prefix as text, and what :w makes of it. */
import { expect, it } from 'vitest';
import { prefixEnd } from '../../src/client/index.js';
import type { Editor } from '../harness/editor.js';
import { inEveryEditor } from './editors.js';

inEveryEditor(
  'edit',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    let serial = 0;

    /** An editor in the edited listing of a prefix of its own, which has `names` below it. */
    async function editing(
      names: string[],
      command = 'Etcd edit',
    ): Promise<{ editor: Editor; prefix: string; keys: () => Promise<string[]> }> {
      const prefix = `/edit${++serial}/`;
      for (const name of names) await etcd().put(prefix + name, `value of ${name}`);
      const editor = await open();
      await editor.ex(`${command} etcd:${prefix}`);
      await editor.settled("get(get(b:, 'etcd', {}), 'kind', '') ==# 'edit'");
      return { editor, prefix, keys: () => keysBelow(prefix) };
    }

    async function keysBelow(prefix: string): Promise<string[]> {
      const [key, end] = [prefix, prefixEnd(prefix)].map((text) => Buffer.from(text).toString('base64'));
      const { body } = await etcd().post('/v3/kv/range', { key, range_end: end, keys_only: true });
      const kvs = (body['kvs'] ?? []) as { key: string }[];
      return kvs.map((kv) => Buffer.from(kv.key, 'base64').toString().slice(prefix.length));
    }
    async function revision(): Promise<string> {
      const { body } = await etcd().post('/v3/kv/range', { key: 'AA==' });
      return (body['header'] as { revision: string }).revision;
    }
    const stored = async (key: string) => (await etcd().get(key))?.value.toString();
    const names = async (editor: Editor) => (await editor.lines()).map((line) => line.replace(/^\d+\t/, ''));

    it('shows a number and a name a line, and the cursor on its name', async () => {
      const { editor, prefix } = await editing(['a', 'b%/c', 'b', 'd/e/f']);
      const lines = await editor.lines();
      expect(lines.map((line) => line.replace(/^\d+/, 'N'))).toEqual(['N\ta', 'N\tb', 'N\tb%25/', 'N\td/']);
      expect(new Set(lines.map((line) => line.split('\t')[0])).size).toBe(4);
      expect(await editor.eval("[bufname('%'), &buftype, &filetype, &modified, &modifiable, &swapfile]")).toEqual([
        ...[`etcd://${prefix}?edit`, 'acwrite', 'etcdedit'],
        ...[0, 1, 0],
      ]);
      await editor.ex(`edit etcd:${prefix}`);
      await editor.settled("b:etcd.kind ==# 'prefix'");
      await editor.type('3Gi');
      await editor.settled("b:etcd.kind ==# 'edit'");
      expect(await editor.eval('[line("."), col(".")]')).toEqual([3, 3]);
    });

    it('shows every key below with !', async () => {
      const { editor, prefix } = await editing(['a', 'd/e/f', 'd/e/g'], 'Etcd! edit');
      expect(await names(editor)).toEqual(['a', 'd/e/f', 'd/e/g']);
      expect(await editor.eval("bufname('%')")).toBe(`etcd://${prefix}?edit=all`);
    });

    it('renames by a substitution over many lines, in one revision, and undo and :w take it back', async () => {
      const many = Array.from({ length: 150 }, (_, i) => `key${1000 + i}`);
      const { editor, prefix, keys } = await editing(many);
      const numbers = await editor.lines();
      await editor.ex('%s/key/name/');
      await editor.ex('write!');
      expect(await keys()).toEqual(many.map((name) => name.replace('key', 'name')));
      expect(await stored(`${prefix}name1042`)).toBe('value of key1042');
      expect((await etcd().get(`${prefix}name1000`))?.modRevision).toBe((await etcd().get(`${prefix}name1149`))?.modRevision);
      expect(await editor.eval('[&modified, getline(1)]')).toEqual([0, numbers[0]?.replace('key', 'name')]);
      await editor.ex('undo');
      expect(await editor.eval('[&modified, getline(1)]')).toEqual([1, numbers[0]]);
      await editor.ex('write!');
      expect(await keys()).toEqual(many);
    });

    it('copies, creates, deletes and swaps in one :w', async () => {
      const { editor, prefix, keys } = await editing(['a', 'b', 'c', 'd/x']);
      await editor.type('1GyypA2<Esc>');
      await editor.settled("line('$') == 5 && getline(2) =~# '2$' && mode() ==# 'n'");
      await editor.ex('3s/b/c/ | 4s/c/b/ | 5delete | call append(line("$"), "new")');
      await editor.ex('write!');
      expect(await keys()).toEqual(['a', 'a2', 'b', 'c', 'new']);
      expect(await Promise.all(['a', 'a2', 'b', 'c', 'new'].map(async (key) => stored(prefix + key)))).toEqual([
        ...['value of a', 'value of a', 'value of c', 'value of b', ''],
      ]);
      expect(await names(editor)).toEqual(['a', 'a2', 'b', 'c', 'new']);
      expect((await editor.lines()).every((line) => /^\d+\t/.test(line))).toBe(true);
      expect(await editor.eval('&modified')).toBe(0);
    });

    it('moves a line that is cut here and pasted there, and undo in both moves it back', async () => {
      const { editor, prefix, keys } = await editing(['a', 'b/x', 'b/y']);
      await etcd().put('/there/z', 'z');
      await editor.type('2Gdd');
      await editor.settled('&modified');
      await editor.ex('set hidden | Etcd edit etcd:/there/');
      await editor.settled("bufname('%') =~# '/there/'");
      await editor.type('p');
      await editor.settled('&modified');
      await editor.ex('write!');
      expect(await keys()).toEqual(['a']);
      expect(await keysBelow('/there/')).toEqual(['b/x', 'b/y', 'z']);
      const other = `bufnr('etcd://${prefix}?edit')`;
      expect(await editor.eval(`[&modified, getbufvar(${other}, '&modified'), len(getbufline(${other}, 1, '$'))]`)).toEqual([0, 0, 1]);
      await editor.ex(`undo | undo | execute 'buffer' ${other} | undo`);
      expect(await names(editor)).toEqual(['a', 'b/']);
      await editor.ex('write!');
      expect(await keys()).toEqual(['a', 'b/x', 'b/y']);
      expect(await keysBelow('/there/')).toEqual(['z']);
    });

    it('copies a line of a listing whose window another one has taken', async () => {
      const { editor, prefix, keys } = await editing(['a', 'b', 'sub/c']);
      await editor.ex('set nohidden | 1yank');
      await editor.ex(`Etcd edit etcd:${prefix}sub/`);
      await editor.ex('put | substitute/a$/copied/');
      await editor.ex('write!');
      expect(await keys()).toEqual(['a', 'b', 'sub/c', 'sub/copied']);
      expect(await stored(`${prefix}sub/copied`)).toBe('value of a');
      // The text says what is there, and nothing was deleted.
      await editor.ex(`Etcd edit etcd:${prefix}`);
      expect([await names(editor), await editor.eval('&modified')]).toEqual([['a', 'b', 'sub/'], 0]);
      await editor.ex('1substitute/a$/z/ | write!');
      expect(await keys()).toEqual(['b', 'sub/c', 'sub/copied', 'z']);
    });

    it('knows no line of a listing that was wiped out', async () => {
      const { editor, prefix, keys } = await editing(['a', 'sub/c']);
      await editor.ex('1yank');
      await editor.ex(`Etcd edit etcd:${prefix}sub/ | bwipeout #`);
      await editor.ex('put | substitute/a$/copied/');
      await expect(editor.ex('write!')).rejects.toThrow(/nothing here has the number/);
      expect(await keys()).toEqual(['a', 'sub/c']);
    });

    it.each([
      ['a name that is there twice', '1s/a/b/', /line 2: .*\/b stands in line 1 already/],
      ['a number that nothing has', 'call append(0, "99999\tx")', /line 1: nothing here has the number 99999/],
    ])('refuses %s by line, and the text stays modified', async (_, change, why) => {
      const { editor, keys } = await editing(['a', 'b']);
      await editor.ex(change);
      await expect(editor.ex('write!')).rejects.toThrow(why);
      expect(await editor.eval('[&modified, undotree().seq_cur]')).toEqual([1, 1]);
      expect(await keys()).toEqual(['a', 'b']);
    });

    it('does nothing over what has changed, and says which key it is; :e! lists it', async () => {
      const { editor, prefix, keys } = await editing(['a', 'b']);
      await editor.ex('1delete | 1s/b/c/');
      await etcd().put(`${prefix}a`, 'theirs');
      await expect(editor.ex('write')).rejects.toThrow(new RegExp(`${prefix}a was changed at revision .*:e! lists`));
      expect(await editor.eval('&modified')).toBe(1);
      expect(await keys()).toEqual(['a', 'b']);
      await editor.ex('edit!');
      expect([await names(editor), await editor.eval('&modified')]).toEqual([['a', 'b'], 0]);
    });

    it('is not of the past: neither a name with a revision nor a listing that has one', async () => {
      const { editor, prefix } = await editing(['a', 'b']);
      const past = `${prefix}?rev=${await revision()}`;
      await expect(editor.ex(`Etcd edit etcd:${past}`)).rejects.toThrow(/cannot edit .*: it is the past, which nobody can change/);
      await editor.ex(`edit etcd:${past}`);
      await editor.settled("getline(1, '$') ==# ['a', 'b']");
      await editor.type('i');
      await editor.untilScreen(/cannot edit .*: it is the past/);
      expect(await editor.lines()).toEqual(['a', 'b']);
    });

    it('deletes with ! what is gone already: nothing is sent, and the names are listed anew', async () => {
      const { editor, prefix } = await editing(['a', 'b']);
      await editor.ex('1delete');
      await etcd().post('/v3/kv/deleterange', { key: Buffer.from(`${prefix}a`).toString('base64') });
      await etcd().put(`${prefix}c`, 'theirs');
      await expect(editor.ex('write')).rejects.toThrow(/\/a is not there any more; your text is still here; :e! lists what is there now$/);
      const before = await revision();
      await editor.ex('write!');
      expect([await names(editor), await editor.eval('&modified')]).toEqual([['b', 'c'], 0]);
      expect(await revision()).toBe(before);
    });

    it('shows the plan and asks; no leaves all as it is, and :Etcd undo takes back what was done', async () => {
      const { editor, keys } = await editing(['a', 'b/x', 'b/y']);
      await editor.ex('1delete | 1s/b/c/');
      await editor.type(':w<CR>');
      await editor.untilScreen(/\(Y\)es, \[N\]o/);
      expect((await editor.screen()).join('\n')).toMatch(/rename .*\/b\/ -> .*\/c\/: 2 keys[^]*delete .*\/a/);
      await editor.type('n');
      await editor.untilScreen(/you have not said yes/);
      await editor.normal();
      await editor.settled('&modified');
      expect(await keys()).toEqual(['a', 'b/x', 'b/y']);
      await editor.ex('write!');
      expect(await keys()).toEqual(['c/x', 'c/y']);
      await editor.ex('Etcd! undo');
      expect(await keys()).toEqual(['a', 'b/x', 'b/y']);
    });

    it('sends nothing if the names are what was read', async () => {
      const { editor } = await editing(['a', 'b']);
      const before = await revision();
      await editor.ex('write');
      const first = await editor.eval<string>('getline(1)');
      await editor.type('ddp');
      await editor.settled(`getline(2) ==# '${first}'`);
      await editor.ex('write');
      expect(await editor.eval('&modified')).toBe(0);
      expect(await revision()).toBe(before);
    });

    it('is not written if the editor has loaded it anew without us', async () => {
      const { editor, keys } = await editing(['a', 'b']);
      await editor.ex('noautocmd edit!');
      await expect(editor.ex('write!')).rejects.toThrow(/its numbers are not known; :e! lists it again/);
      expect(await keys()).toEqual(['a', 'b']);
    });

    it('deletes nothing because the editor has loaded another one anew without us', async () => {
      const { editor, prefix, keys } = await editing(['a/1', 'a/2', 'b/9']);
      await editor.ex('set hidden');
      await editor.ex(`Etcd edit etcd:${prefix}a/`);
      const line = (await editor.lines())[0] as string;
      await editor.ex('let g:a = bufnr("%")');
      await editor.ex(`Etcd edit etcd:${prefix}b/`);
      await editor.ex(`call append(0, ${JSON.stringify(line)})`);
      await editor.ex("let g:b = bufnr('%') | execute 'noautocmd buffer' g:a | noautocmd edit! | execute 'noautocmd buffer' g:b");
      await editor.ex('write!').catch(() => undefined);
      expect(await keys()).toEqual(expect.arrayContaining(['a/2', 'b/9']));
    });

    it('keeps its name, because its numbers are about that prefix', async () => {
      const { editor, prefix, keys } = await editing(['a', 'b']);
      await expect(editor.ex('file etcd:/elsewhere/?edit')).rejects.toThrow(
        /cannot name it .*elsewhere.*: its numbers are about .*:edit opens/,
      );
      expect(await editor.eval("bufname('%')")).toBe(`etcd://${prefix}?edit`);
      await editor.ex('1s/a/c/ | write!');
      expect([await keys(), await keysBelow('/elsewhere/')]).toEqual([['b', 'c'], []]);
    });

    it('is done, whatever an autocommand after it throws', async () => {
      const { editor, keys } = await editing(['a', 'b']);
      await editor.ex("autocmd User EtcdPlanPost throw 'mine'");
      await editor.ex("call setline(1, substitute(getline(1), 'a$', 'c', ''))");
      await editor.ex('write!').catch(() => undefined);
      expect([await keys(), await editor.eval('&modified')]).toEqual([['b', 'c'], 0]);
    });
  },
);
