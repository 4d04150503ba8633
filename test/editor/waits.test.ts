/** Callbacks run while a command waits for etcd. None of them gets its answer, and none reads or writes the same buffer. */
import { expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import { openGate } from '../harness/gate.js';
import { inEveryEditor, keyOpener } from './editors.js';

inEveryEditor(
  'waits',
  () => Promise.resolve(),
  (bench) => {
    const { etcd } = bench;
    const stored = async (key: string) => (await etcd().get(key))?.value.toString();
    const onKey = keyOpener(bench, '/b/k');
    const text = (editor: Editor) => editor.eval("[getline(1, '$'), &modified]");

    it.each(['write', 'edit!', 'noautocmd edit!'])('a callback cannot :%s the buffer while it is written', async (command) => {
      const gate = await openGate(etcd().endpoint);
      const { editor, key } = await onKey('first', ['set hidden'], gate.endpoint);
      await editor.eval("setline(1, 'second')");
      gate.close(key, 0);
      const written = editor.ex('write!');
      await gate.waiting();
      await editor.eval(`setline(1, 'third') + execute('silent! ${command}')->len() * 0`);
      gate.open();
      await written;
      const [lines, modified] = (await text(editor)) as [string[], number];
      expect(await stored(key)).toBe('second');
      expect(modified).toBe(lines[0] === 'second' ? 0 : 1);
      if (command.startsWith('noautocmd')) {
        await expect(editor.ex('write')).rejects.toThrow(/loaded this buffer anew/);
        expect(await stored(key)).toBe('second');
      } else {
        expect(lines).toEqual(['third']);
        await editor.ex('write');
        expect(await stored(key)).toBe('third');
      }
      gate.stop();
    });

    it.each([
      ['is shown', ''],
      ['no window shows', "execute('enew')"],
      ['had no key before', ''],
    ])('text that a callback makes the editor load anew during a write is not written: the buffer %s', async (where, leave) => {
      const gate = await openGate(etcd().endpoint);
      const { editor, key } = await onKey('first', ['set hidden'], gate.endpoint);
      const own = where === 'had no key before' ? '/b/none' : key;
      await editor.ex(own === key ? "call setline(1, 'second')" : "enew | call setline(1, 'second')");
      gate.close(own, 0);
      const written = editor.ex(own === key ? 'write' : `write etcd:${own}`);
      await gate.waiting();
      await editor.eval(`[execute('noautocmd edit!'), ${leave || '0'}]`);
      gate.open();
      await written.catch(() => undefined);
      await editor.ex(`buffer etcd://${own}`);
      await editor.eval("append(0, 'third')");
      await expect(editor.ex('write')).rejects.toThrow(/loaded this buffer anew/);
      expect(await stored(own)).toBe(own === key ? 'second' : 'second\n');
      gate.stop();
    });

    it.each([
      ['written', 0],
      ['not written', 1],
    ])('what undo brings back is modified if a callback left the buffer while it was %s', async (_, modified) => {
      const gate = await openGate(etcd().endpoint);
      const { editor, key } = await onKey('first', ['set hidden'], gate.endpoint);
      await editor.type('ccsecond<Esc>');
      await editor.until("getline(1) ==# 'second'");
      gate.close(key, 0);
      const written = editor.ex('write');
      await gate.waiting();
      await editor.eval("execute('enew')");
      if (modified === 1) await etcd().put(key, 'theirs');
      gate.open();
      await written.catch(() => undefined);
      expect(await editor.eval(`getbufvar('${key}', '&modified')`)).toBe(modified);
      await editor.ex(`buffer etcd://${key}`);
      await editor.type('u');
      await editor.until("getline(1) ==# 'first'");
      expect(await editor.eval('&modified')).toBe(1);
      gate.stop();
    });

    it.each(['1write!', 'write! >>'])('a :%s of lines to its own key is no proof of a text', async (command) => {
      const { editor, key } = await onKey('first');
      await editor.ex("noautocmd edit! | call setline(1, 'second')");
      await editor.ex(`silent! ${command} etcd://${key}`);
      const before = await stored(key);
      await expect(editor.ex('write')).rejects.toThrow(/loaded this buffer anew/);
      expect(await stored(key)).toBe(before);
    });

    it('a callback that reads the buffer while it is read does not open it for another', async () => {
      const gate = await openGate(etcd().endpoint);
      const { editor, key } = await onKey('first', ['set hidden'], gate.endpoint);
      gate.close(key, 0);
      const read = editor.ex('edit');
      await gate.waiting();
      await editor.eval("execute('silent! edit!')");
      await expect(editor.eval("append(0, 'typed')")).rejects.toThrow(/E21/);
      gate.open();
      await read;
      expect(await editor.eval("[getline(1, '$'), &modified, &modifiable]")).toEqual([['first'], 0, 1]);
      gate.stop();
    });

    it('a callback cannot read or write the buffer while it is read', async () => {
      const gate = await openGate(etcd().endpoint);
      const { editor, key } = await onKey('first', ['set hidden'], gate.endpoint);
      gate.close(key, 0);
      const read = editor.ex('edit');
      await gate.waiting();
      await editor.eval('execute(\'silent! edit! | silent! write! | silent! call append(0, "typed") | silent! undo\')');
      gate.open();
      await read;
      expect([await text(editor), await stored(key)]).toEqual([[['first'], 0], 'first']);
      gate.stop();
    });

    it.each([
      ['another window', 'wincmd p'],
      ['another buffer in this window', 'edit! other'],
    ])('a read fills the buffer that asked, or none, if a callback goes to %s', async (_, command) => {
      const gate = await openGate(etcd().endpoint);
      const { editor } = await onKey('first', ['set hidden'], gate.endpoint);
      await etcd().put('/b/slow', 'slow');
      await editor.ex("edit other | call setline(1, 'unsaved') | botright new");
      gate.close('/b/slow', 0);
      const read = editor.ex('edit etcd:/b/slow').catch(() => undefined);
      await gate.waiting();
      await editor.eval(`execute('silent! ${command}')`);
      gate.open();
      await read;
      expect(await editor.eval("[getbufline('^other$', 1, '$'), getbufvar('^other$', '&modified')]")).toEqual([['unsaved'], 1]);
      if (command === 'wincmd p') {
        expect(await editor.eval("[bufname('%'), getline(1), &modified]")).toEqual(['etcd:///b/slow', 'slow', 0]);
      } else {
        expect(await editor.eval("bufname('%')")).toBe('other');
        expect(await editor.eval("map(['&modifiable', 'etcd'], 'getbufvar(\"/b/slow\", v:val)')")).toMatchObject([0, { kind: 'failed' }]);
      }
      gate.stop();
    });

    it.each([
      ['edit!', 'etcd:/b/other'],
      ['edit!', 'local'],
      ['write', 'etcd:/b/other'],
      ['write', 'local'],
    ])('a buffer keeps its name while :%s waits, whatever a callback calls it: %s', async (command, name) => {
      const gate = await openGate(etcd().endpoint);
      const { editor, key } = await onKey('first', ['set hidden'], gate.endpoint);
      const buffer = await editor.eval("bufnr('%')");
      await editor.eval("setline(1, 'second')");
      gate.close(key, 0);
      const done = editor.ex(command);
      await gate.waiting();
      await expect(editor.eval(`execute('file ${name}')`)).rejects.toThrow(/cannot name it .* is under way/);
      gate.open();
      await done;
      const now = command === 'write' ? 'second' : 'first';
      expect(await editor.eval("[bufnr('%'), bufname('%'), getline(1), &modified, &buftype]")).toEqual([
        buffer,
        `etcd://${key}`,
        now,
        0,
        'acwrite',
      ]);
      expect([await stored(key), await stored('/b/other')]).toEqual([now, undefined]);
      await editor.ex('silent undo');
      expect(await editor.eval('[getline(1), &modified]')).toEqual([command === 'write' ? 'first' : 'second', 1]);
      gate.stop();
    });

    it.each([0, 1])("a read that failed because the buffer was left leaves 'modified' of the other as it is: %d", async (modified) => {
      const gate = await openGate(etcd().endpoint);
      const { editor, key } = await onKey('first', ['set hidden'], gate.endpoint);
      await editor.ex(
        `edit other | call setline(1, 'text') | let &modified = ${modified} | buffer etcd://${key} | call setline(1, 'mine')`,
      );
      gate.close(key, 0);
      const read = editor.ex('edit!');
      await gate.waiting();
      await editor.eval("execute('buffer other')");
      gate.open();
      await read;
      expect(await editor.eval(`[bufname('%'), getline(1), &modified]`)).toEqual(['other', 'text', modified]);
      expect(await editor.eval(`[getbufline('${key}', 1), getbufvar('${key}', '&modified')]`)).toEqual([['mine'], 1]);
      gate.stop();
    });

    it(':r inserts into the buffer that asked, or not at all', async () => {
      const gate = await openGate(etcd().endpoint);
      const { editor } = await onKey('first', ['set hidden'], gate.endpoint);
      await etcd().put('/b/part', 'part');
      await editor.ex('new | new');
      gate.close('/b/part', 0);
      const read = editor.ex('read etcd:/b/part');
      await gate.waiting();
      await editor.eval("execute('wincmd j')");
      gate.open();
      await read;
      expect(await editor.eval('map(range(1, 2), \'getbufline(winbufnr(v:val), 1, "$")\')')).toEqual([['', 'part'], ['']]);
      gate.close('/b/part', 0);
      const changed = editor.ex('read etcd:/b/part');
      await gate.waiting();
      await editor.eval("append(0, 'typed meanwhile')");
      gate.open();
      await expect(changed).rejects.toThrow(/not inserted.*changed during the wait/);
      gate.stop();
    });
  },
);
