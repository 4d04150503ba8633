/** A buffer's text and its base stay together: a buffer that is not 'modified' is what etcd held at b:etcd.mod_revision. */
import { expect, it } from 'vitest';
import type { Editor } from '../harness/editor.js';
import { startRelay } from '../harness/relay.js';
import { inEveryEditor, keyOpener, UNWATCHED } from './editors.js';

inEveryEditor(
  'text and base',
  () => Promise.resolve(),
  (bench) => {
    const { open, etcd } = bench;
    const stored = async (key: string) => (await etcd().get(key))?.value.toString();
    const onKey = keyOpener(bench, '/b/k');
    const text = (editor: Editor) => editor.eval("[getline(1, '$'), &modified]");

    it.each([
      ['noautocmd edit!'],
      ['set eventignore=all | edit! | set eventignore='],
      ["execute 'new | set nohidden' | execute 'noautocmd wincmd p | noautocmd enew! | noautocmd buffer #'"],
    ])('text that the editor has loaded without a read is not written: %s', async (command) => {
      const { editor, key } = await onKey('first');
      await editor.ex(command);
      expect(await editor.eval("[getline(1), get(b:etcd, 'kind')]")).toEqual(['', 'key']);
      await editor.eval("setline(1, 'typed')");
      await expect(editor.ex('write')).rejects.toThrow(/loaded this buffer anew with autocommands off/);
      await expect(editor.ex('write!')).rejects.toThrow(/loaded this buffer anew/);
      await expect(editor.ex('Etcd diff')).rejects.toThrow(/loaded this buffer anew/);
      expect([await stored(key), await text(editor)]).toEqual(['first', [['typed'], 1]]);
      await editor.ex('edit!');
      expect(await text(editor)).toEqual([['first'], 0]);
      await editor.eval("setline(1, 'second')");
      await editor.ex('write');
      expect(await stored(key)).toBe('second');
      await editor.ex('noautocmd edit!');
      await expect(editor.ex('write!')).rejects.toThrow(/loaded this buffer anew/);
      expect(await stored(key)).toBe('second');
    });

    it('an autocommand that is not nested reads again after a write, and the value is there', async () => {
      const { editor, key } = await onKey('{"a": 1}', ['autocmd BufWritePost *.json edit']);
      await editor.eval(`setline(1, '{"a": 2}')`);
      await editor.ex('write');
      expect(await text(editor)).toEqual([['{"a": 2}'], 0]);
      await editor.ex('write');
      expect(await stored(key)).toBe('{"a": 2}');
    });

    it('an autocommand that edits the argument again at start leaves the value there', async () => {
      await etcd().put('/b/argument', 'value');
      const editor = await open({ rc: ['autocmd VimEnter * 1argument'], args: ['etcd:/b/argument'] });
      await editor.settled("getline(1) ==# 'value' && !&modified");
    });

    it.each([
      ['OptionSet', "autocmd OptionSet buftype,modifiable if get(g:, 'refuses') | throw 'refused' | endif"],
      ['a name that another buffer has', "autocmd BufReadPre etcd:*/* if get(g:, 'refuses') | execute 'file x' | endif"],
    ])('an exception in a read leaves a locked buffer: %s', async (_, hook) => {
      const { editor, key } = await onKey('first', [hook]);
      await editor.ex('let g:refuses = 1');
      await editor.ex('silent! edit!');
      await editor.ex('unlet g:refuses');
      await editor.ex(`silent! write! etcd:${key} | silent! write! | silent! call setline(1, "") | silent! write!`);
      expect(await stored(key)).toBe('first');
      await editor.ex(`edit! etcd:${key}`);
      expect(await text(editor)).toEqual([['first'], 0]);
    });

    it.each([
      ['++nested', 'BufReadPost', 'edit ++ff=dos'],
      ['', 'BufReadPost', 'edit ++ff=dos'],
      ['++nested', 'FileType', 'edit'],
      ['++nested', 'User EtcdReadPost', 'edit'],
    ])('an autocommand (%s) for %s may :%s again, and the value is there', async (nested, event, command) => {
      const pattern = event.startsWith('User') ? '' : '*';
      const hook = `autocmd ${event} ${pattern} ${nested} if !exists('b:again') && bufname('%') =~# '^etcd' | let b:again = 1 | ${command} | endif`;
      const { editor, key } = await onKey('a\r\nb\nc\r\n', [hook]);
      await editor.ex('enew | buffer #');
      expect(await editor.eval("[line('$') >= 3, getline(1)[0], get(b:, 'again')]")).toEqual([1, 'a', 1]);
      await editor.ex('silent! write');
      expect((await stored(key))?.replaceAll('\r', '')).toBe('a\nb\nc\n');
      await editor.ex("call setline(1, 'x') | write");
      expect(await stored(key)).toMatch(/^x/);
    });

    it.each(['setlocal fileformat=unix', 'setlocal binary'])(
      'a value whose bytes %s would change on the way back is modified',
      async (option) => {
        const { editor, key } = await onKey('a\r\nb\r\n', [`autocmd BufReadPost *.json ${option}`]);
        expect(await editor.eval('&modified')).toBe(1);
        await editor.ex('write');
        expect([await stored(key), await editor.eval('&modified')]).toEqual(['a\nb\n', 0]);
      },
    );

    it('all lines are there again though the first ones are in a closed fold', async () => {
      const value = '\n  indented\nTop\n  more\n';
      const { editor } = await onKey(value);
      await editor.ex("setlocal foldmethod=expr foldexpr=getline(v:lnum)=~'^\\\\S'?'>1':1 foldlevel=0");
      await editor.ex('edit');
      expect(await text(editor)).toEqual([['', '  indented', 'Top', '  more'], 0]);
      await editor.ex('edit etcd:/b/');
      const names = await editor.lines();
      expect(names.length).toBeGreaterThan(0);
      await editor.ex('setlocal foldmethod=expr foldexpr=1 foldlevel=0 | edit');
      expect(await editor.lines()).toEqual(names);
    });

    it('text that undo brings back over a reload can be written', async () => {
      const { editor, key } = await onKey('first');
      await editor.ex("call setline(1, 'second') | write");
      await editor.ex("call setline(1, 'third')");
      await editor.ex('edit!');
      await editor.ex('silent undo');
      expect(await text(editor)).toEqual([['third'], 1]);
      await editor.ex('write');
      expect(await stored(key)).toBe('third');
    });

    it.each([['-M'], ['--cmd', 'set nowrite']])('a buffer is read again after :bdelete with %s', async (...args) => {
      await etcd().put('/b/locked', 'value');
      const editor = await open({ args: [...args, 'etcd:/b/locked'] });
      await editor.settled("getline(1) ==# 'value'");
      await editor.ex('bdelete | edit etcd:/b/locked');
      await editor.ex('doautocmd CursorHold');
      expect([await editor.lines(), await editor.eval("execute('messages')")]).toEqual([
        ['value'],
        expect.not.stringMatching(/E218|E\d+:/),
      ]);
    });

    it('text that an autocommand changes after the read is modified', async () => {
      const { editor } = await onKey('first', ["autocmd BufReadPost *.json call setline(1, 'formatted')"]);
      expect(await text(editor)).toEqual([['formatted'], 1]);
    });

    it('whatever undo brings back after a conflict is modified, and is sent', async () => {
      const { editor, key } = await onKey('first');
      await editor.type('ccmine<Esc>');
      await editor.settled("getline(1) ==# 'mine'");
      await etcd().put(key, 'theirs');
      await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
      await editor.type('u');
      await editor.until("getline(1) ==# 'first'");
      expect(await editor.eval('&modified')).toBe(1);
      await expect(editor.ex('update')).rejects.toThrow(/changed at revision/);
      await editor.ex('edit!');
      expect(await text(editor)).toEqual([['theirs'], 0]);
    });

    it('and after a write that nobody knows of', async () => {
      const relay = await startRelay(etcd().endpoint);
      const { editor, key } = await onKey('first', ["let g:etcd = {'timeout': {'write': 700}}"], relay.endpoint);
      relay.onRequest = (_, wire) => wire.silence();
      await editor.type('ccsecond<Esc>');
      await editor.until("getline(1) ==# 'second'");
      await expect(editor.ex('write')).rejects.toThrow(/do not know whether/);
      relay.onRequest = undefined;
      await editor.type('u');
      await editor.until("getline(1) ==# 'first'");
      expect(await editor.eval('&modified')).toBe(1);
      await editor.ex('write!');
      expect([await stored(key), await editor.eval('&modified')]).toEqual(['first', 0]);
      await editor.type('<C-r>');
      await editor.until("getline(1) ==# 'second'");
      expect(await editor.eval('&modified')).toBe(1);
      relay.close();
    });

    it('a key opened again by its short name is read again, and undo brings back what is modified', async () => {
      const { editor, key } = await onKey('first', [UNWATCHED, 'set hidden']);
      await editor.ex("call setline(1, 'mine') | write");
      await etcd().put(key, 'second');
      await editor.ex(`edit etcd:${key}`);
      expect(await text(editor)).toEqual([['second'], 0]);
      await editor.ex('silent! undo');
      expect(await text(editor)).toEqual([['mine'], 1]);
      await editor.ex('redo');
      await etcd().delete(key);
      await editor.ex(`edit! etcd:${key}`);
      expect([await text(editor), await editor.eval('b:etcd.mod_revision')]).toEqual([[[''], 0], '0']);
      await editor.ex('silent! undo');
      expect(await text(editor)).toEqual([['second'], 1]);
    });

    it('undo does not lead past the read, also not after :bdelete', async () => {
      const { editor, key } = await onKey('first', ['set hidden']);
      await editor.type('ccsecond<Esc>');
      await editor.until("getline(1) ==# 'second'");
      await editor.ex(`write | bdelete | edit etcd:${key}`);
      await editor.type('u');
      await editor.type(':let g:undone = 1<CR>');
      await editor.until("exists('g:undone')");
      expect(await text(editor)).toEqual([['second'], 0]);
    });

    it('and after a look at theirs', async () => {
      const { editor, key } = await onKey('first');
      await editor.type('ccsame<Esc>');
      await editor.until("getline(1) ==# 'same'");
      await etcd().put(key, 'same');
      await editor.ex('Etcd diff');
      expect(await text(editor)).toEqual([['same'], 0]);
      await editor.type('u');
      await editor.until("getline(1) ==# 'first'");
      expect(await editor.eval('&modified')).toBe(1);
    });

    it.each([':wq!', ':x!', ':wqa!'])('%s stays in the editor if nothing was written', async (command) => {
      const { editor, key } = await onKey('first');
      await editor.eval("setline(1, 'second')");
      await editor.ex("let $ETCDCTL_ENDPOINTS = '127.0.0.1:1'");
      await editor.type(`${command}<CR>`);
      await editor.until("execute('messages') =~# 'cannot write'");
      await editor.normal();
      expect(await text(editor)).toEqual([['second'], 1]);
      await editor.ex(`let $ETCDCTL_ENDPOINTS = '${etcd().endpoint}'`);
      await editor.type(`${command}<CR>`);
      await editor.gone();
      expect(await stored(key)).toBe('second');
    });

    it(':wq of a new key that could not be written stays, too', async () => {
      const { editor } = await onKey('first');
      await editor.ex('edit etcd:/b/new-and-empty');
      await editor.ex("let $ETCDCTL_ENDPOINTS = '127.0.0.1:1'");
      await editor.type(':wq<CR>');
      await editor.until("execute('messages') =~# 'cannot write'");
      await editor.normal();
      await editor.ex(`let $ETCDCTL_ENDPOINTS = '${etcd().endpoint}'`);
      await editor.type(':wq<CR>');
      await editor.gone();
      expect(await stored('/b/new-and-empty')).toBe('');
    });

    it('what is not on the screen is not adopted by :Etcd diff', async () => {
      const { editor, key } = await onKey('first', ["autocmd WinNew * if get(g:, 'refuses') | throw 'no window' | endif"]);
      await editor.eval("setline(1, 'mine')");
      await etcd().put(key, 'theirs');
      await editor.ex('let g:refuses = 1');
      await expect(editor.ex('Etcd diff')).rejects.toThrow(/cannot show both sides/);
      expect(await editor.eval('&diff')).toBe(0);
      await expect(editor.ex('write')).rejects.toThrow(/changed at revision/);
      expect(await stored(key)).toBe('theirs');
    });

    it.each(['edit!', 'edit'])(':%s keeps the text if etcd does not answer', async (command) => {
      const { editor, key } = await onKey('first\nlast\n');
      if (command === 'edit!') await editor.eval("setline(1, 'changed')");
      const before = await text(editor);
      await editor.ex("let $ETCDCTL_ENDPOINTS = '127.0.0.1:1'");
      await editor.ex(command);
      expect(await editor.eval("execute('messages')")).toMatch(/its text is kept, locked/);
      expect(await text(editor)).toEqual(before);
      expect(await editor.eval('[&modifiable, b:etcd.kind]')).toEqual([0, 'failed']);
      await expect(editor.ex('write!')).rejects.toThrow(/could not be read/);
      await editor.ex(`let $ETCDCTL_ENDPOINTS = '${etcd().endpoint}'`);
      await editor.ex(`saveas etcd:${key}.rescued`);
      expect([await stored(`${key}.rescued`), await editor.eval('&modifiable')]).toEqual([`${(before as [string[]])[0].join('\n')}\n`, 1]);
      await editor.ex(`edit etcd:${key}`);
      expect(await editor.eval("[getline(1, '$'), &modified, &modifiable]")).toEqual([['first', 'last'], 0, 1]);
      expect(await stored(key)).toBe('first\nlast\n');
    });
  },
);
