/** Autocommands, filetypes and options: as for a file. Each test is a row of doc/fidelity.md. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Editor } from '../../harness/editor.js';
import type { TestEtcd } from '../../harness/etcd.js';
import { inEveryEditor } from '../editors.js';

const events = [
  ...['BufReadPre', 'BufReadPost', 'BufNewFile', 'BufWritePre', 'BufWritePost', 'FileReadPre', 'FileReadPost'],
  ...['FileWritePre', 'FileWritePost', 'FileAppendPre', 'FileAppendPost', 'SourcePre', 'SourcePost'],
];

async function fill(etcd: TestEtcd): Promise<void> {
  await etcd.put('/v/a.conf', 'one\ntwo\n');
  await etcd.put('/v/s.vim', 'let g:sourced = 1\n');
}

inEveryEditor('fidelity: events', fill, ({ open, etcd }) => {
  /** The events that the commands fire, on local files and on keys. `NAME/x` stands for each file. */
  async function fired(editor: Editor, root: string, commands: string[]): Promise<string[]> {
    await editor.ex('let g:fired = []');
    for (const command of commands) await editor.ex(command.replaceAll('NAME/', root));
    return (await editor.eval<string[]>('g:fired')).map((line) => line.replace(/ \S*\/([^/]+)$/, ' $1'));
  }

  it.each([
    [':e', ['edit NAME/a.conf']],
    [':e of a new name', ['edit NAME/new.conf']],
    [':e!', ['edit NAME/a.conf', 'edit!']],
    [':w', ['edit NAME/a.conf', "call setline(1, 'x')", 'write']],
    [':w other', ['edit NAME/a.conf', 'write! NAME/other.conf']],
    [':w with a range', ['edit NAME/a.conf', '1write! NAME/part.conf']],
    [':w >>', ['edit NAME/a.conf', '1write >> NAME/a.conf']],
    [':r', ['edit NAME/a.conf', '1read NAME/a.conf']],
    [':source', ['source NAME/s.vim']],
    [':sav', ['edit NAME/a.conf', 'saveas! NAME/named.conf']],
  ])('the same events as for a local file: %s', async (_, commands) => {
    const record = events.map(
      (event) =>
        `autocmd ${event} *.conf,*.vim if expand('<afile>') !~# 'runtime\\|/autoload/' | call add(g:fired, '${event} ' . expand('<afile>')) | endif`,
    );
    const editor = await open({ rc: ['let g:fired = []', 'filetype off', 'filetype plugin indent off', 'syntax off', ...record] });
    for (const [name, text] of [
      ['a.conf', 'one\ntwo\n'],
      ['s.vim', 'let g:sourced = 1\n'],
    ] as const) {
      writeFileSync(join(editor.home, name), text);
    }
    await etcd().put('/v/a.conf', 'one\ntwo\n');
    for (const key of ['other', 'part', 'named', 'new']) await etcd().delete(`/v/${key}.conf`);
    const local = await fired(editor, `${editor.home}/`, commands);
    await editor.ex('%bwipeout!');
    const ours = await fired(editor, 'etcd:/v/', commands);
    expect(ours).toEqual(local);
  });

  it('<afile>, <amatch> and v:cmdarg', async () => {
    const note = "let g:note = [expand('<afile>'), expand('<amatch>'), bufname(str2nr(expand('<abuf>')))]";
    const editor = await open({ rc: [`autocmd BufReadPost etcd:*/* ${note}`] });
    await editor.ex('edit etcd:///v/a.conf');
    expect(await editor.eval('g:note')).toEqual(['etcd:///v/a.conf', 'etcd:///v/a.conf', 'etcd:///v/a.conf']);
    for (const [event, command] of [
      ['BufReadPre', 'edit! ++ff=dos'],
      ['FileReadPre', '1read ++ff=dos etcd:///v/a.conf'],
      ['FileWritePre', '1write! ++ff=dos etcd:///v/part.conf'],
      ['BufWritePre', 'edit! | write! ++ff=dos'],
    ] as const) {
      await editor.ex(`let g:arg = '' | autocmd ${event} etcd:*/* let g:arg = v:cmdarg`);
      await editor.ex(command);
      expect(await editor.eval('g:arg'), event).toMatch(/^ ?\+\+ff=dos$/);
    }
    expect((await etcd().get('/v/a.conf'))?.value.toString()).toBe('one\r\ntwo\r\n');
    expect((await etcd().get('/v/part.conf'))?.value.toString()).toBe('one\r\n');
    await etcd().put('/v/a.conf', 'one\ntwo\n');
    await etcd().delete('/v/part.conf');
  });

  it('a formatter on BufWritePre', async () => {
    await etcd().put('/v/f', 'x   \ny\t\n');
    const editor = await open({ rc: ['autocmd BufWritePre etcd:*/* %s/\\s\\+$//e'] });
    await editor.ex('edit etcd:/v/f');
    await editor.ex('write!');
    expect((await etcd().get('/v/f'))?.value.toString()).toBe('x\ny\n');
  });

  it.each([
    ['/v/x.json', '{}', 'json'],
    ['/v/x.yaml', 'a: 1', 'yaml'],
    ['/v/x.sh', 'echo', 'sh'],
    ['/v/x.toml', 'a = 1', 'toml'],
    ['/v/json', '{"a": [1]}', 'json'],
    ['/v/list', '[\n1\n]\n', 'json'],
    ['/v/yaml', 'a: 1\nb:\n  - c\n', 'yaml'],
    ['/v/document', '---\na: 1\n', 'yaml'],
    ['/v/xml', '<?xml version="1.0"?>\n<a/>\n', 'xml'],
    ['/v/ini', '[section]\na=1\n', 'dosini'],
    ['/v/toml', '# owner\n[owner]\nname = "x" # y\nports = [\n  "a",\n]\n', 'toml'],
    ['/v/env', 'HOST=a\nexport PORT=1\n', 'sh'],
    ['/v/true', '[true]', 'json'],
    ['/v/script', '#!/bin/sh\necho\n', 'sh'],
    ['/v/word', 'just a word', ''],
  ])('the filetype of %s, %j', async (key, value, filetype) => {
    await etcd().put(key, value);
    const editor = await open();
    await editor.ex(`edit etcd:${key}`);
    expect(await editor.eval('&filetype')).toBe(filetype);
  });

  it('a new key gets its filetype by name', async () => {
    const editor = await open();
    await editor.ex('edit etcd:/v/fresh.json');
    expect(await editor.eval('&filetype')).toBe('json');
  });

  it('modelines never run', async () => {
    await etcd().put('/v/modeline', 'x\n# vim: set ts=13 :\n');
    const editor = await open({ rc: ['set modeline modelines=5'] });
    for (const command of ['edit etcd:/v/modeline', 'edit!', 'split etcd:/v/modeline', 'doautocmd BufReadPost']) {
      await editor.ex(command);
      expect(await editor.eval('&tabstop')).toBe(8);
    }
  });

  it(':setlocal survives :e! and a refresh', async () => {
    const editor = await open({ args: ['etcd:/v/a.conf'] });
    await editor.settled("getline(1) ==# 'one'");
    await editor.ex('setlocal tabstop=3 list nowrap spell');
    await editor.ex('edit!');
    expect(await editor.eval('[&tabstop, &list, &wrap, &spell]')).toEqual([3, 1, 0, 1]);
    await editor.ex('edit etcd:/v/ | setlocal cursorline number wrap');
    await editor.type('R');
    await editor.settled('&cursorline && &number && &wrap');
  });

  it('User EtcdReadPost, EtcdWritePost, EtcdListing', async () => {
    const rc = ['EtcdReadPost', 'EtcdWritePost', 'EtcdListing'].map((event) => `autocmd User ${event} let g:${event} = b:etcd.address`);
    const editor = await open({ rc });
    await editor.ex('edit etcd:/v/a.conf');
    await editor.ex('write!');
    await editor.ex('edit etcd:/v/');
    expect(await editor.eval('[g:EtcdReadPost, g:EtcdWritePost, g:EtcdListing]')).toEqual([
      'etcd:///v/a.conf',
      'etcd:///v/a.conf',
      'etcd:///v/',
    ]);
  });
});
