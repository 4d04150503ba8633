/** :Etcd diff: theirs and the base beside ours, and a write that compares with what was looked at. */
import { expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import { inEveryEditor, UNWATCHED } from './editors.js';

const windows = "map(range(1, winnr('$')), 'bufname(winbufnr(v:val))')";

inEveryEditor(
  'diff',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    const stored = async (key: string) => (await etcd().get(key))?.value.toString();
    let serial = 0;

    /** A buffer with `mine`. The key was `was` when it was read. */
    async function editing(was: string, mine: string, rc: string[] = []): Promise<{ editor: Editor; key: string; base: string }> {
      const key = `/d/key${++serial}.json`;
      const base = await etcd().put(key, was);
      const editor = await open({ rc, args: [`etcd:${key}`] });
      await editor.settled("exists('b:etcd.mod_revision')");
      await editor.eval(`setline(1, split(${JSON.stringify(mine)}, "\\n"))`);
      return { editor, key, base };
    }

    it('shows all three, and :w then overwrites what was looked at', async () => {
      const { editor, key, base } = await editing('one\ntwo\n', 'mine\ntwo');
      const theirs = await etcd().put(key, 'one\ntheirs\n');
      await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
      await editor.type(':Etcd diff<CR>');
      await editor.untilScreen(new RegExp(`theirs is revision ${theirs}; :w writes yours, :e! takes theirs`));
      const names = [`[base rev ${base}]`, `etcd://${key}`, `[theirs rev ${theirs}]`];
      expect(await editor.eval(windows)).toEqual(names);
      expect(await editor.eval("[bufname('%'), &modified, &diff]")).toEqual([names[1], 1, 1]);
      const sides = [1, 3].map((window) => `[getbufline(winbufnr(${window}), 1, '$')] + map(${options}, 'getwinvar(${window}, v:val)')`);
      expect(await editor.eval(`[${sides.join(', ')}]`)).toEqual([
        [['one', 'two'], 1, 'nofile', 0, 0, 'json', 1],
        [['one', 'theirs'], 1, 'nofile', 0, 0, 'json', 1],
      ]);
      await editor.ex('write');
      expect(await stored(key)).toBe('mine\ntwo\n');
      await editor.until(`${windows} == ['etcd://${key}'] && !&diff && !&modified`);
      expect(await editor.eval('len(getbufinfo())')).toBe(1);
    });

    it.each([
      [':diffget theirs', 'theirs'],
      ['do', 'theirs'],
      ['d3o', 'theirs'],
      ['d2o', 'two'],
      [':diffget base', 'two'],
    ])('%s takes the change of that side over, and :w writes it', async (keys, taken) => {
      const { editor, key } = await editing('one\ntwo\n', 'one\nmine');
      await etcd().put(key, 'one\ntheirs\n');
      await editor.type(':Etcd diff<CR>');
      await editor.settled("winnr('$') == 3 && bufname('%') =~# '^etcd'");
      await editor.type(keys.startsWith(':') ? `2G${keys}<CR>` : `2G${keys}`);
      await editor.until(`getline(2) ==# '${taken}'`);
      await editor.ex('write');
      expect(await stored(key)).toBe(`one\n${taken}\n`);
      await editor.until(`maparg('do', 'n') ==# '' && maparg('d2o', 'n') ==# ''`);
    });

    it('if theirs moves once more it is a conflict once more', async () => {
      const { editor, key } = await editing('one\n', 'mine');
      await etcd().put(key, 'theirs\n');
      await editor.ex('Etcd diff');
      const newer = await etcd().put(key, 'newer\n');
      await expect(editor.ex('write')).rejects.toThrow(new RegExp(`changed at revision ${newer}`));
      expect(await stored(key)).toBe('newer\n');
      await editor.ex('Etcd diff');
      expect(await editor.eval(windows)).toContain(`[theirs rev ${newer}]`);
      await editor.ex('write');
      expect(await stored(key)).toBe('mine\n');
    });

    it('what was read stays the base at the second look', async () => {
      const { editor, key, base } = await editing('one\n', 'mine');
      await etcd().put(key, 'theirs\n');
      await editor.ex('Etcd diff');
      const newer = await etcd().put(key, 'newer\n');
      await editor.ex('Etcd diff');
      expect(await editor.eval(windows)).toEqual([`[base rev ${base}]`, `etcd://${key}`, `[theirs rev ${newer}]`]);
    });

    it('a key that was deleted is empty, and :w creates it', async () => {
      const { editor, key, base } = await editing('one\n', 'mine');
      await etcd().delete(key);
      await editor.ex('Etcd diff');
      expect(await editor.eval(windows)).toEqual([`[base rev ${base}]`, `etcd://${key}`, '[theirs deleted]']);
      await editor.ex('write');
      expect(await stored(key)).toBe('mine\n');
    });

    it('without the base where history is compacted, and where only ours has changed', async () => {
      const { editor, key, base } = await editing('one\n', 'mine');
      await editor.ex('Etcd diff');
      expect(await editor.eval(windows)).toEqual([`etcd://${key}`, `[theirs rev ${base}]`]);
      const theirs = await etcd().put(key, 'theirs\n');
      await etcd().post('/v3/kv/compaction', { revision: theirs, physical: true });
      await editor.ex('Etcd diff');
      expect(await editor.eval(windows)).toEqual([`etcd://${key}`, `[theirs rev ${theirs}]`]);
    });

    it('says that there is no difference, and then the buffer is what etcd holds', async () => {
      const { editor, key } = await editing('one\n', 'same');
      const theirs = await etcd().put(key, 'same\n');
      await editor.type(':Etcd diff<CR>');
      await editor.untilScreen(new RegExp(`no difference: etcd holds these bytes, at revision ${theirs}`));
      expect(await editor.eval("[winnr('$'), &modified, &diff, b:etcd.mod_revision]")).toEqual([1, 0, 0, theirs]);
    });

    it('an unchanged buffer that etcd no longer agrees with is modified', async () => {
      const { editor, key } = await editing('one\n', 'one', [UNWATCHED]);
      await editor.ex('edit!');
      await etcd().put(key, 'one');
      await editor.type(':Etcd diff<CR>');
      await editor.untilScreen(/differs only in the last newline, line ends or encoding/);
      expect(await editor.eval('&modified')).toBe(1);
      await editor.ex('edit!');
      await editor.until(`${windows} == ['etcd://${key}'] && !&diff`);
      expect(await editor.eval('[&modified, &endofline]')).toEqual([0, 0]);
    });

    it.each(['wincmd l | quit', 'wincmd h | close', 'enew!', 'quit!'])(':%s ends it', async (command) => {
      const { editor, key } = await editing('one\n', 'mine');
      await etcd().put(key, 'theirs\n');
      await editor.ex('tabnew | tabfirst');
      await editor.ex('Etcd diff');
      expect(await editor.eval("winnr('$')")).toBe(3);
      await editor.ex(command);
      await editor.until('len(filter(getwininfo(), \'bufname(v:val.bufnr) =~# "^.\\\\(theirs\\\\|base\\\\)"\')) == 0');
      expect(await editor.eval("filter(range(1, tabpagenr('$')), 'gettabwinvar(v:val, 1, \"&diff\")')")).toEqual([]);
    });

    it(':wq leaves the editor though the windows are open', async () => {
      const { editor, key } = await editing('one\n', 'mine');
      await etcd().put(key, 'theirs\n');
      await editor.ex('Etcd diff');
      await editor.type(':wq<CR>');
      await editor.gone();
      expect(await stored(key)).toBe('mine\n');
    });

    it('is for values and documents', async () => {
      await etcd().put('/d/x', 'x');
      const editor = await open({ args: ['etcd:/d/'] });
      await editor.settled("&filetype ==# 'etcd'");
      await expect(editor.ex('Etcd diff')).rejects.toThrow(/only a value or a document has a diff/);
      await editor.type(':e etcd:/d/none<CR>:Etcd diff<CR>');
      await editor.untilScreen(/etcd has no such key, so there is nothing to compare with/);
      expect(await editor.eval("winnr('$')")).toBe(1);
    });
  },
);

const options = "['&diff', '&buftype', '&modifiable', '&swapfile', '&filetype', '&buflisted']";
