" The filetype of a value by its content, if the editor found none by the name: keys seldom have an extension. A format is named only if
" the text has what no other format has, and nothing that this format cannot have. No filetype is better than a wrong one.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" How many lines are looked at, from the top, and how many bytes at both ends of each. To match a whole line of a megabyte takes seconds.
let s:most = 50
let s:sample = 1000
" If a line has more bytes than this, highlighting does more harm than good: 1.4 MB of JSON take a second, and the time rises with the
" length.
let s:longest = 100000

let s:json_text = '"\%([^"\\]\|\\.\)*"'
let s:json_scalar = '\%(' . s:json_text . '\|-\=\d[0-9.eE+-]*\|true\|false\|null\)'
" A template begins with {{. HOCON and the like have names without quotes. A section of an INI file goes on after its ].
let s:json_start = '^\_s*\%(\[\_s*\)*\%({\_s*\%(}\|' . s:json_text . '\_s*:\|$\)\|\[\_s*\%(\]\|$\)\)\|^\_s*\[\_s*\%(\[\_s*\)*'
      \ . s:json_scalar . '\_s*\%(,\|\]\_s*\%([],]\|$\)\|$\)'

" Names stand at the margin. Everything else is a comment, a list, a mark, or indented.
let s:yaml_name = '\%([[:alnum:]_./-]\+\|"[^"]*"\|''[^'']*''\):\%(\s.*\)\=$'
let s:yaml_line = '^\%(\s*#.*\|\s*$\|---\%(\s.*\)\=$\|\.\.\.$\|%\u.*\|-\%(\s.*\)\=$\|\s\+\S.*\|[]}].*$\|' . s:yaml_name . '\)'

let s:env_line = '^\s*\%(#.*\|\%(export\s\+\)\=\h\w*=\S\@=.*\|\%(export\s\+\)\=\h\w*=\)\=$'
let s:env_name = '^\s*\%(export\s\+\)\=\u[[:upper:][:digit:]_]*='

let s:toml_name = '[[:alnum:]_-]\+\|"[^"]*"\|''[^'']*'''
let s:toml_names = '\%(' . s:toml_name . '\)\%(\s*\.\s*\%(' . s:toml_name . '\)\)*'
let s:toml_end = '\s*\%(#.*\)\=$'
let s:toml_number = '[+-]\=\%(\d[0-9_]*\%(\.[0-9_]\+\)\=\%([eE][+-]\=\d\+\)\=\|0[xob]\x[0-9A-Fa-f_]*\|inf\|nan\)'
let s:toml_date = '\d\{4}-\d\d-\d\d\%([Tt ]\d\d:\d\d[0-9:.]*\%([Zz]\|[+-]\d\d:\d\d\)\=\)\=\|\d\d:\d\d:\d\d[0-9.]*'
let s:toml_value = '\%("\%([^"\\]\|\\.\)*"\|''[^'']*''\|true\|false\|' . s:toml_number . '\|' . s:toml_date . '\)' . s:toml_end
" An INI file never has one of these as a value.
let s:toml_own = '\%(["''{]\|\[\%(.*\]' . s:toml_end . '\|[^]]*$\)\)'

let s:ini_section = '^\s*\[[^][]\+\]\s*\%([;#].*\)\=$'
let s:ini_name = '[[:alnum:]_.$@/*-][[:alnum:]_. $@/*-]*'
let s:ini_line = '^\s*\%([;#].*\|' . s:ini_name . '\s*=.*\|[[:alnum:]_.-]\+\s*:.*\|[[:alnum:]_.-]\+\)\=\s*$'

" Sets 'filetype' of the current buffer, if it is not set. (Editors set conf if they know nothing better.)
function! etcd#buffer#filetype#detect() abort
  if &filetype !=# '' && &filetype !=# 'conf'
    return
  endif
  let lines = getline(1, s:most)
  if max(map(copy(lines), 'strlen(v:val)')) > s:longest
    return
  endif
  let found = s:of(map(lines, 'strpart(v:val, 0, s:sample)'))
  if found !=# ''
    let &l:filetype = found
  endif
endfunction

function! s:of(lines) abort
  let first = matchstr(a:lines, '\S')
  if first =~# '^\s*[{[]' && s:is_json(a:lines)
    return 'json'
  elseif first =~# '^<?xml\>\|^<!DOCTYPE\>' && first !~? '^<!DOCTYPE\s\+html\>'
    return 'xml'
  endif
  return s:is_yaml(a:lines) ? 'yaml' : s:is_env(a:lines) ? 'sh' : s:is_toml(a:lines) ? 'toml' : s:is_ini(a:lines) ? 'dosini' : ''
endfunction

function! s:is_json(lines) abort
  let last = getline(prevnonblank('$'))
  let last = strpart(last, max([0, strlen(last) - s:sample]))
  return last =~# '[]}]\s*$' && strpart(join(a:lines, "\n"), 0, 2 * s:sample) =~# s:json_start
endfunction

function! s:all(lines, pattern) abort
  return empty(filter(copy(a:lines), 'v:val !~# a:pattern'))
endfunction

function! s:is_yaml(lines) abort
  let first = matchstr(a:lines, '^\s*[^#[:space:]]')
  return line('$') > 1 && first =~# '^---\|^%YAML\|^' . s:yaml_name && match(a:lines, '^' . s:yaml_name . '\|^-\s') >= 0
        \ && s:all(a:lines, s:yaml_line)
endfunction

" Values of these have no blank around the =, and no section.
function! s:is_env(lines) abort
  return match(a:lines, s:env_name) >= 0 && s:all(a:lines, s:env_line)
endfunction

" Every value must be valid in TOML, and at least one valid in no other format.
function! s:is_toml(lines) abort
  let [own, closing] = [0, '']
  for line in a:lines
    if closing !=# ''
      let closing = line =~# closing ? '' : closing
    elseif line =~# '^\s*\[\[\s*' . s:toml_names . '\s*\]\]' . s:toml_end
      let own = 1
    elseif line !~# '^\s*\%(#.*\)\=$' && line !~# '^\s*\[\s*' . s:toml_names . '\s*\]' . s:toml_end
      let value = matchstr(line, '^\s*' . s:toml_names . '\s*=\s*\zs\S.*')
      let closing = value =~# '^"""\%(.*"""\)\@!' ? '"""' : value =~# "^'''\\%(.*'''\\)\\@!" ? "'''"
            \ : value =~# '^\[[^]]*$' ? '^\s*\]' . s:toml_end . '\|\]' . s:toml_end : ''
      if closing ==# '' && value !~# '^\%(' . s:toml_value . '\|\[.*\]' . s:toml_end . '\|{.*}' . s:toml_end . '\|"""\|''''''\)'
        return 0
      endif
      let own = own || value =~# '^' . s:toml_own
    endif
  endfor
  return own
endfunction

" A section comes first, and one of the lines is a name with a value.
function! s:is_ini(lines) abort
  let lines = filter(copy(a:lines), 'v:val !~# ''^\s*\%([;#].*\)\=$''')
  if get(lines, 0, '') !~# s:ini_section || match(lines, '^\s*' . s:ini_name . '\s*=') < 0
    return 0
  endif
  let continues = 0
  for line in lines
    if !continues && line !~# s:ini_section && line !~# s:ini_line
      return 0
    endif
    let continues = line =~# '\\$'
  endfor
  return 1
endfunction

let &cpoptions = s:cpo | unlet s:cpo
