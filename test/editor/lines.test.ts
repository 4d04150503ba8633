/** The lines of a buffer become others, and what did not change keeps its marks and folds. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { randomOf } from '../harness/random.mjs';
import { inOneOfEach } from './editors.js';

/** Texts in which some lines are the same, and then are moved, removed, doubled or changed. */
function anyTexts(count: number): string[][][] {
  const { next } = randomOf(20261127);
  const below = (limit: number): number => Math.floor(next() * limit);
  const any = (length: number): string[] => Array.from({ length }, () => ['', 'a', 'A', 'b', '0', `${below(40)}`][below(6)] as string);
  return Array.from({ length: count }, () => {
    const old = any(1 + below(30));
    const changed = [...old];
    for (let changes = below(8); changes > 0; changes--) {
      const [line] = changed.splice(below(changed.length), below(3));
      changed.splice(below(changed.length + 1), 0, ...(next() < 0.5 && line !== undefined ? [line] : any(below(3))));
    }
    return [old, changed.length > 0 ? changed : ['']];
  });
}

inOneOfEach(
  'lines',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    let serial = 0;

    it('are the new ones, whatever they were', async () => {
      const editor = await open();
      const [file, texts] = [join(editor.home, 'texts.json'), anyTexts(400)];
      writeFileSync(file, JSON.stringify(texts));
      await editor.ex(`let g:texts = json_decode(readfile('${file}')[0]) | let g:wrong = []`);
      const fill = "deletebufline('%', 1, '$'), setline(1, v:val[0]), etcd#buffer#lines#become(bufnr('%'), v:val[1])";
      const wrong = `filter(copy(g:texts), '[${fill.replaceAll("'", "''")}, getline(1, "$") !=# v:val[1]][-1]')`;
      expect(await editor.eval(wrong)).toEqual([]);
    });

    it('of which many are the same are the new ones, and nothing else is touched', async () => {
      const editor = await open();
      const all = Array.from({ length: 1000 }, (_, i) => `${i}`);
      const become = async (changed: string[]): Promise<unknown> => {
        await editor.ex(`call deletebufline('%', 1, '$') | call setline(1, ${JSON.stringify(all)}) | call setpos("'m", [0, 700, 1, 0])`);
        await editor.ex(`call etcd#buffer#lines#become(bufnr('%'), ${JSON.stringify(changed)})`);
        expect(await editor.lines()).toEqual(changed);
        return editor.eval('getline("\'m")');
      };
      for (const at of [0, 199, 200, 201, 399, 600, 698]) {
        expect(await become(all.toSpliced(at, 1))).toBe('699');
        expect(await become(all.toSpliced(at, 0, 'new'))).toBe('699');
        expect(await become(all.toSpliced(at, 1, all[at + 1] as string))).toBe('699');
      }
      for (const at of [700, 799, 800, 801, 999]) expect(await become(all.toSpliced(at, 1))).toBe('699');
    });

    it('more than can be compared are the new ones, too', async () => {
      const editor = await open();
      await editor.ex(
        "call setline(1, range(12000)) | call etcd#buffer#lines#become(bufnr('%'), ['x'] + reverse(map(range(11000), 'v:val . \"\"')))",
      );
      expect(await editor.eval("[line('$'), getline(1), getline(2), getline('$')]")).toEqual([11001, 'x', '10999', '0']);
    });

    it('that are not changed keep marks and folds between those that are', async () => {
      const editor = await open();
      await editor.ex("call setline(1, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) | setlocal foldmethod=manual | 4,5fold | normal! zR");
      await editor.ex('call setpos("\'m", [0, 5, 1, 0]) | call cursor(7, 1)');
      await editor.ex("call etcd#buffer#lines#become(bufnr('%'), ['h', 'x', 'a', 'c', 'd', 'e', 'new', 'f', 'g'])");
      expect(await editor.eval('[getline(1, "$"), line("\'m"), getline("."), foldlevel(5), foldlevel(6), foldlevel(7)]')).toEqual([
        ['h', 'x', 'a', 'c', 'd', 'e', 'new', 'f', 'g'],
        ...[6, 'g', 1, 1, 0],
      ]);
    });

    it('become others without an own number of undo levels', async () => {
      const editor = await open();
      const levels = '&l:undolevels';
      const become = async (text: string): Promise<unknown> => {
        await editor.ex(`call etcd#buffer#lines#become(bufnr('%'), ['${text}'])`);
        return editor.eval(levels);
      };
      expect(await become('a')).toBe(-123456);
      await editor.ex('setlocal undolevels=5');
      expect(await become('b')).toBe(5);
      await editor.ex('undo');
      expect(await editor.eval('getline(1)')).toBe('a');
    });

    it('of an edited listing keep marks and folds, if a rename changes their order', async () => {
      const prefix = `/lines${++serial}/`;
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await etcd().put(prefix + name, name);
      const editor = await open();
      await editor.ex(`Etcd edit etcd:${prefix}`);
      await editor.settled("get(get(b:, 'etcd', {}), 'kind', '') ==# 'edit'");
      await editor.ex('setlocal foldmethod=manual | 3,4fold | normal! zR');
      await editor.ex('call setpos("\'m", [0, 4, 1, 0]) | 1substitute/a$/z/ | 6substitute/f$/0/');
      await editor.ex('write!');
      await editor.settled('!&modified');
      const names = "map(getline(1, \"$\"), \"substitute(v:val, '.*\\t', '', '')\")";
      expect(await editor.eval(`[${names}, line("'m"), foldlevel(3), foldlevel(4), foldlevel(5)]`)).toEqual([
        ['0', 'b', 'c', 'd', 'e', 'z'],
        ...[4, 1, 1, 0],
      ]);
      await editor.ex('undo');
      expect(await editor.eval(`[${names}, &modified]`)).toEqual([['z', 'b', 'c', 'd', 'e', '0'], 1]);
    });

    it('of an edited listing keep their place in each window', async () => {
      const prefix = `/lines${++serial}/`;
      const names = Array.from({ length: 60 }, (_, i) => `k${100 + i}`);
      for (const name of names) await etcd().put(prefix + name, name);
      const editor = await open({ size: { columns: 100, rows: 24 } });
      await editor.ex(`Etcd edit etcd:${prefix}`);
      await editor.settled("get(get(b:, 'etcd', {}), 'kind', '') ==# 'edit'");
      const view = "[matchstr(getline('w0'), 'k.*'), matchstr(getline('.'), 'k.*')]";
      const show = (top: number, line: number) => `call winrestview({'topline': ${top}, 'lnum': ${line}, 'col': 3})`;
      await editor.ex(`set scrolloff=0 | split | ${show(41, 44)} | wincmd j | ${show(21, 23)} | redraw`);
      await editor.ex('1substitute/k100$/z/');
      await editor.ex(show(21, 23));
      await editor.ex('write! | redraw');
      await editor.settled('!&modified');
      expect(await editor.eval("[getline(1) =~# 'k101', getline('$') =~# 'z']")).toEqual([1, 1]);
      expect(await editor.eval(view)).toEqual(['k120', 'k122']);
      await editor.ex('wincmd k');
      expect(await editor.eval(view)).toEqual(['k140', 'k143']);
    });
  },
);
