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

" What etcd#grep() and etcd#keys() find for {query}, a dict: prefix, pattern, max. {arguments} has nothing, or a function. The
" function gets the items and '' later; or [] and why there are none. Without it the items are returned, or the reason is thrown.
function! etcd#search#run#all(verb, query, arguments) abort
  if empty(a:arguments)
    return etcd#search#list#items(etcd#host#rpc#request('search', s:params(a:verb, a:query), 'list'))
  endif
  let Callback = a:arguments[0]
  if type(Callback) != v:t_func
    throw 'etcd: the callback is a function, not ' . string(Callback)
  endif
  try
    call etcd#host#rpc#ask('search', s:params(a:verb, a:query), {reply -> timer_start(0, {-> s:give(Callback, reply)})})
  catch /^etcd:/
    let reply = {'err': {'message': v:exception}}
    call timer_start(0, {-> s:give(Callback, reply)})
  endtry
  return []
endfunction

" The params of `search` for {query}. Throws 'etcd: …'.
function! s:params(verb, query) abort
  let query = s:checked(a:query)
  let pattern = get(query, 'pattern', '')
  if pattern ==# '' && a:verb ==# 'find'
    let params = {'what': 'names', 'kind': 'glob', 'pattern': '**', 'name': etcd#search#pattern#here()}
  else
    let params = etcd#search#pattern#parse(a:verb, pattern)
  endif
  if get(query, 'prefix', '') !=# ''
    let params.name = query.prefix =~# '^etcd:' ? query.prefix : 'etcd:' . query.prefix
  endif
  return extend(params, s:amount(0, get(query, 'max', s:most)))
endfunction

" {query} as a dict. A name that is misspelt would search for something else. Throws 'etcd: …'.
function! s:checked(query) abort
  if type(a:query) == v:t_list && empty(a:query)
    " Lua gives {} as an empty list.
    return {}
  elseif type(a:query) != v:t_dict
    throw 'etcd: a query is a dictionary with pattern, prefix and max, not ' . string(a:query)
  endif
  for [name, value] in items(a:query)
    if index(['pattern', 'prefix', 'max'], name) < 0
      throw printf('etcd: a query has no %s, but pattern, prefix and max', name)
    elseif name ==# 'max' ? type(value) != v:t_number || value < 1 : index([v:t_string, v:t_number], type(value)) < 0
      throw printf('etcd: %s of a query is %s, not %s', name, name ==# 'max' ? 'a number from 1 on' : 'text', string(value))
    endif
  endfor
  return a:query
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
