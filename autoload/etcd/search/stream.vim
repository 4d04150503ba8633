" Searches that go on after their first hits were shown. Node finds the rest, and the list grows when the editor has nothing else to do.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By number in Node: list, title, name, count, told, delay, lines (of the next batch), reply.
let s:running = {}
" ms that a batch may hold the editor up, and how many hits the first one has.
let s:hold_up = 8.0
let s:first = 200
" ms between two reports of progress.
let s:tell_every = 250
" ms after which we look again whether the editor is idle, and the most that this grows to.
let s:soon = 10
let s:late = 320

" {list} (etcd#search#list) has the first hits of what `search` gave ({got}), and the rest is on its way. {title} is what users read.
function! etcd#search#stream#begin(list, got, title) abort
  let s:running[a:got.stream] = {'list': a:list, 'title': a:title, 'name': a:got.address, 'count': a:got.count, 'told': reltime(),
        \ 'delay': s:soon, 'lines': s:first}
  if maparg("\<C-C>", 'n') ==# ''
    nnoremap <special> <silent> <C-C> :<C-U>call etcd#search#stream#stop()<CR>
  endif
  call s:ask(a:got.stream)
endfunction

" Ends all searches. What was found stays.
function! etcd#search#stream#stop() abort
  for id in keys(s:running)
    let search = s:end(id)
    call etcd#host#rpc#tell('leave', {'stream': str2nr(id)})
    call etcd#search#stream#tell(search, {})
  endfor
endfunction

" The last message about {search}, and the event. {whole} is what `search` or `found` ended with, or {} if it was stopped.
function! etcd#search#stream#tell(search, whole) abort
  let hits = a:search.count == 1 ? '1 hit' : a:search.count . ' hits'
  let text = empty(a:whole) ? printf('%s stopped; %s', a:search.title, hits)
        \ : printf('%s %s in %d %s, revision %s%s%s', a:search.title, hits, a:whole.keys, a:whole.keys == 1 ? 'key' : 'keys',
        \   a:whole.revision, a:whole.scoped ? ' [partial]' : '', a:whole.more ? '; there may be more' : '')
  call etcd#ui#message#settle(a:search.title, empty(a:whole) ? 'failed' : 'success', text)
  call etcd#host#event#user('EtcdSearch')
endfunction

function! s:ask(id) abort
  let search = s:running[a:id]
  try
    call etcd#host#rpc#ask('found', {'stream': str2nr(a:id), 'name': search.name, 'max': search.lines}, function('s:arrived', [a:id]))
  catch /^etcd:/
    call s:arrived(a:id, {'err': {'message': v:exception}})
  endtry
endfunction

" The reply of `found`. It is taken in when the editor is idle.
function! s:arrived(id, reply) abort
  if !has_key(s:running, a:id)
    call s:discard(a:reply)
    return
  endif
  let s:running[a:id].reply = a:reply
  call timer_start(0, {-> s:step(a:id)})
endfunction

function! s:step(id) abort
  let search = get(s:running, a:id, {})
  if !has_key(search, 'reply')
    return
  elseif etcd#ui#idle#busy()
    let search.delay = min([search.delay * 2, s:late])
    call timer_start(search.delay, {-> s:step(a:id)})
    return
  endif
  let search.delay = s:soon
  let reply = remove(search, 'reply')
  if has_key(reply, 'err')
    call s:end(a:id)
    call etcd#ui#message#settle(search.title, 'failed', '')
    call etcd#ui#message#error(printf('%s; %d hits are there', reply.err.message, search.count))
    call etcd#host#event#user('EtcdSearch')
  elseif !s:take(search, reply.ok)
    call s:end(a:id)
    call etcd#host#rpc#tell('leave', {'stream': str2nr(a:id)})
  elseif has_key(reply.ok, 'revision')
    call s:end(a:id)
    call etcd#search#stream#tell(search, reply.ok)
  else
    call s:ask(a:id)
    call s:progress(search)
  endif
endfunction

" Returns 0 if the list is gone, because then nobody wants the hits.
function! s:take(search, found) abort
  let began = reltime()
  let items = etcd#search#list#items(a:found)
  let a:search.count += len(items)
  if !empty(items) && !etcd#search#list#add(a:search.list, items)
    return 0
  endif
  " The next batch gets its size from this one, at most twice as large.
  let share = s:hold_up / (reltimefloat(reltime(began)) * 1000 + 0.1)
  if len(items) == a:search.lines || share < 1
    let a:search.lines = float2nr(a:search.lines * (share > 2 ? 2 : share < 0.2 ? 0.2 : share)) + 10
  endif
  return 1
endfunction

function! s:progress(search) abort
  if reltimefloat(reltime(a:search.told)) * 1000 >= s:tell_every
    let a:search.told = reltime()
    call etcd#ui#message#progress(a:search.title, a:search.count, 'hits')
  endif
endfunction

" The search no longer goes on. Returns it.
function! s:end(id) abort
  let search = remove(s:running, a:id)
  call s:discard(get(search, 'reply', {}))
  if empty(s:running) && maparg("\<C-C>", 'n') =~# 'etcd#search#stream#stop()'
    silent! nunmap <special> <C-C>
  endif
  return search
endfunction

" A batch that nobody takes.
function! s:discard(reply) abort
  let file = get(get(a:reply, 'ok', {}), 'file', '')
  if file !=# ''
    call delete(file)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
