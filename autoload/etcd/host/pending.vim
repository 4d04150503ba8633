" The questions that somebody waits for. etcd#host#rpc asks them and fills this table. The files below it ask whether there are any.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By id: v:null while waiting, then the reply.
let s:pending = {}
" How many waits there are, one inside another.
let s:waits = 0
" Methods in the words of the user.
let s:words = {'open': 'read', 'put': 'write', 'preview': 'write', 'theirs': 'compare', 'search': 'search'}
" Methods that Node answers without asking etcd.
let s:local = ['canonical', 'log', 'login']

" The table itself, only for etcd#host#rpc.
function! etcd#host#pending#table() abort
  return s:pending
endfunction

" Whether somebody waits for an answer just now.
function! etcd#host#pending#waiting() abort
  return !empty(s:pending) || s:waits > 0
endfunction

" A wait begins ({by}: 1) or ends (-1), whatever it is for.
function! etcd#host#pending#count(by) abort
  let s:waits += a:by
endfunction

" What a long wait for {method} is about. It names the endpoints as they were set, because only Node knows which one is in use.
function! etcd#host#pending#words(method, params) abort
  if index(s:local, a:method) >= 0
    return 'etcd: waiting for Node.js; Ctrl-C stops'
  endif
  let name = get(a:params, 'name', '')
  let profile = get(a:params, 'profile', name ==# '' ? etcd#host#profile#used() : etcd#host#profile#of(name))
  let endpoints = etcd#host#profile#told(profile).endpoints
  let more = len(endpoints) > 1 ? printf(' and %d more', len(endpoints) - 1) : ''
  return printf('etcd: waiting for %s%s (%s%s); Ctrl-C stops', get(endpoints, 0, 'etcd'), more, get(s:words, a:method, a:method),
        \ name ==# '' ? '' : ' ' . name)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
