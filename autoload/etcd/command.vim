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
  let [verb, behind] = matchlist(argument, '^\(\S*\)\s*\(.*\)$')[1:2]
  try
    if has_key(s:verbs, verb) && (behind ==# '' || index(s:of_profile, verb) >= 0)
      call s:verbs[verb](behind)
      return ''
    endif
  catch /^etcd:/
    return etcd#message#raise(v:exception)
  endtry
  let address = argument =~# '^etcd:' ? argument : 'etcd:' . argument
  if a:bang
    call etcd#stream#whole(address)
  endif
  let split = a:mods =~# '\<\%(vertical\|tab\|aboveleft\|belowright\|topleft\|botright\|leftabove\|rightbelow\|horizontal\)\>'
  return join([a:mods, (split ? 'split' : 'edit') . (a:bang ? '!' : ''), fnameescape(address)])
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
