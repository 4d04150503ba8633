" From one revision of a key or a prefix to another.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:keys = [['=', 'changed']]

" Shows the key or prefix of the current buffer at {to}: a revision; or '-1', '+1' and so on for so many changes before or after; or ''
" for now. {bang}: 1 to give up changes. {mods}: <mods>; with :vertical and the like in a window of its own. Throws 'etcd: …'.
function! etcd#past#walk#to(to, bang, mods) abort
  let here = etcd#buffer#here#note()
  let address = s:address(a:to)
  if !etcd#buffer#here#back(here)
    throw printf('etcd: not shown: %s: the buffer was left during the wait', address)
  endif
  let split = matchstr(a:mods, '\<\%(vertical\|tab\|aboveleft\|belowright\|topleft\|botright\|leftabove\|rightbelow\|horizontal\)\>')
  let view = winsaveview()
  try
    if split ==# 'vertical'
      execute 'vsplit' fnameescape(address)
    elseif split ==# 'tab'
      execute 'tabedit' fnameescape(address)
    elseif split !=# ''
      execute 'split' fnameescape(address)
    else
      execute (a:bang ? 'edit!' : 'edit') fnameescape(address)
    endif
  catch /^Vim\%((\a\+)\)\=:E\%(37\|162\|36\)/
    throw 'etcd: not shown: ' . address . ': ' . substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', '')
  endtry
  if get(get(b:, 'etcd', {}), 'kind', '') ==# 'key'
    call winrestview(view)
  endif
endfunction

" Goes {count} changes before ('-') or after ('+') what the current buffer shows, as {sign} says.
function! etcd#past#walk#step(sign, count) abort
  try
    call etcd#past#walk#to(a:sign . a:count, 0, '')
  catch /^etcd:/
    call etcd#ui#message#error(v:exception)
  endtry
endfunction

" Shows what was changed at the revision of the current buffer: it becomes a diff with the version before, in a window on the left. If
" it already is such a diff, it ends.
function! etcd#past#walk#diff() abort
  if !s:end()
    call etcd#past#walk#diff_anew()
  endif
endfunction

" The same, but if another change is shown, its diff is replaced.
function! etcd#past#walk#diff_anew() abort
  call s:end()
  try
    call s:diff()
  catch /^etcd:/
    call etcd#ui#message#error(v:exception)
  endtry
endfunction

" Ends the diff of the current window. Returns 0 if there is none.
function! s:end() abort
  if !exists('w:etcd_before') || win_id2win(w:etcd_before) == 0
    return 0
  endif
  let before = w:etcd_before
  unlet w:etcd_before
  diffoff
  call win_execute(before, 'close')
  return 1
endfunction

function! s:diff() abort
  if get(get(b:, 'etcd', {}), 'kind', '') !=# 'key'
    throw 'etcd: only a value has a version before it'
  endif
  let here = etcd#buffer#here#note()
  let address = s:address('-1')
  if !etcd#buffer#here#back(here)
    throw printf('etcd: not compared with %s: the buffer was left during the wait', address)
  endif
  execute 'leftabove vertical diffsplit' fnameescape(address)
  let before = win_getid()
  if etcd#buffer#here#back(here)
    let w:etcd_before = before
  endif
endfunction

" The address of the current buffer's key or prefix, at {to}.
function! s:address(to) abort
  let known = get(b:, 'etcd', {})
  let name = get(known, 'address', bufname('%'))
  if name !~# '^etcd:'
    throw 'etcd: this buffer has no revision: it is no key and no prefix'
  endif
  let shown = get(known, 'mod_revision', get(known, 'revision', '0'))
  let params = {'name': name, 'to': a:to}
  if shown !=# '0'
    let params.revision = shown
  endif
  return etcd#host#rpc#request('at', params, 'list').address
endfunction

" Maps the keys of a value of the past in the current buffer. Each gives way to a map of the user's to the same <Plug>.
function! etcd#past#walk#map_keys() abort
  for [key, plug] in s:keys
    if !hasmapto('<Plug>(etcd-' . plug . ')', 'n') && maparg(key, 'n') ==# ''
      execute 'nmap <special> <buffer> <nowait>' key '<Plug>(etcd-' . plug . ')'
    endif
  endfor
endfunction

" Removes these maps, because the buffer has another text now.
function! etcd#past#walk#unmap_keys() abort
  for [key, plug] in s:keys
    if maparg(key, 'n') ==# '<Plug>(etcd-' . plug . ')'
      execute 'silent! nunmap <special> <buffer>' key
    endif
  endfor
endfunction

let &cpoptions = s:cpo | unlet s:cpo
