/** Open values that others change: a text that the user has not changed follows, and the user's own is never touched. */
import { expect, it } from 'vitest';
import { asked, inEveryEditor, keyOpener } from './editors.js';

const LIVE = ['set autoread'];
const told = (address: string): string => `execute('messages') =~# '${address} was changed'`;

const five = 'one\ntwo\nthree\nfour\nfive\n';

inEveryEditor(
  'live',
  () => Promise.resolve(),
  (bench) => {
    const { etcd } = bench;
    const openKey = keyOpener(bench, '/live/k');

    it('a text that is not modified follows, and keeps cursor, marks, view and undo', async () => {
      const { editor, key } = await openKey(five, LIVE);
      await editor.ex('call cursor(4, 2) | call setpos("\'a", [0, 5, 1, 0])');
      const revision = await etcd().put(key, 'zero\none\ntwo\nTHREE\nfour\nfive\n');
      await editor.settled("getline(1) ==# 'zero'");
      expect(await editor.lines()).toEqual(['zero', 'one', 'two', 'THREE', 'four', 'five']);
      expect(await editor.eval('[getcurpos()[1:2], line("\'a"), &modified, b:etcd.mod_revision]')).toEqual([[5, 2], 6, 0, revision]);
      await editor.ex('undo');
      expect(await editor.eval("[getline(1, '$'), &modified]")).toEqual([['one', 'two', 'three', 'four', 'five'], 1]);
      await editor.ex('redo');
      expect(await editor.eval('[getline(1), &modified]')).toEqual(['zero', 0]);
      await editor.ex('undo');
      await editor.ex('write');
      expect(String((await etcd().get(key))?.value)).toBe(five);
    });

    it('a text that is modified stays, is told of once in one line, and :Etcd diff shows both', async () => {
      const { editor, key, address } = await openKey(five, LIVE);
      await editor.ex("call setline(1, 'mine')");
      const revision = await etcd().put(key, 'theirs\n');
      await editor.settled(told(address));
      await etcd().put(key, 'theirs again\n');
      await editor.ex('edit etcd:/live/other | buffer #');
      await etcd().put('/live/other', 'x');
      await editor.settled("bufnr('etcd:///live/other') > 0 && execute('messages') =~# 'live/other was changed'");
      expect(await editor.eval(`filter(split(execute('messages'), "\n"), 'v:val =~# "^etcd: ${address}"')`)).toEqual([
        `etcd: ${address} was changed: revision ${revision}, 7 bytes; :Etcd diff shows both`,
      ]);
      expect(await editor.eval('[getline(1), &modified, etcd#statusline() =~# "\\[changed]"]')).toEqual(['mine', 1, 1]);
      await editor.ex('Etcd diff');
      expect(await editor.eval("map(range(1, winnr('$')), 'getbufline(winbufnr(v:val), 1)[0]')")).toContain('theirs again');
    });

    it('nothing changes while one types, or has begun a command', async () => {
      const { editor, key } = await openKey(five, LIVE);
      for (const [keys, mode, over] of [
        ['i', 'i', '<Esc>'],
        ['d', 'no', '<Esc>'],
        [':', 'c', '<Esc>'],
        ['v', 'v', '<Esc>'],
      ] as const) {
        const text = `before ${mode}\n`;
        await etcd().put(key, text);
        await editor.settled(`getline(1) ==# 'before ${mode}'`);
        await editor.type(keys);
        await editor.until(`mode(1) ==# '${mode}'`);
        await etcd().put(key, `during ${mode}\n`);
        await asked(editor);
        expect(await editor.eval('getline(1)')).toBe(`before ${mode}`);
        await editor.type(over);
        await editor.until(`getline(1) ==# 'during ${mode}'`);
      }
    });

    it('nothing changes while a script waits for a key or sleeps', async () => {
      const { editor, key } = await openKey(five, LIVE);
      // The oldest Neovim does not say what it is doing.
      if ((await editor.eval("exists('*state')")) === 0) return;
      const waits = ':while !get(g:, "go") | sleep 5m | endwhile | let g:seen = getline(1)<CR>';
      for (const [text, keys, goOn] of [
        ['asked', ':call getchar() | let g:seen = getline(1)<CR>', () => editor.type('x')],
        ['slept', waits, () => editor.eval("extend(g:, {'go': 1})")],
      ] as const) {
        const before = await editor.eval('getline(1)');
        await editor.ex('unlet! g:seen');
        await editor.type(keys);
        await editor.until("state() =~# 'S' && mode() ==# 'n'");
        await etcd().put(key, `${text}\n`);
        await asked(editor);
        await goOn();
        await editor.until(`get(g:, 'seen', '') ==# '${String(before)}'`);
        await editor.until(`getline(1) ==# '${text}'`);
      }
    });

    it('what waits in the middle lets the rest be done meanwhile, and once', async () => {
      const editor = await bench.open();
      const work = (name: string): string => {
        const more = "etcd#live#idle#call('c', {-> add(g:done, 'c')})";
        return `etcd#live#idle#call('${name}', {-> [add(g:done, '${name}'), ${more}, execute('sleep 200m'), add(g:done, 'end')]})`;
      };
      await editor.ex(`let g:done = [] | call ${work('a')} | call ${work('b')}`);
      await editor.until("count(g:done, 'end') == 2 && count(g:done, 'c') > 0");
      expect(await editor.eval("[count(g:done, 'a'), count(g:done, 'b'), execute('messages')]")).toEqual([
        1,
        1,
        expect.not.stringMatching(/E\d+/),
      ]);
    });

    it('a put of our own is no change of others, and a hidden buffer follows as well', async () => {
      const { editor, key, address } = await openKey(five, LIVE);
      await editor.ex("autocmd User EtcdChanged let g:changes = get(g:, 'changes', []) + [[g:etcd_event.event, g:etcd_event.follows]]");
      await editor.ex("call setline(1, 'mine') | write");
      await editor.ex('edit etcd:/live/elsewhere');
      await etcd().put(key, 'hidden\n');
      await editor.settled(`getbufline('${address}', 1, '$') ==# ['hidden']`);
      expect(await editor.eval(`[g:changes, getbufvar('${address}', '&modified')]`)).toEqual([[['changed', 1]], 0]);
    });

    it('a key that is deleted is told of and its text stays; it follows when there is one again', async () => {
      const { editor, key, address } = await openKey('there', LIVE);
      await etcd().delete(key);
      await editor.settled(`execute('messages') =~# '${address} was deleted at revision'`);
      expect(await editor.lines()).toEqual(['there']);
      await etcd().put(key, 'again');
      await editor.settled("getline(1) ==# 'again'");
      expect(await editor.eval('[&modified, &endofline, etcd#statusline() =~# "changed"]')).toEqual([0, 0, 0]);
    });

    it("with 'noautoread' a change is only told", async () => {
      const { editor, key, address } = await openKey('one', ['set noautoread']);
      await etcd().put(key, 'two');
      await editor.settled(told(address));
      expect(await editor.lines()).toEqual(['one']);
      await editor.ex('setlocal autoread | edit');
      await etcd().put(key, 'three');
      await editor.settled("getline(1) ==# 'three'");
    });

    it('a value that is shown as bytes follows as bytes', async () => {
      await etcd().put('/live/bytes', Buffer.from('a\xff\0b\r\nc', 'latin1'));
      const editor = await bench.open({ rc: LIVE });
      await editor.ex('edit ++bin etcd:/live/bytes');
      const bytes = Buffer.from('a\0\xfe\r\n', 'latin1');
      await etcd().put('/live/bytes', bytes);
      await editor.settled('b:etcd.bytes == 5');
      expect(await editor.eval('[&modified, &binary]')).toEqual([0, 1]);
      await editor.ex('write etcd:/live/copy');
      expect((await etcd().get('/live/copy'))?.value).toEqual(bytes);
    });
  },
);
