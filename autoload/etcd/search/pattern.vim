" What follows :Etcd grep and :Etcd find: a pattern, and the prefix to search.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:rest = '\%(\s\+\(.*\)\)\=$'
let s:quoted = ['^''\(\%([^'']\|''''\)*\)''' . s:rest, '^"\(\%([^"]\|""\)*\)"' . s:rest]
" As in JavaScript, a slash within [] needs no backslash. The second pattern matches if a ] is missing; then Node refuses the expression by
" its name.
let s:regexps = ['^/\(\%([^/\\[]\|\[\%([^]\\]\|\\.\)*\]\|\\.\)\+\)/\([dgimsuvy]*\)' . s:rest,
      \ '^/\(\%([^/\\]\|\\.\)\+\)/\([dgimsuvy]*\)' . s:rest]
let s:word = '^\(\%(\\\s\|\S\)\+\)' . s:rest

" {argument} of {verb} as the params of `search` (src/host/methods/search.ts), without how much is wanted. Throws 'etcd: …'.
function! etcd#search#pattern#parse(verb, argument) abort
  let names = a:verb ==# 'find'
  let what = {'what': names ? 'names' : 'values'}
  for quoted in s:quoted
    let parts = matchlist(a:argument, quoted)
    if !empty(parts)
      let mark = a:argument[0]
      return s:params(what, 'text', substitute(parts[1], mark . mark, mark, 'g'), parts[2])
    endif
  endfor
  for regexp in s:regexps
    let parts = matchlist(a:argument, regexp)
    if !empty(parts)
      return extend(s:params(what, 'regexp', parts[1], parts[3]), {'flags': parts[2]})
    endif
  endfor
  let parts = matchlist(a:argument, s:word)
  if a:argument =~# '^[''"]'
    throw printf('etcd: the text in quotes has no end: %s; within it %s is a quote', a:argument, repeat(a:argument[0], 2))
  elseif empty(parts)
    throw printf('etcd: :Etcd %s wants a pattern; a " begins a comment: \" is one that does not, and ''…'' quotes as well', a:verb)
  endif
  let kind = names && parts[1] =~# '[*?]' ? 'glob' : 'text'
  return s:params(what, kind, substitute(parts[1], '\\\(\s\)', '\1', 'g'), parts[2])
endfunction

" {params} as users read them.
function! etcd#search#pattern#title(verb, params) abort
  let pattern = a:params.kind ==# 'regexp' ? '/' . a:params.pattern . '/' . a:params.flags
        \ : a:params.pattern =~# '\s\|^[/''"]' ? "'" . substitute(a:params.pattern, "'", "''", 'g') . "'" : a:params.pattern
  return printf(':Etcd %s %s', a:verb, pattern)
endfunction

" The prefix that the current buffer is about.
function! etcd#search#pattern#here() abort
  return etcd#listing#path#around(get(b:, 'etcd', {}))
endfunction

function! s:params(what, kind, pattern, prefix) abort
  if a:pattern ==# ''
    throw 'etcd: the pattern is empty'
  elseif a:prefix !~# '^\%(etcd:.*\|/.*\|\./.*\)\=$'
    throw printf("etcd: %s is no prefix: that begins with / or etcd:; text with spaces goes into quotes, 'like this'", a:prefix)
  endif
  let name = a:prefix ==# '' ? etcd#search#pattern#here() : a:prefix =~# '^etcd:' ? a:prefix : 'etcd:' . a:prefix
  return extend({'kind': a:kind, 'pattern': a:pattern, 'name': name}, a:what)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
