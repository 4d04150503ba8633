" The past of a key or a prefix as a location list, which grows while it is read.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By the number of a stream: window (the one that the list belongs to), list (its id), address and count.
let s:lists = {}
" Changes that come at once, and ms until we look again whether the editor is idle.
let s:batch = 1000
let s:soon = 20

" The current window gets a location list with what `history` gave ({got}), and its window opens.
function! etcd#past#list#show(got) abort
  let items = s:items(a:got.entries)
  if empty(items)
    return etcd#ui#message#info(printf('etcd: %s has no history%s', a:got.address, s:since(a:got)))
  endif
  let owner = win_getid()
  let at = index(map(copy(items), 'v:val.filename'), bufname('%'))
  " A list makes a buffer for each name: nobody is to be told of each.
  noautocmd call setloclist(0, [], ' ', {'title': ':Etcd history ' . a:got.address, 'items': items})
  noautocmd call setloclist(0, [], 'a', {'idx': at < 0 ? 1 : at + 1})
  let list = getloclist(0, {'id': 0}).id
  lopen
  setlocal nowrap
  nnoremap <special> <buffer> <silent> <nowait> = :<C-U>call etcd#past#list#diff()<CR>
  let state = {'window': owner, 'list': list, 'address': a:got.address, 'count': len(items)}
  if !has_key(a:got, 'stream')
    return s:over(state, a:got)
  endif
  let s:lists[a:got.stream] = state
  let b:etcd_history = a:got.stream
  nnoremap <special> <buffer> <silent> <nowait> <C-C> :<C-U>call etcd#past#list#stop(b:etcd_history)<CR>
  call s:ask(a:got.stream)
endfunction

" In the list: opens the change on the line, and shows what it was, in a diff with the version before.
function! etcd#past#list#diff() abort
  try
    execute line('.') . 'll'
  catch /^Vim\%((\a\+)\)\=:E/
    return etcd#ui#message#error('etcd: not shown: ' . substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', ''))
  endtry
  call etcd#past#walk#diff_anew()
endfunction

" What has come of the history {stream} stays, and no more comes.
function! etcd#past#list#stop(stream) abort
  if has_key(s:lists, a:stream)
    let state = remove(s:lists, a:stream)
    call etcd#host#rpc#tell('history_stop', {'stream': a:stream})
    call etcd#ui#message#info(printf('etcd: stopped at %d changes of %s', state.count, state.address))
  endif
endfunction

function! s:ask(stream) abort
  let params = {'stream': a:stream, 'name': s:lists[a:stream].address, 'max': s:batch}
  try
    call etcd#host#rpc#ask('history_more', params, {reply -> timer_start(0, {-> s:arrived(a:stream, reply)})})
  catch /^etcd:/
    call s:arrived(a:stream, {'err': {'message': v:exception}})
  endtry
endfunction

" In the middle of a command or of typing, any other time is better.
function! s:arrived(stream, reply) abort
  if !has_key(s:lists, a:stream)
    return
  elseif mode(1) !~# '^nt\=$'
    call timer_start(s:soon, {-> s:arrived(a:stream, a:reply)})
    return
  endif
  let state = s:lists[a:stream]
  if has_key(a:reply, 'err')
    call remove(s:lists, a:stream)
    call etcd#ui#message#error(printf('%s; %d changes are there', a:reply.err.message, state.count))
    return
  endif
  let got = a:reply.ok
  noautocmd let gone = setloclist(state.window, [], 'a', {'id': state.list, 'items': s:items(got.entries)})
  let state.count += len(got.entries)
  if gone
    call etcd#past#list#stop(a:stream)
  elseif got.whole
    call remove(s:lists, a:stream)
    call s:over(state, got)
  else
    call s:ask(a:stream)
  endif
endfunction

function! s:over(state, got) abort
  let changes = a:state.count == 1 ? 'change' : 'changes'
  call etcd#ui#message#info(printf('"%s" %d %s%s', a:state.address, a:state.count, changes, s:since(a:got)))
endfunction

" Why there are no older changes.
function! s:since(got) abort
  let since = get(a:got, 'since', '')
  return since ==# '' ? '; older ones: add ?rev=N' : since ==# '1' ? '' : '; what was before revision ' . since . ' is compacted'
endfunction

function! s:items(entries) abort
  return map(copy(a:entries), '{"filename": v:val.address, "lnum": 1, "text": v:val.text, "valid": 1}')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
