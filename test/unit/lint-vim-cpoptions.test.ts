/** The rules of the Vim script lint about 'cpoptions'. */
import { describe, expect, it } from 'vitest';
import { lint } from '../../tools/lint-vim/lint.js';

describe("'cpoptions'", () => {
  const SAVE = 'let s:cpo = &cpoptions | set cpoptions&vim';
  const RESTORE = 'let &cpoptions = s:cpo | unlet s:cpo';
  const lines = (name: string, rule: string, ...body: string[]) =>
    lint([{ name, lines: ['scriptencoding utf-8', ...body] }], [])
      .filter((problem) => problem.rule === rule)
      .map(({ line }) => line);

  it.each([
    [[SAVE, 'let s:x = 1', RESTORE], []],
    [["if exists('g:loaded_a')", '  finish', 'endif', SAVE, 'let g:loaded_a = 1', RESTORE], []],
    [['let s:x = 1', SAVE, RESTORE], [2]],
    [['let s:x = 1'], [2]],
    [[SAVE, 'let s:x = 1'], [3]],
    [[SAVE, RESTORE, 'let s:x = 1'], [4]],
  ])('are saved first and restored last: %j', (body, expected) => {
    expect(lines('autoload/etcd/a.vim', 'cpoSave', ...body)).toEqual(expected);
    expect(lines('test/a.vim', 'cpoSave', ...body)).toEqual([]);
  });

  it.each([
    ['nnoremap <buffer> R :x<CR>', [3]],
    ['nnoremap <special> <buffer> R :x<CR>', []],
    ["execute 'silent! cunmap <buffer>' key", [3]],
    ["execute mode . 'map <buffer> <nowait>' key", [3]],
    ["call map([1], 'v:val')", []],
  ])('do not matter to the maps of a function: %s', (line, expected) => {
    expect(lines('autoload/etcd/a.vim', 'keyNames', 'function! s:x() abort', line, 'endfunction')).toEqual(expected);
    expect(lines('autoload/etcd/a.vim', 'keyNames', line)).toEqual([]);
  });
});
