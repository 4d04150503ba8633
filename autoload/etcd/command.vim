" :Etcd {verb} and :Etcd {address}.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Each takes what stands behind it.
let s:verbs = {
      \ 'diff': {-> etcd#diff#open()},
      \ 'health': {-> etcd#health#show()},
      \ 'log': {-> s:log()},
      \ 'restart': {-> etcd#job#stop()},
      \ 'status': {profile -> etcd#status#show(profile)},
      \ 'use': {profile -> etcd#profile#use(profile)},
      \ }
" Those that take a profile.
let s:of_profile = ['status', 'use']

" Runs the command line behind :Etcd. {mods} as <q-mods>, {bang} 0 or 1. Returns a command for :execute.
function! etcd#command#run(mods, bang, argument) abort
  let argument = trim(a:argument)
  if argument !~# '/\|^etcd:\|^$'
    return s:do(argument, a:bang)
  endif
  let address = argument =~# '^etcd:' ? argument : 'etcd:' . argument
  if a:bang
    call etcd#stream#whole(address)
  endif
  let split = a:mods =~# '\<\%(vertical\|tab\|aboveleft\|belowright\|topleft\|botright\|leftabove\|rightbelow\|horizontal\)\>'
  return join([a:mods, (split ? 'split' : 'edit') . (a:bang ? '!' : ''), fnameescape(address)])
endfunction

" What is no address is a verb, or a slip: a key that nobody meant is worse than a word.
function! s:do(argument, bang) abort
  let [verb, behind] = matchlist(a:argument, '^\(\S*\)\s*\(.*\)$')[1:2]
  try
    if !has_key(s:verbs, verb)
      throw s:unknown(verb)
    elseif a:bang
      throw printf('etcd: :Etcd %s takes no !', verb)
    elseif behind !=# '' && index(s:of_profile, verb) < 0
      throw printf('etcd: :Etcd %s takes nothing after it', verb)
    endif
    call s:verbs[verb](behind)
  catch /^etcd:/
    return etcd#message#raise(v:exception)
  endtry
  return ''
endfunction

function! s:unknown(verb) abort
  let nearest = etcd#near#of(a:verb, etcd#command#verbs())
  let meant = nearest ==# '' ? 'there are ' . join(etcd#command#verbs(), ', ') : 'do you mean ' . nearest . '?'
  return printf('etcd: :Etcd has no %s: %s; the key of that name is :Etcd etcd:%s', a:verb, meant, a:verb)
endfunction

" The verbs, for completion.
function! etcd#command#verbs() abort
  return sort(keys(s:verbs))
endfunction

" What may stand behind {verb}.
function! etcd#command#arguments(verb) abort
  return index(s:of_profile, a:verb) >= 0 ? etcd#profile#titles() : []
endfunction

" What was asked and answered, in a scratch buffer.
function! s:log() abort
  let lines = etcd#rpc#request('log', {}, 'read').lines
  call etcd#scratch#show('etcd-log', lines)
  normal! G
endfunction

let &cpoptions = s:cpo | unlet s:cpo
