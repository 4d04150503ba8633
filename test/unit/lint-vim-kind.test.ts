/** The rule of the Vim script lint that only one file writes b:etcd. */
import { expect, it } from 'vitest';
import { lint } from '../../tools/lint-vim/lint.js';

function found(name: string, ...body: string[]): number[] {
  const lines = ['" A sample.', 'function! s:sample(bufnr) abort', ...body, 'endfunction'];
  return lint([{ name, lines }], [])
    .filter(({ rule }) => rule === 'kindOnly')
    .map(({ line }) => line);
}

const WRITES: [string, string[]][] = [
  ['a :let', ["let b:etcd = {'kind': 'key'}"]],
  ['a :let of a field', ['let b:etcd.torn = 1']],
  ['a :let of a field by its name', ["let b:etcd['count'] += 1"]],
  ['a :let of several', ["let [x, b:etcd] = [1, {'kind': 'key'}]"]],
  ['an :unlet', ['unlet! b:editorconfig b:etcd']],
  ['setbufvar()', ["call setbufvar(a:bufnr, 'etcd', {})"]],
  ['setbufvar() of the current buffer', ["call setbufvar(bufnr('%'), 'etcd', {})"]],
  ['extend()', ["call extend(b:etcd, {'torn': 1})"]],
  ['filter() of what getbufvar() gives', ["call filter(getbufvar(a:bufnr, 'etcd'), 0)"]],
  ['a variable that stands for it', ["let known = getbufvar(bufnr('%'), 'etcd', {})", "let known.digest = ''"]],
  ['extend() of such a variable', ["let known = get(b:, 'etcd', {})", "call extend(known, {'torn': 1})"]],
];

it.each(WRITES)('%s is found, but not in its own file', (_, body) => {
  expect(found('autoload/etcd/sample.vim', ...body)).toEqual([2 + body.length]);
  expect(found('autoload/etcd/buffer/kind.vim', ...body)).toEqual([]);
});

it.each([
  ["let kind = get(get(b:, 'etcd', {}), 'kind', '')"],
  ['let b:etcd_binary = 1'],
  ['unlet b:etcd_colour'],
  ["let address = b:etcd.address !=# '' ? b:etcd.address : ''"],
  ["if b:etcd.mod_revision ==# '0'"],
  ["call setbufvar(a:bufnr, '&modified', 1)"],
  ['let known = filter(copy(b:etcd), \'v:key !=# "file"\')'],
])('%s is fine', (text) => {
  expect(found('autoload/etcd/sample.vim', text)).toEqual([]);
});

it('a copy may be changed, and a variable of another function is another one', () => {
  expect(found('autoload/etcd/sample.vim', 'let known = copy(b:etcd)', 'let known.torn = 1')).toEqual([]);
  const other = ['let known = b:etcd', 'endfunction', 'function! s:other() abort', 'let known = {}', 'let known.torn = 1'];
  expect(found('autoload/etcd/sample.vim', ...other)).toEqual([]);
});
