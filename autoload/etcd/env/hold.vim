" Variables in the editor's own environment: for one command, or until they are given back.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The variables of the session: 'address', 'values', and 'before' from s:set().
let s:session = {}

" Calls {Work} with the variables {values}. However it ends, they are then as before.
function! etcd#env#hold#during(values, Work) abort
  let before = s:set(a:values)
  try
    call a:Work()
  finally
    call s:set(before)
  endtry
endfunction

" From now on the editor, and everything that it starts, has the variables {values}, which are from {address}. Those of an earlier call
" are removed.
function! etcd#env#hold#keep(address, values) abort
  call etcd#env#hold#release()
  let s:session = {'address': a:address, 'values': a:values, 'before': s:set(a:values)}
  redrawstatus!
endfunction

" Gives them back, except those that were changed meanwhile. Returns the address that they were from; '' if there were none.
function! etcd#env#hold#release() abort
  if empty(s:session)
    return ''
  endif
  let [held, s:session] = [s:session, {}]
  call s:set(filter(held.before, {name -> getenv(name) is# held.values[name]}))
  redrawstatus!
  return held.address
endfunction

" '[env /app/]' while the session has variables, else ''. It holds nothing that a status line would obey.
function! etcd#env#hold#sign() abort
  let from = substitute(get(s:session, 'address', ''), '^etcd://\ze/', '', '')
  return from ==# '' ? '' : from =~# '^[[:alnum:]_./:=?-]\+$' ? '[env ' . from . ']' : '[env]'
endfunction

" Returns the old values. It is v:null for a variable that did not exist, and that unsets it.
function! s:set(values) abort
  let before = map(copy(a:values), {name -> getenv(name)})
  for [name, value] in items(a:values)
    call setenv(name, value)
  endfor
  return before
endfunction

let &cpoptions = s:cpo | unlet s:cpo
