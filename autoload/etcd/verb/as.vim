" :Etcd as: the value in another form, in a buffer with a name of its own.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:forms = ['json', 'hex', 'base64', 'gzip', 'zstd', 'k8s', 'text']

" The forms that may follow `:Etcd as`, for completion.
function! etcd#verb#as#complete() abort
  return copy(s:forms)
endfunction

" Opens the value of the current buffer in the form that the argument names. If it throws 'etcd: …', nothing is changed.
function! etcd#verb#as#run(given) abort
  let known = get(b:, 'etcd', {})
  let address = get(known, 'address', bufname('%'))
  if address !~# '^etcd:' || index(['key', 'failed'], get(known, 'kind', '')) < 0
    throw 'etcd: only a value can be shown in another form'
  elseif index(s:forms, a:given.argument) < 0
    throw 'etcd: a value is shown as ' . join(s:forms, ', ')
  elseif &modified
    throw 'etcd: not shown as ' . a:given.argument . ': the text has changes that are not written (E37); :w writes them, :e! drops them'
  endif
  let last = bufnr('$')
  let split = a:given.mods =~# '\<\%(vertical\|tab\|aboveleft\|belowright\|topleft\|botright\|leftabove\|rightbelow\|horizontal\)\>'
  try
    execute escape(a:given.mods, '|') (split ? 'split' : 'edit') fnameescape(s:address(address, a:given.argument))
  catch /^Vim\%((\a\+)\)\=:E\%(37\|162\|36\|919\)/
    throw 'etcd: ' . substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', '')
  endtry
  if bufnr('%') <= last && !&modified
    " The buffer existed before, and the value may have been written in another form since.
    edit
  endif
endfunction

" {address} in {form}, whatever form it had.
function! s:address(address, form) abort
  let [name, query] = matchlist(a:address, '^\([^?]*\)?\=\(.*\)$')[1:2]
  let others = filter(split(query, '&'), 'v:val !~# "^as="')
  return name . '?' . join(['as=' . a:form] + others, '&')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
