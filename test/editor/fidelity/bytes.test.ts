/** Bytes in, the same bytes out, whatever they are. Each test is a row of doc/fidelity.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Editor } from '../../harness/editor.js';
import { HUGE, randomValues, shown, SPECIAL, type Values } from '../../harness/values.js';
import { cannot, inEveryEditor, spread } from '../editors.js';

/** How many random values, and values of each special kind under each setting. To save time, .ci/run takes fewer. */
const [RANDOM, SOME] = process.env['ETCD_VIM_TEST_SHORT'] ? [40, 1] : [500, 2];
const LATIN1 = 'set encoding=latin1';
const SETTINGS = {
  'fileformats=dos,unix,mac': 'set fileformats=dos,unix,mac',
  'fileformats=dos': 'set fileformats=dos',
  'fileformats= fileformat=dos': 'set fileformats= fileformat=dos',
  'fileencodings=latin1': 'set fileencodings=latin1',
  'fileencodings=': 'set fileencodings=',
  'fileencodings=euc-jp,utf-8': 'set fileencodings=euc-jp,utf-8',
  'fileencoding=utf-16': 'set fileencoding=utf-16',
  fixendofline: 'set fixendofline',
  noendofline: 'set noendofline',
  'endoffile (where there is one)': "if exists('+endoffile') | set endoffile | endif",
  binary: 'set binary',
  bomb: 'set bomb',
  'backup writebackup patchmode=.orig': 'set backup writebackup patchmode=.orig',
  'encoding=latin1': LATIN1,
};

const SCRIPT = `
function! Each(keys, arguments, Do) abort
  for key in a:keys
    try
      execute 'silent edit' a:arguments 'etcd:' . key
      call a:Do(key)
      bwipeout
    catch
      throw key . ' ' . v:exception
    endtry
  endfor
endfunction
function! Rewrite(key) abort
  silent write
  silent write!
endfunction
" One character becomes another, by normal editing, and g:length has its bytes.
function! Change(seed, key) abort
  let number = 1 + a:seed % line('$')
  let number = getline(number) ==# '' ? max([1, nextnonblank(number)]) : number
  let line = getline(number)
  if line ==# ''
    let g:length[a:key] = 0
    execute "normal! ix\\<Esc>"
  else
    call cursor(number, 1 + a:seed % len(line))
    execute 'normal! r' . (strpart(line, col('.') - 1, 1) ==# 'x' ? 'y' : 'x')
    let g:length[a:key] = len(line) - len(getline('.')) + 1
  endif
  silent write
endfunction`;

inEveryEditor(
  'fidelity: bytes',
  () => Promise.resolve(),
  ({ open, etcd, tool }) => {
    let serial = 0;

    async function put(values: Values): Promise<{ prefix: string; keys: string[]; olds: Buffer[] }> {
      const [prefix, olds] = [`/b${++serial}`, values.map((value) => Buffer.from(value as string))];
      const keys = olds.map((_, index) => `${prefix}/${String(index).padStart(4, '0')}`);
      for (let from = 0; from < keys.length; from += 100) {
        const success = olds.slice(from, from + 100).map((value, index) => ({
          request_put: { key: Buffer.from(keys[from + index] as string).toString('base64'), value: value.toString('base64') },
        }));
        expect((await etcd().post('/v3/kv/txn', { success })).status).toBe(200);
      }
      return { prefix, keys, olds };
    }

    async function stored(prefix: string): Promise<{ value: Buffer; version: string }[]> {
      const [key, range_end] = [`${prefix}/`, `${prefix}0`].map((it) => Buffer.from(it).toString('base64'));
      const { body } = await etcd().post('/v3/kv/range', { key, range_end });
      return (body['kvs'] as { value?: string; version: string }[]).map((kv) => ({ ...kv, value: Buffer.from(kv.value ?? '', 'base64') }));
    }

    /** If nothing is changed, `:w` puts nothing and `:w!` the same bytes. Then one character of each value changes, and no other. */
    async function survive(editor: Editor, values: Values, seed = 7, args = ''): Promise<void> {
      const { prefix, keys, olds } = await put(values);
      async function each(what: string): Promise<{ value: Buffer; version: string }[]> {
        for (let from = 0; from < keys.length; from += 50) {
          await editor.ex(`call Each(${JSON.stringify(keys.slice(from, from + 50))}, '${args}', ${what})`);
        }
        return stored(prefix);
      }
      const wrong: string[] = [];
      const forced = await each("function('Rewrite')");
      await editor.ex('let g:length = {}');
      const changed = await each(`function('Change', [${seed}])`);
      const length = await editor.eval<Record<string, number>>('g:length');
      for (const [index, key] of keys.entries()) {
        const [old, once, twice] = [olds[index], forced[index], changed[index]] as [Buffer, (typeof forced)[0], (typeof forced)[0]];
        if (!once.value.equals(old)) wrong.push(`${shown(old)} came back as ${shown(once.value)}`);
        else if (!oneChanged(old, twice.value, length[key] ?? 0)) wrong.push(`${shown(old)} was changed to ${shown(twice.value)}`);
        if (once.version !== '2') wrong.push(`${shown(old)} was put ${once.version} times`);
      }
      if (wrong.length > 0) throw new Error(`seed ${seed}\n${wrong.join('\n')}`);
    }

    for (const [title, values] of Object.entries({ ...SPECIAL, ...HUGE })) {
      it(title, async () => {
        const editor = await open({ rc: [SCRIPT] });
        await survive(editor, values);
        await survive(editor, values, 0, '++bin');
      });
    }

    it('500 random values (40 in .ci/run)', async () => {
      const seed = Number(process.env['ETCD_VIM_TEST_SEED'] ?? Date.now() % 2 ** 31);
      await survive(await open({ rc: [SCRIPT] }), randomValues(seed, RANDOM), seed);
    });

    for (const [index, [title, setting]] of Object.entries(SETTINGS).entries()) {
      if (setting === LATIN1 && tool.kind === 'nvim') {
        cannot(title, 'Neovim has no other than utf-8');
        continue;
      }
      it(title, async () => {
        const editor = await open({ rc: [setting, SCRIPT] });
        const kinds = spread(Object.values(SPECIAL), tool, index);
        await survive(editor, [...kinds.flatMap((values) => values.slice(0, SOME)), ...randomValues(1, 5)]);
      });
    }

    it('binary only as long as the value needs it, undo not past the read', async () => {
      await etcd().put('/mixed', 'one\r\ntwo\n');
      const editor = await open({ args: ['etcd:/mixed'], rc: ['set fileformats=dos'] });
      await editor.settled("line('$') == 2 && &binary");
      await editor.type('u');
      await editor.untilScreen(/oldest change/);
      expect(await editor.eval('getline(2)')).toBe('two');
      await etcd().put('/mixed', 'dos\r\n');
      await editor.ex('edit!');
      expect(await editor.eval('[getline(1), &binary]')).toEqual(['dos', 0]);
      await editor.ex('edit ++bin | edit!');
      expect(await editor.eval('&binary')).toBe(1);
    });

    it("characters that 'fileencoding' does not have", async () => {
      await etcd().put('/letters', 'abc\n');
      const editor = await open({ args: ['etcd:/letters'] });
      await editor.settled("line('$') == 1 && getline(1) !=# ''");
      await editor.eval("setline(1, 'für 5 €')");
      await expect(editor.ex('setlocal fileencoding=latin1 | write')).rejects.toThrow(/E513/);
      expect([(await etcd().get('/letters'))?.version, await editor.eval('&modified')]).toEqual(['1', 1]);
      await editor.ex(`write! | write! ${join(editor.home, 'letters')}`);
      expect((await etcd().get('/letters'))?.value).toEqual(readFileSync(join(editor.home, 'letters')));
      await editor.ex('write! ++enc=iso-8859-15');
      expect((await etcd().get('/letters'))?.value).toEqual(Buffer.from('f\xfcr 5 \xa4\n', 'latin1'));
    });
  },
);

/** Whether `now` is `old` with one character instead of one of `length` bytes (in the editor; 0: instead of none). */
function oneChanged(old: Buffer, now: Buffer, length: number): boolean {
  let [start, end] = [0, 0];
  while (start < Math.min(old.length, now.length) && old[start] === now[start]) start++;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const [gone, come] = [old.subarray(start, old.length - end), now.subarray(start, now.length - end)];
  return (
    come.length <= 4 && [...come].every((byte) => [0, 0x78, 0x79].includes(byte)) && gone.length <= (length && Math.max(4, 2 * length))
  );
}
