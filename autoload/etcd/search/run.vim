" :Etcd grep, :Etcd lgrep and :Etcd find, from the command line to the list.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The most hits of one search, because the editor makes a buffer for each key in a list.
let s:most = 10000

" Does {verb} with {given} (autoload/etcd/verb/table.vim). {window} gets a location list; 0: the quickfix list. If it throws 'etcd: …',
" no list was made.
function! etcd#search#run#into_list(verb, given, window) abort
  let here = etcd#buffer#here#note()
  let params = etcd#search#pattern#parse(a:verb, a:given.argument)
  call etcd#host#event#fire('QuickFixCmdPre', a:verb)
  let got = etcd#host#rpc#request('search', extend(params, s:amount(etcd#ui#idle#whole() ? 0 : 1, s:most)), 'list')
  let items = etcd#search#list#items(got)
  let title = etcd#search#pattern#title(a:verb, params) . ' ' . got.address
  if !etcd#buffer#here#back(here) && a:window && win_id2win(a:window) == 0
    call s:leave(got)
    throw 'etcd: the window of that list was closed during the wait'
  endif
  let list = etcd#search#list#open(a:window, title)
  call etcd#search#list#add(list, items)
  if has_key(got, 'stream')
    call etcd#search#stream#begin(list, got, title)
  else
    call etcd#search#stream#tell({'title': title, 'count': got.count}, got)
  endif
  call etcd#host#event#fire('QuickFixCmdPost', a:verb)
  if !a:given.bang && !empty(items)
    call s:jump(list)
  endif
endfunction

" The params of `search` for {query}, a dict of etcd#grep() or etcd#keys(): prefix, pattern, max. Throws 'etcd: …'.
function! etcd#search#run#params(verb, query) abort
  let pattern = get(a:query, 'pattern', '')
  if pattern ==# '' && a:verb ==# 'find'
    let params = {'what': 'names', 'kind': 'glob', 'pattern': '**', 'name': etcd#search#pattern#here()}
  else
    let params = etcd#search#pattern#parse(a:verb, pattern)
  endif
  if get(a:query, 'prefix', '') !=# ''
    let params.name = a:query.prefix =~# '^etcd:' ? a:query.prefix : 'etcd:' . a:query.prefix
  endif
  return extend(params, s:amount(0, get(a:query, 'max', s:most)))
endfunction

" The items that {params} find. {Callback} gets them and ''; or [] and why there are none. Without it ({} is given) the items are
" returned, or the reason is thrown.
function! etcd#search#run#all(params, Callback) abort
  if type(a:Callback) != v:t_func
    return etcd#search#list#items(etcd#host#rpc#request('search', a:params, 'list'))
  endif
  call etcd#host#rpc#ask('search', a:params, {reply -> timer_start(0, {-> s:give(a:Callback, reply)})})
  return []
endfunction

function! s:give(Callback, reply) abort
  if has_key(a:reply, 'err')
    call a:Callback([], a:reply.err.message)
  else
    call a:Callback(etcd#search#list#items(a:reply.ok), '')
  endif
endfunction

function! s:amount(stream, max) abort
  return {'max': a:max, 'stream': a:stream ? v:true : v:false}
endfunction

function! s:leave(got) abort
  if has_key(a:got, 'stream')
    call etcd#host#rpc#tell('leave', {'stream': a:got.stream})
  endif
endfunction

" Goes to the first hit, like :grep.
function! s:jump(list) abort
  try
    execute a:list.window ? 'lfirst' : 'cfirst'
  catch /^Vim\%((\a\+)\)\=:E/
    throw 'etcd: ' . substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', '')
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
