/** Writing: never over a colleague's change, never less than the text, and as :h writing.txt says for files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TestEtcd } from '../harness/etcd.js';
import { openGate } from '../harness/gate.js';
import { holds } from '../harness/invariant.js';
import { muteServer } from '../harness/mute.js';
import { inEveryEditor, UNWATCHED } from './editors.js';

async function fill(etcd: TestEtcd): Promise<void> {
  for (const key of ['/w/a', '/w/b', '/w/c']) await etcd.put(key, `value of ${key}`);
  await etcd.put('/w/lines', 'one\ntwo\nthree\n');
  await etcd.put('/w/script', 'let g:sourced = 42\n');
}

inEveryEditor('write', fill, ({ open, etcd, tool }) => {
  const stored = async (key: string) => (await etcd().get(key))?.value.toString();

  it('refuses over a change made since, keeps the text, and overwrites with !', async () => {
    const editor = await open({ args: ['etcd:/w/a'] });
    await editor.settled("getline(1) =~# 'value'");
    const base = await editor.eval<string>('b:etcd.mod_revision');
    await editor.type('ccmine<Esc>');
    await editor.settled("&modified && getline(1) ==# 'mine'");
    const theirs = await etcd().put('/w/a', 'theirs');
    await editor.type(':w<CR>');
    await editor.untilScreen(
      new RegExp(`cannot write etcd:///w/a \\(http://.*\\): read at revision ${base}, changed at revision ${theirs} since`),
    );
    expect(await editor.eval('[&modified, getline(1)]')).toEqual([1, 'mine']);
    await editor.type(':messages clear<CR>:wq<CR>');
    await editor.settled("execute('messages') =~# 'cannot write'");
    expect(await editor.eval('[&modified, getline(1)]')).toEqual([1, 'mine']);
    expect(await stored('/w/a')).toBe('theirs');
    await editor.type(':w!<CR>');
    await editor.settled('!&modified');
    expect(await stored('/w/a')).toBe('mine');
    expect(await holds(editor, etcd())).toEqual([]);
  });

  it(':w throws what a script can catch', async () => {
    const editor = await open({ args: ['etcd:/w/b'] });
    await editor.settled("getline(1) =~# 'value'");
    await editor.eval("setline(1, 'mine')");
    await etcd().put('/w/b', 'theirs');
    await expect(editor.ex('write')).rejects.toThrow(/etcd: cannot write etcd:\/\/\/w\/b/);
    expect(await editor.eval('[&modified, etcd#host#rpc#code()]')).toEqual([1, 'conflict']);
    await editor.ex('edit!');
    expect(await editor.eval("[&modified, getline(1, '$')]")).toEqual([0, ['theirs']]);
  });

  it('says of a new key that exists by now how to see both', async () => {
    const editor = await open({ args: ['etcd:/w/new'] });
    await editor.settled("get(get(b:, 'etcd', {}), 'mod_revision') ==# '0'");
    await etcd().put('/w/new', 'theirs');
    await editor.eval("setline(1, 'mine')");
    await expect(editor.ex('write')).rejects.toThrow(/the key exists, at revision \d+; :Etcd diff shows both/);
    await editor.ex('Etcd diff');
    await editor.ex('write');
    expect(await stored('/w/new')).toBe('mine');
  });

  it('a name given by :file is that of a key that etcd does not hold yet', async () => {
    await etcd().put('/w/taken', 'taken');
    await etcd().delete('/w/named');
    const editor = await open({ args: ['etcd:/w/lines'], rc: ['set hidden'] });
    await editor.settled("line('$') == 3");
    await editor.ex('file etcd:/w/taken');
    expect(await editor.eval("[bufname('%'), &modified]")).toEqual(['etcd:///w/taken', 1]);
    await expect(editor.ex('write')).rejects.toThrow(/the key exists/);
    expect(await stored('/w/taken')).toBe('taken');
    await editor.ex('file etcd:/w/named | write');
    expect(await editor.eval("[bufname('%'), &modified]")).toEqual(['etcd:///w/named', 0]);
    await editor.ex('edit etcd:/w/lines');
    await expect(editor.ex('saveas etcd:/w/named')).rejects.toThrow(/E139|E95/);
    expect(await editor.eval("[bufname('%'), b:etcd.address, &modified]")).toEqual(['etcd:///w/lines', 'etcd:///w/lines', 0]);
  });

  it('says that a key was deleted meanwhile', async () => {
    await etcd().put('/w/gone', 'x');
    const editor = await open({ args: ['etcd:/w/gone'] });
    await editor.settled("getline(1) ==# 'x'");
    await etcd().delete('/w/gone');
    await editor.eval("setline(1, 'y')");
    await expect(editor.ex('write')).rejects.toThrow(/deleted since it was read/);
    expect(await stored('/w/gone')).toBeUndefined();
  });

  it('sends nothing for an unchanged buffer, and says so', async () => {
    const editor = await open({ args: ['etcd:/w/c'] });
    await editor.settled("getline(1) =~# 'value'");
    const before = await etcd().get('/w/c');
    await editor.type(':w<CR>');
    await editor.untilScreen(/unchanged, nothing sent/);
    expect(await etcd().get('/w/c')).toEqual(before);
  });

  it('says for an unchanged buffer what etcd holds since, or that it does not answer', async () => {
    const mute = await muteServer();
    const key = `/w/since-${tool.name}`;
    const read = await etcd().put(key, 'x');
    const editor = await open({ rc: [UNWATCHED], args: [`etcd:${key}`], size: { columns: 160, rows: 24 } });
    await editor.settled("getline(1) ==# 'x'");
    const now = await etcd().put(key, 'theirs');
    await editor.type(':w<CR>');
    await editor.untilScreen(
      new RegExp(`^"etcd://${key}" unchanged since revision ${read}; etcd holds revision ${now} since \\(:e! shows it\\)$`),
    );
    await etcd().delete(key);
    await editor.type(':w<CR>');
    await editor.untilScreen(
      new RegExp(`^"etcd://${key}" unchanged since revision ${read}; etcd has it no more \\(:w! writes it again\\)$`),
    );
    expect(await etcd().get(key)).toBeUndefined();
    await editor.ex(`let $ETCDCTL_ENDPOINTS = '${mute.endpoint}'`);
    await editor.type(':w<CR>');
    await editor.untilScreen(new RegExp(`^"etcd://${key}" unchanged, nothing sent; etcd could not be asked: no answer`));
    const known = '[&modified, b:etcd.mod_revision, has_key(b:etcd, "now_revision"), has_key(b:etcd, "unasked")]';
    expect(await editor.eval(known)).toEqual([0, read, 0, 0]);
    mute.close();
  });

  it('says after Ctrl-C that nothing was sent, if nothing was', async () => {
    await etcd().put('/w/stopped', 'x');
    const gate = await openGate(etcd().endpoint);
    const editor = await open({
      endpoints: [gate.endpoint],
      rc: [UNWATCHED],
      args: ['etcd:/w/stopped'],
      size: { columns: 160, rows: 24 },
    });
    await editor.settled("getline(1) ==# 'x'");
    gate.close('/w/stopped', 0);
    await editor.type(':w<CR>');
    // By then the editor has heard that nothing is sent.
    await editor.untilScreen(/^etcd: waiting for .*; Ctrl-C stops/);
    await editor.type('<C-c>');
    await editor.untilScreen(/etcd: not written: etcd:\/\/\/w\/stopped: interrupted; nothing was sent, the text is what was read/);
    await editor.normal();
    expect(await editor.eval("[&modified, execute('messages')]")).toEqual([0, expect.not.stringContaining('do not know') as string]);
    gate.stop();
  });

  it('keeps the lease', async () => {
    const lease = await etcd().grantLease(600);
    await etcd().put('/w/leased', 'x', lease);
    const editor = await open({ args: ['etcd:/w/leased'] });
    await editor.settled("getline(1) ==# 'x'");
    await editor.type('Ay<Esc>:w<CR>');
    await editor.settled('!&modified && getline(1) ==# "xy"');
    expect(await etcd().get('/w/leased')).toMatchObject({ value: Buffer.from('xy'), lease });
  });

  it('another key is created, but overwritten only with !; the buffer stays what it was', async () => {
    await etcd().delete('/w/copy');
    const editor = await open({ args: ['etcd:/w/lines'] });
    await editor.settled("line('$') == 3");
    await editor.eval("setline(1, 'ONE')");
    await editor.ex('write etcd:/w/copy');
    expect(await stored('/w/copy')).toBe('ONE\ntwo\nthree\n');
    expect(await editor.eval("[bufname('%'), &modified]")).toEqual(['etcd:///w/lines', 1]);
    await editor.eval("setline(1, 'EINS')");
    await expect(editor.ex('write etcd:/w/copy')).rejects.toThrow(/the key exists, at revision \d+; add ! to overwrite it; :split/);
    expect(await stored('/w/copy')).toBe('ONE\ntwo\nthree\n');
    await editor.ex('write! etcd:/w/copy');
    expect(await stored('/w/copy')).toBe('EINS\ntwo\nthree\n');
  });

  it('a range, and behind what is there', async () => {
    await etcd().delete('/w/range');
    const editor = await open({ args: ['etcd:/w/lines'] });
    await editor.settled("line('$') == 3");
    await editor.ex('2write etcd:/w/range');
    expect(await stored('/w/range')).toBe('two\n');
    await editor.ex('1write >> etcd:/w/range');
    expect(await stored('/w/range')).toBe('two\none\n');
    await expect(editor.ex('write >> etcd:/w/missing')).rejects.toThrow(/no such key/);
    expect(await editor.eval('&modified')).toBe(0);
  });

  it('to a local file, and from one', async () => {
    const editor = await open({ args: ['etcd:/w/lines'] });
    await editor.settled("line('$') == 3");
    const file = join(editor.home, 'local.txt');
    await editor.ex(`write ${file}`);
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\nthree\n');
    await etcd().delete('/w/imported');
    await editor.ex(`edit ${file}`);
    await editor.ex('write etcd:/w/imported');
    expect(await stored('/w/imported')).toBe('one\ntwo\nthree\n');
  });

  it.each(['saveas etcd:/w/named', 'file etcd:/w/named | write'])(':%s names the buffer canonically and writes it', async (command) => {
    await etcd().delete('/w/named');
    const editor = await open({ args: ['etcd:/w/lines'] });
    await editor.settled("line('$') == 3");
    await editor.ex(command);
    expect(await editor.eval("[bufname('%'), &modified]")).toEqual(['etcd:///w/named', 0]);
    expect(await stored('/w/named')).toBe('one\ntwo\nthree\n');
    await editor.ex('cd /');
    await editor.eval("setline(1, 'ONE')");
    await editor.ex('write');
    expect(await stored('/w/named')).toBe('ONE\ntwo\nthree\n');
    expect(await stored('/w/lines')).toBe('one\ntwo\nthree\n');
  });

  it('a buffer without a name becomes the key', async () => {
    await etcd().delete('/w/fresh');
    const editor = await open();
    await editor.type('ihello<Esc>:w etcd:/w/fresh<CR>');
    await editor.settled("bufname('%') ==# 'etcd:///w/fresh' && !&modified");
    expect((await stored('/w/fresh'))?.trimEnd()).toBe('hello');
    await editor.type('A!<Esc>:w<CR>');
    await editor.settled("!&modified && getline(1) ==# 'hello!'");
    expect((await stored('/w/fresh'))?.trimEnd()).toBe('hello!');
  });

  it(':read and :source', async () => {
    const editor = await open();
    await editor.eval("setline(1, ['top', 'bottom'])");
    await editor.ex('1read etcd:/w/lines');
    expect(await editor.lines()).toEqual(['top', 'one', 'two', 'three', 'bottom']);
    await editor.ex('source etcd:/w/script');
    expect(await editor.eval('g:sourced')).toBe(42);
    await expect(editor.ex('read etcd:/w/missing')).rejects.toThrow(/no such key/);
  });

  it('a listing is not written, and the past neither', async () => {
    const revision = (await etcd().get('/w/lines'))?.modRevision ?? '';
    const editor = await open({ args: ['etcd:/w/'] });
    await editor.settled("&filetype ==# 'etcd'");
    await expect(editor.ex('write!')).rejects.toThrow(/a listing is not written/);
    await editor.ex(`edit etcd:/w/lines?rev=${revision}`);
    expect(await editor.eval('[&readonly, &modifiable, line("$")]')).toEqual([1, 0, 3]);
    await expect(editor.ex('write!')).rejects.toThrow(/the past cannot be written/);
  });

  it('fires the autocommands of files, so that formatters work', async () => {
    const editor = await open({
      rc: [
        'let g:fired = []',
        ...['BufReadPre', 'BufReadPost', 'BufNewFile', 'BufWritePre', 'BufWritePost', 'FileReadPost', 'FileWritePre', 'FileAppendPost'].map(
          (event) => `autocmd ${event} etcd:*/* call add(g:fired, '${event} ' . expand('<afile>'))`,
        ),
        ...['EtcdReadPost', 'EtcdWritePost', 'EtcdListing'].map((event) => `autocmd User ${event} call add(g:fired, '${event}')`),
        "autocmd BufWritePre etcd:*/* call setline(1, substitute(getline(1), '\\s\\+$', '', ''))",
      ],
      args: ['etcd:/w/c'],
    });
    await editor.settled("getline(1) =~# 'value'");
    await editor.eval("setline(1, 'formatted   ')");
    await editor.ex('write');
    expect(await stored('/w/c')).toBe('formatted');
    await editor.ex('1write! etcd:/w/copy');
    await editor.ex('edit etcd:/w/');
    expect(await editor.eval('g:fired')).toEqual([
      ...['BufReadPre etcd:///w/c', 'BufReadPost etcd:///w/c', 'EtcdReadPost'],
      ...['BufWritePre etcd:///w/c', 'BufWritePost etcd:///w/c', 'EtcdWritePost'],
      // One line is all lines, so it is BufWriteCmd.
      ...['BufWritePre etcd:///w/copy', 'BufWritePost etcd:///w/copy', 'EtcdWritePost'],
      'EtcdListing',
    ]);
  });
});
