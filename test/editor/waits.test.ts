/** Callbacks run while a command waits for etcd: none of them gets its answer, and none reads or writes the same buffer. */
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
      if (!command.startsWith('noautocmd')) {
        expect(lines).toEqual(['third']);
        await editor.ex('write');
        expect(await stored(key)).toBe('third');
      }
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
