/** `++opt`, and options that change between reading and writing: the same on a key as on a file. Each test is a row of doc/fidelity.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'vitest';
import { BOM, bytes, shown, TEXT, type Values } from '../../harness/values.js';
import { inEveryEditor } from '../editors.js';

const E = ['', '++enc=utf-8', '++enc=latin1', '++enc=utf-16le', '++enc=cp1252', '++enc=nonsense'];
/** Rows: what follows `:e`, and how it is written. */
const OPTIONS: Record<string, [edits: string[], writes: string[]]> = {
  ':e ++enc': [E, ['write!']],
  ':e ++ff': [['++ff=unix', '++ff=dos', '++ff=mac', '++ff=dos ++enc=latin1'], ['write!']],
  ':e ++bin, ++nobin': [['++bin', '++nobin', '++bin ++nobin', '++bin ++ff=dos', '++bin ++enc=latin1'], ['write!']],
  ':e ++bad': [['++bad=?', '++bad=X', '++bad=drop', '++bad=keep', '++bad=X ++enc=utf-8', '++bad=drop ++enc=utf-16'], ['write!']],
  ':e ++edit': [['++edit', '++edit ++enc=latin1'], ['write!']],
  ':w ++enc': [[''], [...E, '++enc=utf-16'].flatMap((enc) => [`write ${enc}`, `write! ${enc}`])],
  ':w ++ff': [[''], ['write! ++ff=dos', 'write! ++ff=unix', 'write! ++ff=mac']],
  ':w ++bin, ++nobin, ++bad': [
    ['', '++bin'],
    ['write! ++bin', 'write! ++nobin', 'write! ++bad=X'],
  ],
  ':w after a change of an option': [
    [''],
    ['ff=dos', 'ff=mac', 'fenc=utf-16', 'bomb', 'noeol', 'eol', 'bin', 'noeol fixeol', 'bin noeol'].map((it) => `setlocal ${it} | write`),
  ],
};
const LOCAL = [
  TEXT,
  'no end',
  'one\r\ntwo\r\n',
  'one\r\ntwo\nthree\r\n',
  'a\rb\r',
  `${BOM}mit Gruß\n`,
  Buffer.from('caf\xe9\n', 'latin1'),
  Buffer.from(`${BOM}${TEXT}`, 'utf16le'),
  bytes('one\n', [0xff], 'two\0\n', [0xe4, 0xb8]),
];

const SCRIPT = `
function! Compare(number, edit, write) abort
  let seen = []
  for name in [$HOME . '/o' . a:number, 'etcd:/o' . a:number]
    let state = {'error': ''}
    try
      execute 'silent edit' a:edit name
      setlocal nofixendofline
      let state.lines = getline(1, '$')
      let state.before = Options()
      silent execute a:write
    catch
      let state.error = matchstr(v:exception, 'E\\d\\+')
    endtry
    let state.after = Options()
    bwipeout!
    call add(seen, state)
  endfor
  return [seen[0].lines ==# seen[1].lines] + map(seen, '[v:val.before, v:val.after, v:val.error]')
endfunction
function! Options() abort
  return join([&fileencoding, &fileformat, &bomb, &endofline, &binary, &modified])
endfunction`;

inEveryEditor(
  'fidelity: ++opt',
  () => Promise.resolve(),
  ({ open, etcd }) => {
    /** The same commands on a file and on a key that have the same bytes. */
    async function alike(values: Values, edits: string[], writes: string[]): Promise<void> {
      const editor = await open({ rc: [SCRIPT] });
      const wrong: string[] = [];
      const cases = values.flatMap((value) =>
        edits.flatMap((edit) => writes.map((write) => ({ value: Buffer.from(value as string), edit, write }))),
      );
      for (const [number, { value, edit, write }] of cases.entries()) {
        const file = join(editor.home, `o${number}`);
        writeFileSync(file, value);
        await etcd().put(`/o${number}`, value);
        await editor.ex(`let g:seen = Compare(${number}, '${edit}', '${write}')`);
        const seen = await editor.eval<[number, string[], string[]]>('g:seen');
        const [theirs, ours] = [readFileSync(file), (await etcd().get(`/o${number}`))?.value as Buffer];
        // A file would lose bytes here without being asked to, but we do not.
        const lossy = !theirs.equals(value) && write === 'write!' && !/\+\+ff=dos|\+\+bad=[^k]/.test(edit);
        // Nor if the characters do not exist: that is the next row.
        const good =
          lossy || seen[2][2] === 'E513' ? ours.equals(value) : ours.equals(theirs) && seen[0] === 1 && seen[1].join() === seen[2].join();
        if (!good) wrong.push(`${shown(value)} :e ${edit} :${write}: ${JSON.stringify(seen)}, ${shown(theirs)}, but ${shown(ours)}`);
      }
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
    }

    for (const [title, [edits, writes]] of Object.entries(OPTIONS)) {
      it(title, () => alike(LOCAL, edits, writes));
    }
  },
);
