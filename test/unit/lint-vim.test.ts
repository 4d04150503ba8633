/** Every rule of the Vim script lint fires on a bad example, at its line, and is silent on a good one. */
import { describe, expect, it } from 'vitest';
import { lint } from '../../tools/lint-vim/lint.js';

const GUARD = ["if exists('g:loaded_sample')", '  finish', 'endif', 'let g:loaded_sample = 1'];
const user = (text: string) => [{ name: 'lua/user.lua', text }];

/** A script of autoload/ that is correct except for {body}, which begins at its line 4. */
function autoload(...body: string[]) {
  return { name: 'autoload/etcd/sample.vim', lines: ['" A sample.', 'scriptencoding utf-8', '', ...body] };
}

/** The same with {body} in a function that anybody may call; it begins at line 6. */
function inFunction(...body: string[]) {
  return autoload('" Runs.', 'function! etcd#sample#run(name) abort', ...body.map((line) => `  ${line}`), 'endfunction');
}

function plugin(...body: string[]) {
  return { name: 'plugin/sample.vim', lines: ['scriptencoding utf-8', ...GUARD, ...body] };
}

/** All findings except those about 'cpoptions', which have tests of their own. */
function found(file: { name: string; lines: string[] }, texts = user('etcd#sample#run')): string[] {
  const defined = file.name.startsWith('autoload') && file.lines.some((line) => line.includes('etcd#sample#run('));
  const problems = lint([file], defined ? texts : []).filter(({ rule }) => rule !== 'cpoSave' && rule !== 'keyNames');
  return problems.map(({ line, rule }) => `${rule} ${line}`);
}

describe('layout', () => {
  it.each([
    ['a blank at the end', 'let x = 1 ', ['layout 6']],
    ['a tab', 'let x =\t1', ['layout 6']],
    ['a long line', `let x = '${'é'.repeat(129)}'`, ['layout 6']],
    ['a line that just fits', `let x = '${'é'.repeat(128)}'`, []],
  ])('%s', (_, text, expected) => {
    expect(found(inFunction(text))).toEqual(expected);
  });

  it('limits files to 250 lines and functions to 60', () => {
    expect(found(autoload(...Array<string>(248).fill('let s:x = 1')))).toEqual(['layout 251']);
    expect(found(autoload(...Array<string>(247).fill('let s:x = 1')))).toEqual([]);
    expect(found(inFunction(...Array<string>(59).fill('let x = 1')))).toEqual(['functionLength 5']);
    expect(found(inFunction(...Array<string>(58).fill('let x = 1')))).toEqual([]);
  });
});

describe('functions', () => {
  const define = (head: string, ...above: string[]) => found(autoload(...above, head, '  for x in []', '  endfor', 'endfunction'));

  it('have a bang and abort', () => {
    expect(define('function! etcd#sample#run()', '" Runs.')).toEqual(['functionHead 5']);
    expect(define('function etcd#sample#run() abort', '" Runs.')).toEqual(['functionHead 5']);
    expect(define('function! etcd#sample#run() abort dict', '" Runs.')).toEqual([]);
  });

  it('are named after their file', () => {
    expect(found(autoload('" Runs.', 'function! etcd#other#run() abort', 'endfunction'))).toContain('functionName 5');
    expect(found(autoload('function! s:CamelCase() abort', 'endfunction', 'call s:CamelCase()'))).toEqual(['functionName 4']);
    expect(found(autoload('function! Global() abort', 'endfunction'))).toContain('functionName 4');
    expect(found(autoload('function! s:lower_snake2() abort', 'endfunction', 'call s:lower_snake2()'))).toEqual([]);
    const driver = ['scriptencoding utf-8', 'function! TestRun() abort', 'endfunction'];
    expect(found({ name: 'test/harness/driver.vim', lines: driver })).toEqual([]);
    expect(found({ name: 'ftplugin/driver.vim', lines: driver })).toContain('functionName 2');
  });

  it('have a comment right above', () => {
    expect(define('function! etcd#sample#run() abort', '" Runs.', '')).toEqual(['docstring 6']);
    expect(define('function! etcd#sample#run() abort', '" Runs.')).toEqual([]);
  });
});

describe('what a file begins with', () => {
  it('is the encoding', () => {
    expect(found({ name: 'test/a.vim', lines: ['let g:x = 1', 'scriptencoding utf-8'] })).toEqual(['encoding 1']);
    expect(found({ name: 'test/a.vim', lines: ['" A comment.', '', 'scriptencoding utf-8', 'let g:x = 1'] })).toEqual([]);
  });

  it('is a load guard, by kind', () => {
    const guarded = (name: string, variable: string, value: string) =>
      found({ name, lines: ['scriptencoding utf-8', `if exists('${variable}')`, '  finish', 'endif', `let ${variable} = ${value}`] });
    expect(guarded('plugin/a.vim', 'g:loaded_a', '1')).toEqual([]);
    expect(guarded('ftplugin/a.vim', 'b:did_ftplugin', '1')).toEqual([]);
    expect(guarded('syntax/a.vim', 'b:current_syntax', "'a'")).toEqual([]);
    expect(guarded('syntax/a.vim', 'b:did_ftplugin', '1')).toEqual(['loadGuard 2']);
    expect(found({ name: 'syntax/a.vim', lines: ['scriptencoding utf-8', 'syntax match a /a/'] })).toEqual(['loadGuard 2']);
    expect(found({ name: 'plugin/a.vim', lines: ['scriptencoding utf-8', ...GUARD.slice(0, 3)] })).toEqual(['loadGuard 2']);
  });

  it.each([
    ['call Something()', ['declarations 6']],
    ['let g:other = 1', ['declarations 6']],
    ['function! s:local() abort', ['functionEnd 6', 'declarations 6', 'unused 6']],
    ['autocmd BufEnter * let b:x = 1', []],
    ['nnoremap <Plug>(a) :call Something()<CR>', []],
    ['command! -bang A echo 1', []],
    ["if has('nvim') | endif", []],
  ])('in plugin/: %s', (line, expected) => {
    expect(found(plugin(line))).toEqual(expected);
  });
});

describe('use', () => {
  const local = ['function! s:one() abort', '  call s:one()', 'endfunction'];
  const run = ['" Runs.', 'function! etcd#sample#run() abort', 'endfunction'];

  it('of script-local functions, not by themselves', () => {
    expect(found(autoload(...local))).toEqual(['unused 4']);
    expect(found(autoload(...local, '" call s:one()'))).toEqual(['unused 4']);
    expect(found(autoload(...local, "let s:x = function('s:one')"))).toEqual([]);
    expect(found(autoload(...local, 'nnoremap x :call <SID>one()<CR>'))).toEqual([]);
  });

  it('of autoload functions, from outside or later', () => {
    expect(found(autoload(...run), [])).toEqual(['unused 5']);
    expect(found(autoload(...run, 'call etcd#sample#run()'), [])).toEqual(['unused 5']);
    expect(found(autoload(...run, 'autocmd BufEnter * call etcd#sample#run()'), [])).toEqual([]);
    expect(found(autoload(...run, "call map([1], 'etcd#sample#run()')"), [])).toEqual([]);
    expect(found(autoload(...run), user("vim.fn['etcd#sample#run']()"))).toEqual([]);
    expect(
      found({ name: 'autoload/etcd.vim', lines: ['scriptencoding utf-8', '" A.', 'function! etcd#a() abort', 'endfunction'] }),
    ).toEqual([]);
  });

  it('of functions that are not there', () => {
    expect(found(autoload('call etcd#sample#nothing()'))).toEqual(['undefinedFunctions 4']);
    expect(found(autoload('call s:nothing()'))).toEqual(['undefinedFunctions 4']);
    expect(found(autoload('let s:Callback = {-> 1}', 'call s:Callback()'))).toEqual([]);
    expect(found(plugin('command! -complete=customlist,etcd#sample#nothing A echo'))).toEqual(['undefinedFunctions 6']);
    const text = { name: 'src/rplugin.ts', text: 'etcd#nothing' };
    expect(lint([], [text])).toMatchObject([{ file: 'src/rplugin.ts', rule: 'undefinedFunctions', line: 1 }]);
    expect(lint([], [{ ...text, name: 'test/editor/a.ts' }])).toEqual([]);
  });
});

describe('foreign text', () => {
  const silent = [
    "execute 'edit' fnameescape(a:name)",
    "execute printf('silent %s %s', 'edit', fnameescape(a:name))",
    "return execute('doautocmd User ' . fnameescape(a:name))",
    "execute a:name ==# '' ? 'new' : line('.') . 'read ' . fnameescape(a:name)",
    "let kind = a:name ==# '' ? 'json' : 'yaml' | execute 'setfiletype' kind",
    "for kind in ['json', 'yaml'] | execute 'setfiletype' kind | endfor",
    "for [kind, other] in [['json', 1], ['yaml', a:name]] | execute 'setfiletype' kind | endfor",
    "let [kind, other] = ['json', a:name] | execute 'setfiletype' kind",
    "let this = bufnr('%') | execute 'silent! bwipeout!' this",
    "execute 'read' v:cmdarg fnameescape(a:name)",
    "call system('node ' . shellescape(a:name))",
    "call map([1], 'v:val + 1')",
    'call map([1], {_, x -> a:name})',
    'call eval(string(a:name))',
    "let x = expand('<sfile>:p:h')",
  ];
  it.each(silent)('may stand in: %s', (line) => {
    expect(found(inFunction(...line.split(' | ')))).toEqual([]);
  });

  const loud = [
    "execute 'edit' a:name",
    "execute 'edit ' . a:name",
    "execute 'edit' !a:name . a:name",
    'silent exe a:name',
    "if 1 | execute 'edit' getline('.') | endif",
    "execute 'edit' getline('.')[1:]",
    "execute 'edit' b:etcd.address",
    "execute 'edit' $HOME",
    "execute printf('edit %s', a:name)",
    "execute a:name ==# '' ? 'new' : a:name",
    "execute 'edit' fnameescape('a') a:name",
    "execute 'edit' substitute(fnameescape(a:name), '\\\\', '', 'g')",
    "execute 'edit' fnameescape(a:name)[1:]",
    "let x = 'a' | let x .= a:name | execute x",
    'let x = [] | call add(x, a:name) | execute join(x)',
    'let x = {} | let x[a:name] = 1 | execute join(keys(x))',
    "let [x, y] = [a:name, 'a'] | execute x",
    'for x in [a:name] | execute x | endfor',
    "for x in split(a:name, '/') | execute x | endfor",
    'nnoremap <buffer> x :execute b:name<CR>',
    "let b:undo_ftplugin = 'unlet ' . a:name",
    'call execute(a:name)',
    'call eval(a:name)',
    'call luaeval(a:name)',
    'call win_execute(1, a:name)',
    "call map([1], '\"' . a:name . '\"')",
    'call filter([1], a:name)',
    "call system('node ' . a:name)",
    "call systemlist('node ' . fnameescape(a:name))",
  ];
  it.each(loud)('is found in: %s', (line) => {
    const body = line.split(' | ');
    const at = body.findLastIndex((command) => /exe|eval|map|filter|system|undo/.test(command));
    expect(found(inFunction(...body))).toEqual([`executed ${6 + at}`]);
  });

  it('is followed through callers', () => {
    const edit = ['function! s:edit(how, name) abort', '  execute a:how fnameescape(a:name)', 'endfunction'];
    expect(found(autoload(...edit, "call s:edit('split', b:name)"))).toEqual([]);
    expect(found(autoload(...edit, "call s:edit('split', b:name)", 'call s:edit(b:how, b:name)'))).toEqual(['executed 5']);
    expect(found(autoload(...edit, "let s:Edit = function('s:edit')"))).toEqual(['executed 5']);
  });

  it('is followed through results, also of those that call each other', () => {
    const results = (last: string) =>
      found(
        autoload(
          ...['function! s:one(n) abort', "  return a:n > 0 ? s:two(a:n - 1) : 'edit'", 'endfunction'],
          ...['function! s:two(n) abort', '  if a:n > 5', '    return s:one(a:n)', '  endif', `  return ${last}`, 'endfunction'],
          'execute s:one(3)',
        ),
      );
    expect(results("'split'")).toEqual([]);
    expect(results('b:name')).toEqual(['executed 13']);
  });

  it('is followed through script variables and other files', () => {
    const sample = autoload('" Runs.', 'function! etcd#sample#run(command) abort', '  execute a:command', 'endfunction');
    const caller = (line: string) => plugin(`nnoremap x :call etcd#sample#run(${line})<CR>`);
    const rules = (line: string) =>
      lint([sample, caller(line)], [])
        .filter(({ rule }) => rule === 'executed')
        .map(({ rule, file }) => `${rule} ${file}`);
    expect(rules("'edit'")).toEqual([]);
    expect(rules('v:count')).toEqual([]);
    expect(rules('bufname()')).toEqual(['executed autoload/etcd/sample.vim']);
    // It is called from another language, so with anything.
    expect(lint([sample, caller("'edit'")], user('etcd#sample#run(x)'))).toContainEqual(
      expect.objectContaining({ rule: 'executed', line: 6 }),
    );
    expect(found(autoload("let s:kind = 'a'", 'execute s:kind'))).toEqual([]);
    expect(found(autoload("let s:kind = 'a'", 'execute s:kind', 'let s:kind = b:name'))).toEqual(['executed 5']);
  });

  it.each([
    ['call expand(a:name)', ['forbiddenCalls 6']],
    ["call expand('%:p')", ['forbiddenCalls 6']],
    ["call expand('<afile>' . a:name)", ['forbiddenCalls 6']],
    ['call glob(a:name)', ['forbiddenCalls 6']],
    ["call globpath(&runtimepath, 'a')", ['forbiddenCalls 6']],
    ["call feedkeys('x')", ['forbiddenCalls 6']],
    ["call readdir('glob(')", []],
  ])('is not expanded or typed: %s', (line, expected) => {
    expect(found(inFunction(line))).toEqual(expected);
  });

  it('may be typed by the command line alone, and tests may do anything', () => {
    const typing = { name: 'autoload/etcd/cmdline/address.vim', lines: ['scriptencoding utf-8', "call feedkeys('x')"] };
    expect(found(typing)).toEqual([]);
    expect(found({ name: 'test/a.vim', lines: ['scriptencoding utf-8', 'execute g:x', "call feedkeys('x')"] })).toEqual([]);
  });
});

it('joins continuation lines, skips comments, and does not take strings for code', () => {
  expect(found(inFunction("execute 'edit'", '" a comment in between', '      \\ a:name'))).toEqual(['executed 6']);
  expect(found(inFunction('" execute a:name', 'let x = 1 " execute a:name'))).toEqual([]);
  expect(found(inFunction("let x = 'execute' . a:name", 'let y = "a | execute b:name"'))).toEqual([]);
});

it('each function has one end', () => {
  expect(found(inFunction('let x = 1', 'endfunction'))).toEqual(['functionEnd 8']);
  expect(found(inFunction('let x = 1'))).toEqual([]);
  const open = autoload('" Runs.', 'function! etcd#sample#run() abort', '  let x = 1');
  expect(found(open)).toEqual(['functionEnd 5']);
});

describe('comesBack', () => {
  const wait = "let got = etcd#host#rpc#request('open', {}, 'read')";
  it.each([
    ['the current buffer after a wait', [wait, 'let b:x = 1'], ['comesBack 7']],
    ['after a wait and the way back', ['let here = etcd#buffer#here#note()', wait, 'call etcd#buffer#here#back(here)', 'let b:x = 1'], []],
    ['before a wait', ['let b:x = 1', wait], []],
    ['in a function that returns with the wait', [`return ${wait.slice(10)}`, 'let b:x = 1'], []],
  ])('%s', (_, body, expected) => {
    expect(found(inFunction(...body)).filter((problem) => problem.startsWith('comesBack'))).toEqual(expected);
  });
});
