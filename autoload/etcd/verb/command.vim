" :Etcd {verb} and :Etcd {address}.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Runs the command. {mods} is as <q-mods>, {bang} is 0 or 1, {range} is [first, last] or [], {argument} is what follows :Etcd. Returns a
" command for :execute.
function! etcd#verb#command#run(mods, bang, range, argument) abort
  let argument = trim(a:argument)
  try
    if s:is_address(argument)
      call s:check('{address}', a:bang, a:range, {'bang': 1, 'range': 0})
      return s:open(a:mods, a:bang, argument)
    endif
    return s:do(a:mods, a:bang, a:range, argument)
  catch /^etcd:/
    return etcd#ui#message#raise(v:exception)
  endtry
endfunction

" Only the first word counts: what follows a verb, or a misspelt verb, may be an address.
function! s:is_address(argument) abort
  return a:argument ==# '' || matchstr(a:argument, '^\S\+') =~# '/\|^etcd:'
endfunction

function! s:open(mods, bang, argument) abort
  let address = a:argument =~# '^etcd:' ? a:argument : 'etcd:' . a:argument
  if a:bang
    call etcd#listing#stream#whole(address)
  endif
  let split = a:mods =~# '\<\%(vertical\|tab\|aboveleft\|belowright\|topleft\|botright\|leftabove\|rightbelow\|horizontal\)\>'
  return join([a:mods, (split ? 'split' : 'edit') . (a:bang ? '!' : ''), fnameescape(address)])
endfunction

" If it is no address, it is a verb or a slip. A message is better than a key that nobody meant.
function! s:do(mods, bang, range, argument) abort
  let [verb, mark, rest] = matchlist(a:argument, '^\(\S\{-}\)\(!\=\)\%(\s\+\(.*\)\)\=$')[1:3]
  let bang = a:bang || mark ==# '!'
  let row = get(etcd#verb#table#rows(), verb, {})
  if empty(row)
    throw s:unknown(verb)
  endif
  call s:check(verb, bang, a:range, row)
  if rest !=# '' && row.complete is v:null
    throw printf('etcd: :Etcd %s takes nothing after it', verb)
  endif
  call row.run({'argument': rest, 'bang': bang, 'range': a:range, 'mods': a:mods})
  return ''
endfunction

" Throws if {bang} or {range} was given to {what}, and its {row} does not take it.
function! s:check(what, bang, range, row) abort
  if !empty(a:range) && !a:row.range
    throw printf('etcd: :Etcd %s takes no range (E481)', a:what)
  elseif a:bang && !a:row.bang
    throw printf('etcd: :Etcd %s takes no ! (E477)', a:what)
  endif
endfunction

function! s:unknown(verb) abort
  let verbs = etcd#verb#table#verbs()
  let nearest = etcd#verb#near#of(a:verb, verbs)
  let meant = nearest ==# '' ? 'there are ' . join(verbs, ', ') : 'do you mean ' . nearest . '?'
  return printf('etcd: :Etcd has no %s: %s; the key of that name is :Etcd etcd:%s', a:verb, meant, a:verb)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
