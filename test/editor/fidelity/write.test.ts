/** Writing and leaving: what works on a file works on an address. Each test is a row of doc/fidelity.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Editor } from '../../harness/editor.js';
import type { TestEtcd } from '../../harness/etcd.js';
import { inEveryEditor } from '../editors.js';

async function fill(etcd: TestEtcd): Promise<void> {
  await etcd.put('/g/lines', 'one\ntwo\nthree\n');
}

inEveryEditor('fidelity: write', fill, ({ open, etcd }) => {
  const stored = async (key: string) => (await etcd().get(key))?.value.toString();
  let serial = 0;
  /** A key of its own for each row. */
  async function onKey(value = 'one\ntwo\nthree\n', rc: string[] = []): Promise<{ editor: Editor; key: string }> {
    const key = `/g/k${++serial}`;
    await etcd().put(key, value);
    const editor = await open({ rc, args: [`etcd:${key}`] });
    await editor.settled("get(get(b:, 'etcd', {}), 'kind', '') ==# 'key'");
    return { editor, key };
  }

  it(':w, :w!, :up', async () => {
    const { editor, key } = await onKey();
    await editor.ex('update');
    expect((await etcd().get(key))?.version).toBe('1');
    await editor.eval("setline(1, 'ONE')");
    await editor.ex('update');
    expect(await stored(key)).toBe('ONE\ntwo\nthree\n');
    await editor.ex('write!');
    expect((await etcd().get(key))?.version).toBe('3');
  });

  it(':w with a range', async () => {
    const { editor, key } = await onKey();
    await editor.ex(`2,3write etcd:${key}-part`);
    expect(await stored(`${key}-part`)).toBe('two\nthree\n');
    await expect(editor.ex(`2,3write etcd:${key}-part`)).rejects.toThrow(/the key exists/);
    await editor.ex(`1write! etcd:${key}-part`);
    expect(await stored(`${key}-part`)).toBe('one\n');
    await expect(editor.ex('2,3write')).rejects.toThrow(/E140/);
  });

  it(':w >>', async () => {
    const { editor, key } = await onKey();
    await expect(editor.ex(`write >> etcd:${key}-none`)).rejects.toThrow(/no such key/);
    await editor.ex(`write! >> etcd:${key}-none`);
    expect(await stored(`${key}-none`)).toBe('one\ntwo\nthree\n');
    // The buffer follows that, if 'autoread' is on.
    await editor.ex(`2write >> etcd:${key}`);
    expect(await stored(key)).toBe('one\ntwo\nthree\ntwo\n');
  });

  it(':w other, and its ! rule', async () => {
    const { editor, key } = await onKey();
    await editor.ex(`write etcd:${key}-o`);
    await expect(editor.ex(`write etcd:${key}-o`)).rejects.toThrow(/the key exists/);
    await editor.ex(`write! etcd:${key}-o`);
    expect((await etcd().get(`${key}-o`))?.version).toBe('2');
  });

  it(':w /local/file', async () => {
    const { editor } = await onKey();
    await editor.ex(`write ${join(editor.home, 'x')}`);
    expect(readFileSync(join(editor.home, 'x'), 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it(':w !cmd and :r !cmd', async () => {
    const { editor } = await onKey();
    await editor.ex(`silent write !cat > ${join(editor.home, 'piped')}`);
    expect(readFileSync(join(editor.home, 'piped'), 'utf8')).toBe('one\ntwo\nthree\n');
    await editor.ex('silent 1read !echo inserted');
    expect(await editor.lines()).toEqual(['one', 'inserted', 'two', 'three']);
  });

  it(':r, :0r, :$r', async () => {
    const { editor } = await onKey('top\nbottom\n');
    await editor.ex('1read etcd:/g/lines');
    expect(await editor.lines()).toEqual(['top', 'one', 'two', 'three', 'bottom']);
    await editor.ex('$read etcd:/g/lines');
    expect(await editor.eval('getline(6, 8)')).toEqual(['one', 'two', 'three']);
    await editor.ex('%delete _');
    await editor.eval("setline(1, 'last')");
    await editor.type(':0r etcd:/g/lines<CR>');
    await editor.settled("line('$') == 4");
    expect(await editor.lines()).toEqual(['one', 'two', 'three', 'last']);
  });

  it(':r ++opt', async () => {
    await etcd().put('/g/dos', 'a\r\nb\r\n');
    await etcd().put('/g/latin1', Buffer.from('caf\xe9\n', 'latin1'));
    const { editor } = await onKey('x\n');
    await editor.ex('read ++ff=unix etcd:/g/dos');
    expect(await editor.eval('getline(2, 3)')).toEqual(['a\r', 'b\r']);
    await editor.ex('read ++enc=latin1 etcd:/g/latin1');
    expect(await editor.eval("index(getline(1, '$'), 'café') > 0")).toBe(1);
  });

  it(':e ++enc ++ff ++bin, :w ++enc ++ff', async () => {
    await etcd().put('/g/enc', Buffer.from('caf\xe9\r\n', 'latin1'));
    const editor = await open();
    await editor.ex('edit ++enc=latin1 ++ff=unix etcd:/g/enc');
    expect(await editor.eval('[getline(1), &fileencoding, &fileformat]')).toEqual(['café\r', 'latin1', 'unix']);
    await editor.ex('edit ++bin etcd:///g/enc');
    expect(await editor.eval('&binary')).toBe(1);
    await editor.ex('edit ++enc=latin1 ++nobin etcd:///g/enc');
    await editor.ex('write! ++enc=utf-8 ++ff=unix');
    expect(await stored('/g/enc')).toBe('café\n');
  });

  it(':sav', async () => {
    const { editor, key } = await onKey();
    await editor.ex(`saveas etcd:${key}-s`);
    expect(await editor.eval("bufname('%')")).toBe(`etcd://${key}-s`);
    expect(await stored(`${key}-s`)).toBe('one\ntwo\nthree\n');
    await etcd().put(`${key}-t`, 'theirs');
    await expect(editor.ex(`saveas etcd:${key}-t`)).rejects.toThrow(/the key exists|E13/);
    expect(await stored(`${key}-t`)).toBe('theirs');
    // It has the name by then, but not the key, so nothing is overwritten.
    await expect(editor.ex('write')).rejects.toThrow(/the key exists/);
    expect([await stored(`${key}-t`), await editor.eval('getline(1)')]).toEqual(['theirs', 'one']);
  });

  it(':sav to a local file', async () => {
    const { editor, key } = await onKey();
    await editor.ex(`saveas ${join(editor.home, 'local.txt')}`);
    await editor.eval("setline(1, 'LOCAL')");
    await editor.ex('write');
    expect(readFileSync(join(editor.home, 'local.txt'), 'utf8')).toBe('LOCAL\ntwo\nthree\n');
    expect(await stored(key)).toBe('one\ntwo\nthree\n');
  });

  it(':wall and :xall', async () => {
    const { editor, key } = await onKey();
    await editor.eval("setline(1, 'A')");
    await etcd().put(`${key}-2`, 'second');
    await editor.ex(`split etcd:${key}-2`);
    await editor.eval("setline(1, 'B')");
    await editor.ex('wall');
    expect([await stored(key), await stored(`${key}-2`)]).toEqual(['A\ntwo\nthree\n', 'B']);
    await editor.eval("setline(1, 'C')");
    await editor.type(':xall<CR>');
    await editor.gone();
    expect(await stored(`${key}-2`)).toBe('C');
  });

  it(':qa with unsaved changes', async () => {
    const { editor } = await onKey();
    await editor.eval("setline(1, 'unsaved')");
    await editor.type(':qa<CR>');
    await editor.untilScreen(/E37|E162/);
    await editor.normal();
    expect(await editor.eval('getline(1)')).toBe('unsaved');
  });

  it(':wq, :x and ZZ stay when the write fails', async () => {
    const { editor, key } = await onKey();
    await editor.eval("setline(1, 'mine')");
    await etcd().put(key, 'theirs');
    for (const command of ['wq', 'x', 'normal! ZZ', 'wqall', 'xall']) {
      await editor.ex(command).catch(() => undefined);
      expect(await editor.eval('[getline(1), &modified]')).toEqual(['mine', 1]);
    }
    expect(await stored(key)).toBe('theirs');
  });

  it(':source', async () => {
    const { editor } = await onKey('let g:sourced = 1\nlet g:later = 2\n');
    await editor.ex("execute 'source' bufname('%')");
    expect(await editor.eval('[g:sourced, g:later]')).toEqual([1, 2]);
  });

  it("'autowrite'", async () => {
    const { editor, key } = await onKey('x\n', ['set autowrite nohidden']);
    await editor.ex(`args etcd://${key} etcd:///g/lines`);
    await editor.eval("setline(1, 'next')");
    await editor.ex('next');
    expect([await stored(key), await editor.eval("bufname('%')")]).toEqual(['next\n', 'etcd:///g/lines']);
    await editor.ex('previous');
    await editor.eval("setline(1, 'shell')");
    await editor.ex('silent !true');
    expect(await stored(key)).toBe('shell\n');
    await editor.eval("setline(1, 'mine')");
    await etcd().put(key, 'theirs\n');
    await expect(editor.ex('next')).rejects.toThrow();
    expect([await stored(key), await editor.eval('[getline(1), &modified]')]).toEqual(['theirs\n', ['mine', 1]]);
  });

  it("'autowriteall'", async () => {
    const { editor, key } = await onKey('x\n', ['set autowriteall nohidden']);
    await editor.eval("setline(1, 'auto')");
    await editor.ex('edit etcd:/g/lines');
    expect(await stored(key)).toBe('auto\n');
  });

  it(':bufdo and :argdo with :update', async () => {
    const { editor, key } = await onKey('x\n');
    await etcd().put(`${key}-2`, 'x\n');
    await editor.ex(`args etcd://${key} etcd://${key}-2`);
    await editor.ex('argdo %s/x/y/ | update');
    expect([await stored(key), await stored(`${key}-2`)]).toEqual(['y\n', 'y\n']);
  });

  it("'fixeol', 'eol'", async () => {
    const { editor, key } = await onKey('no end');
    await editor.eval("setline(1, 'still none')");
    await editor.ex('write');
    expect(await stored(key)).toBe('still none');
    await editor.ex('set eol | write!');
    expect(await stored(key)).toBe('still none\n');
    await editor.ex('set noeol fixeol | write!');
    expect(await stored(key)).toBe('still none\n');
  });

  it('undo and redo after :w know what is saved', async () => {
    const { editor } = await onKey('x\n');
    await editor.type('cca<Esc>');
    await editor.settled("getline(1) ==# 'a' && mode() ==# 'n'");
    await editor.ex('write');
    await editor.type('u');
    await editor.settled("getline(1) ==# 'x' && &modified");
    await editor.type(':redo<CR>');
    await editor.settled("getline(1) ==# 'a' && !&modified");
  });
});
