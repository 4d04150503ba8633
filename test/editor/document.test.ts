/** A prefix as one file: opened, edited, written, compared, exported and imported, like files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inOneOfEach } from './editors.js';

const question = /\(Y\)es, \[N\]o:/;

inOneOfEach(
  'document',
  async () => {},
  ({ open, etcd, tool }) => {
    const stored = async (key: string) => (await etcd().get(key))?.value.toString();
    let serial = 0;
    /** An editor that shows a document of a prefix of its own. */
    const document = async (rc: string[] = []) => {
      const prefix = `/d${String(++serial)}/`;
      await etcd().put(`${prefix}a`, '1');
      await etcd().put(`${prefix}db/host`, 'one\ntwo\n');
      await etcd().put(`${prefix}db/port`, '8080');
      const editor = await open({ rc, size: { columns: 120, rows: 24 } });
      await editor.ex(`edit etcd:${prefix}?yaml`);
      return { editor, prefix, address: `etcd://${prefix}?yaml` };
    };
    const text = ['a: 1', 'db:', '  host: |', '    one', '    two', '  port: 8080'];

    it('that was only named has no diff, and can still be written', async () => {
      const editor = await open();
      await editor.ex('enew | file etcd:/named/?yaml');
      await editor.ex("call setline(1, 'a: 9')");
      await expect(editor.ex('Etcd diff')).rejects.toThrow(/it was only named, and not read; :w shows what it would change/);
      await editor.ex('write!');
      expect((await etcd().get('/named/a'))?.value.toString()).toBe('9');
    });

    it('opens as a file would, and :w without a change sends nothing', async () => {
      const { editor, address } = await document();
      expect(await editor.lines()).toEqual(text);
      expect(await editor.eval("[bufname('%'), &filetype, &modified, &readonly, b:etcd.kind, b:etcd.keys]")).toEqual([
        ...[address, 'yaml', 0, 0, 'document', 3],
      ]);
      await editor.ex('silent undo');
      expect(await editor.lines()).toEqual(text);
      const before = (await etcd().post('/v3/kv/range', { key: 'AA==' })).body['header'] as { revision: string };
      await editor.type(':w<CR>');
      await editor.untilScreen(/unchanged, nothing sent/);
      const after = (await etcd().post('/v3/kv/range', { key: 'AA==' })).body['header'] as { revision: string };
      expect(after.revision).toBe(before.revision);
    });

    it('shows what :w would do, and does it on yes; on no the text stays modified', async () => {
      const { editor, prefix } = await document();
      await editor.ex('%s/8080/9090/ | 1delete');
      await editor.type(':w<CR>');
      const shown = (await editor.untilScreen(question)).join('\n');
      expect(shown).toContain(`delete ${prefix}a`);
      expect(shown).toContain(`${prefix}db/port`);
      await editor.type('n');
      await editor.untilScreen(/not done: write .*you have not said yes/);
      await editor.normal();
      await editor.settled("winnr('$') == 1");
      expect(await editor.eval('&modified')).toBe(1);
      expect(await stored(`${prefix}db/port`)).toBe('8080');
      await editor.type(':w<CR>');
      await editor.untilScreen(question);
      await editor.type('y');
      await editor.settled("winnr('$') == 1 && !&modified");
      expect([await stored(`${prefix}db/port`), await stored(`${prefix}a`)]).toEqual(['9090', undefined]);
      // The next write compares with what was written.
      await editor.ex('%s/9090/9091/ | write!');
      expect(await stored(`${prefix}db/port`)).toBe('9091');
      await editor.ex('silent undo');
      expect(await editor.eval('&modified')).toBe(1);
    });

    it.each(['write', 'write!'])('keeps marks, manual folds, jumps and the view of each window over :%s', async (write) => {
      const { editor } = await document();
      await editor.ex('setlocal foldmethod=manual | 3,5fold | call setpos("\'m", [0, 5, 3, 0]) | split | normal! zR');
      await editor.ex('%s/8080/9090/ | 1s/1/2/ | normal! 6Gma1G``');
      const state = 'line("\'m"), line("\'a"), foldlevel(3), foldlevel(5), foldlevel(6), line("."), line("\'\'"), foldclosed(3)';
      const all = `[${state}, win_execute(win_getid(2), 'echo [${state.replaceAll("'", "''")}]')]`;
      const before = await editor.eval(all);
      expect(before).toEqual([...[5, 6, 1, 1, 0, 6, 1, -1], '\n[5, 6, 1, 1, 0, 1, 0, 3]']);
      if (write === 'write!') await editor.ex('write!');
      else {
        await editor.type(':w<CR>');
        await editor.untilScreen(question);
        await editor.type('y');
      }
      await editor.settled("winnr('$') == 2 && !&modified");
      expect(await editor.eval(all)).toEqual(before);
    });

    it('keeps what others have changed, and refuses by name what both have', async () => {
      const { editor, prefix } = await document();
      await etcd().put(`${prefix}a`, 'theirs');
      await editor.ex('%s/8080/9090/ | write!');
      expect([await stored(`${prefix}a`), await stored(`${prefix}db/port`)]).toEqual(['theirs', '9090']);
      await etcd().put(`${prefix}db/port`, 'theirs');
      await editor.ex('%s/9090/1/');
      await expect(editor.ex('write')).rejects.toThrow(/db\/port: changed here, and by others.*:Etcd diff shows both/);
      expect(await editor.eval('&modified')).toBe(1);
      await editor.ex('write!');
      expect([await stored(`${prefix}db/port`), await editor.eval('&modified')]).toEqual(['1', 0]);
    });

    /** A document with a conflict: `a` is changed on both sides, `db/port` here, and `db/host` there. */
    const conflicting = async () => {
      const { editor, prefix, address } = await document();
      await editor.ex('%s/a: 1/a: mine/ | %s/8080/9090/');
      await etcd().put(`${prefix}a`, 'theirs');
      await etcd().put(`${prefix}db/host`, 'theirs');
      await expect(editor.ex('write')).rejects.toThrow(/a: changed here, and by others/);
      await editor.ex('Etcd diff');
      const held = async () => Promise.all(['a', 'db/host', 'db/port'].map(async (name) => stored(prefix + name)));
      return { editor, prefix, address, held };
    };

    it('shows theirs beside mine after a conflict; do takes theirs over, and :w puts what is there then', async () => {
      const { editor, address, held } = await conflicting();
      expect(await editor.eval("map(range(1, winnr('$')), 'bufname(winbufnr(v:val))')")).toEqual([
        address,
        expect.stringMatching(/^\[theirs rev \d+\]$/),
      ]);
      expect(await editor.eval("[getbufline(winbufnr(2), 1, '$'), &modified, &diff]")).toEqual([
        ['a: theirs', 'db:', '  host: theirs', '  port: 8080'],
        ...[1, 1],
      ]);
      await editor.type('ggdo');
      await editor.until("getline(1) ==# 'a: theirs'");
      await editor.ex('write!');
      expect(await held()).toEqual(['theirs', 'one\ntwo\n', '9090']);
      expect(await editor.eval("[winnr('$'), &diff, &modified]")).toEqual([1, 0, 0]);
      await editor.ex('%s/9090/1/ | write!');
      expect((await held())[2]).toBe('1');
    });

    it('takes what dp gives it from the side of theirs, and then says what etcd holds', async () => {
      const { editor, held } = await conflicting();
      await editor.ex('wincmd l | %diffput | wincmd h');
      await editor.type('gg:w<CR>');
      await editor.untilScreen(/unchanged, nothing sent/);
      expect(await held()).toEqual(['theirs', 'theirs', '8080']);
      await editor.type(':Etcd diff<CR>');
      await editor.untilScreen(/no difference: etcd holds these bytes/);
      expect(await editor.eval("[winnr('$'), &modified]")).toEqual([1, 0]);
    });

    it('is compared with what was shown: what has changed since is a conflict once more', async () => {
      const { editor, prefix, held } = await conflicting();
      await etcd().put(`${prefix}db/host`, 'newer');
      await expect(editor.ex('write')).rejects.toThrow(/db\/host: changed here, and by others/);
      expect(await held()).toEqual(['theirs', 'newer', '8080']);
    });

    it('is written with what was read also after Node has died', async () => {
      const { editor, prefix } = await document();
      await editor.ex('Etcd restart');
      await editor.ex('%s/8080/9090/ | write!');
      expect(await stored(`${prefix}db/port`)).toBe('9090');
      expect(await stored(`${prefix}a`)).toBe('1');
    });

    it('of many keys is compared with what was read and written since, also after Node has died', async () => {
      const prefix = `/many${String(++serial)}/`;
      await Promise.all(Array.from({ length: 250 }, async (_, i) => etcd().put(`${prefix}${String(1000 + i)}`, 'x')));
      const editor = await open();
      await editor.ex(`edit etcd:${prefix}?yaml`);
      const writes = async (change: string): Promise<unknown> => {
        await editor.ex(`let g:keys = [] | ${change} | write!`);
        return editor.eval('g:keys');
      };
      await editor.ex('autocmd User EtcdPlanPre let g:keys = copy(g:etcd_plan.lines)');
      const [first, last] = [`${prefix}1000`, `${prefix}1249`];
      expect(await writes('%s/^1150: x/1150: y/')).toEqual([`change ${prefix}1150 "x" -> "y"`]);
      expect(await writes("1delete | call append('$', 'new: x')")).toEqual([`put ${prefix}new 1B`, `delete ${first} 1B`]);
      await etcd().put(last, 'theirs');
      await editor.ex('Etcd restart');
      expect(await writes('%s/^1150: y/1150: z/ | %s/^new: x/new: y/')).toEqual([
        `change ${prefix}1150 "y" -> "z"`,
        `change ${prefix}new "x" -> "y"`,
      ]);
      await expect(editor.ex('%s/^1249: x/1249: y/ | write')).rejects.toThrow(/1249: changed here, and by others/);
      expect([await stored(first), await stored(last)]).toEqual([undefined, 'theirs']);
    });

    it('that is no YAML is refused with line and column, and stays modified', async () => {
      const { editor, prefix } = await document();
      await editor.ex("call append('$', 'a: 2')");
      await expect(editor.ex('write!')).rejects.toThrow(/line 7, column 1: the key "a" is there twice, first in line 1/);
      expect(await editor.eval('&modified')).toBe(1);
      expect(await stored(`${prefix}a`)).toBe('1');
    });

    it('goes to a file, and comes from one; what is not in it stays, unless that is forced', async () => {
      const { editor, prefix, address } = await document();
      const file = join(tmpdir(), `etcd-vim-document-${String(process.pid)}-${tool.name}.yaml`);
      await editor.ex(`write! ${file}`);
      expect(readFileSync(file, 'utf8')).toBe(`${text.join('\n')}\n`);
      writeFileSync(file, 'b: 2\ndb: {port: 1}\n');
      await editor.ex(`edit ${file} | setlocal noswapfile | bwipeout #`);
      await editor.type(`:write ${address}<CR>`);
      await editor.untilScreen(question);
      await editor.type('y');
      await editor.settled("winnr('$') == 1");
      expect([await stored(`${prefix}a`), await stored(`${prefix}b`), await stored(`${prefix}db/port`)]).toEqual(['1', '2', '1']);
      expect(await editor.eval("[bufname('%') =~# 'etcd-vim-document', exists('b:etcd')]")).toEqual([1, 0]);
      await editor.type(`:write! ${address}<CR>`);
      expect((await editor.untilScreen(question)).join('\n')).toContain(`delete ${prefix}db/host`);
      await editor.type('y');
      await editor.settled("winnr('$') == 1");
      expect([await stored(`${prefix}a`), await stored(`${prefix}b`), await stored(`${prefix}db/host`)]).toEqual([
        undefined,
        '2',
        undefined,
      ]);
    });

    it('of which lines are written, or to which they are added, keeps what they do not have, also with !', async () => {
      const { editor, prefix, address } = await document();
      await editor.ex("call setline(1, 'a: 2')");
      await editor.ex('1write!');
      await editor.ex(`1write! >> ${address}`);
      expect([await stored(`${prefix}a`), await stored(`${prefix}db/host`), await stored(`${prefix}db/port`)]).toEqual(
        expect.not.arrayContaining([undefined]),
      );
      expect(await stored(`${prefix}a`)).toBe('2');
    });

    it('of the past is read-only, and :read inserts one', async () => {
      const { editor, prefix } = await document();
      const revision = await editor.eval<string>('b:etcd.revision');
      await etcd().put(`${prefix}a`, '2');
      await editor.ex(`edit etcd:${prefix}?rev=${revision}&json`);
      expect(await editor.eval("[bufname('%'), &readonly, &modifiable, &filetype]")).toEqual([
        ...[`etcd://${prefix}?json&rev=${revision}`, 1, 0, 'json'],
      ]);
      expect(JSON.parse((await editor.lines()).join('\n'))).toEqual({ a: '1', db: { host: 'one\ntwo\n', port: '8080' } });
      await editor.ex(`enew | read etcd:${prefix}?yaml`);
      expect((await editor.lines()).slice(0, 2)).toEqual(['', 'a: 2']);
    });

    it('is compared with another one line by line', async () => {
      const { editor, prefix } = await document();
      await etcd().put(`${prefix}other/a`, '1');
      await editor.ex(`diffsplit etcd:${prefix}other/?yaml`);
      expect(await editor.eval("[winnr('$'), &diff, diff_hlID(1, 1), getline(1)]")).toEqual([2, 1, 0, 'a: 1']);
    });

    it('is forgotten together with its buffer', async () => {
      const { editor } = await document();
      await editor.ex("let g:buffer = bufnr('%') | bwipeout");
      await expect(editor.ex('call etcd#buffer#document#base(g:buffer)')).rejects.toThrow(/what was read is not known/);
    });

    it('that cannot be read is not writable, and ?env says which key it cannot hold', async () => {
      const { editor, prefix } = await document();
      await editor.ex(`silent! edit etcd:${prefix}?env`);
      expect(await editor.eval('b:etcd.error')).toMatch(/the key "db\/host" is no name of a variable; \?yaml and \?json hold everything/);
      expect(await editor.eval("[b:etcd.kind, &modifiable, getline(1, '$')]")).toEqual(['failed', 0, ['']]);
    });
  },
);
