" The filetype of a value by its content, where the editor found none by the name: keys rarely have an extension.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Lines that are looked at, from the top, and bytes at the ends of each: of a line of a megabyte, all is seconds of matching.
let s:most = 50
let s:sample = 1000
" Bytes of a line from which on highlighting it is worse than none: 1.4 MB of JSON take a second, the price rises with the length.
let s:longest = 100000
" No list in JSON, but the first line of an INI or TOML file.
let s:section = '^\s*\[\%(\%(true\|false\|null\)\>\)\@!\a[^]"]*\]\s*$'
" In this order: [filetype, a pattern that a line must match, one that all lines must match].
let s:signs = [
      \ ['xml', '^<?xml\|^<!DOCTYPE', ''],
      \ ['toml', '^\s*[[:alnum:]_."-]\+\s*=\s*\%(["''[{]\|true\>\|false\>\)',
      \   '^\s*\%(#.*\|\[\[\=[^]]*\]\]\=\s*\%(#.*\)\=\|[[:alnum:]_."-]\+\s*=\s*[^[:space:]].*\|["''\]}].*\|\)$'],
      \ ['dosini', '^\[[^]]*\]\s*$', '^\s*\%([#;].*\|\[[^]]*\]\|[^=:]*\%([=:].*\)\=\)\s*$'],
      \ ['sh', '^\%(export\s\+\)\=\u[[:upper:][:digit:]_]*=', '^\s*\%(#.*\|\%(export\s\+\)\=\h\w*=.*\|\)$'],
      \ ]

" Sets 'filetype' of the current buffer; leaves it where it is set. (conf is what editors say where they know nothing else.)
function! etcd#filetype#detect() abort
  if &filetype !=# '' && &filetype !=# 'conf'
    return
  endif
  let lines = getline(1, s:most)
  if max(map(copy(lines), 'strlen(v:val)')) > s:longest
    return
  endif
  call map(lines, 'strpart(v:val, 0, s:sample)')
  let first = matchstr(lines, '\S')
  let last = getline(prevnonblank('$'))
  let last = strpart(last, max([0, strlen(last) - s:sample]))
  let found = first =~# '^\s*[{[]' && last =~# '[]}]\s*$' && first !~# s:section ? 'json'
        \ : first =~# '^---\s*$\|^[[:alnum:]_.-]\+:\%(\s.*\)\=$' && line('$') > 1 ? 'yaml'
        \ : s:by_signs(lines)
  if found !=# ''
    let &l:filetype = found
  endif
endfunction

function! s:by_signs(lines) abort
  for [filetype, one, all] in s:signs
    if match(a:lines, one) >= 0 && (all ==# '' || empty(filter(copy(a:lines), 'v:val !~# all')))
      return filetype
    endif
  endfor
  return ''
endfunction

let &cpoptions = s:cpo | unlet s:cpo
