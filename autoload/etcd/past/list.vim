" The past of a key or a prefix as a location list, which grows while it is read.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By the number of a stream: window (which the list belongs to), list (its id), address, entries and batch (changes that come at once).
let s:lists = {}
" The size of the first batch, and of the largest. Then the ms that a batch may hold the editor up. It does, because each version is one
" more buffer, and its name is compared with those of all others.
let [s:first, s:most] = [200, 1000]
let s:hold_up = 30.0

" The current window gets a location list with what `history` gave ({got}), and the list's window opens.
function! etcd#past#list#show(got) abort
  if empty(a:got.entries)
    return etcd#ui#message#info(printf('etcd: %s has no history%s', a:got.address, s:since(a:got)))
  endif
  let owner = win_getid()
  let at = index(map(copy(a:got.entries), 'v:val.address'), bufname('%'))
  noautocmd call setloclist(0, [], ' ', {'title': ':Etcd history ' . a:got.address, 'items': []})
  let state = {'window': owner, 'list': getloclist(0, {'id': 0}).id, 'address': a:got.address, 'entries': [],
        \ 'batch': s:first, 'messages': etcd#ui#message#count()}
  call etcd#past#near#add(0, state.list, state.entries, a:got.entries)
  noautocmd call setloclist(0, [], 'a', {'idx': at < 0 ? 1 : at + 1})
  augroup etcd_past
    autocmd! FileType qf
    autocmd FileType qf call etcd#past#list#keys()
  augroup END
  lopen
  call etcd#past#list#keys()
  if !has_key(a:got, 'stream')
    return s:over(state, a:got)
  endif
  let s:lists[a:got.stream] = state
  call s:ask(a:got.stream)
endfunction

" The current window shows a list, maybe one of ours. :lopen makes a new buffer each time.
function! etcd#past#list#keys() abort
  if get(getloclist(0, {'title': 0}), 'title', '') !~# '^:Etcd history '
    return
  endif
  setlocal nowrap
  augroup etcd_past
    autocmd! CursorMoved <buffer>
    autocmd CursorMoved <buffer> call etcd#past#near#here()
  augroup END
  nnoremap <special> <buffer> <silent> <nowait> <CR> :<C-U>call etcd#past#near#go()<CR>
  nnoremap <special> <buffer> <silent> <nowait> = :<C-U>call etcd#past#list#diff()<CR>
  nnoremap <special> <buffer> <silent> <nowait> <C-C> :<C-U>call etcd#past#list#stop()<CR>
endfunction

" In the list: opens the change on the line, and shows what it was, in a diff with the version before.
function! etcd#past#list#diff() abort
  try
    call etcd#past#near#go()
  catch /^Vim\%((\a\+)\)\=:E/
    return etcd#ui#message#error('etcd: not shown: ' . substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', ''))
  endtry
  call etcd#past#walk#diff_anew()
endfunction

" In the list: what has come of it stays, and no more comes.
function! etcd#past#list#stop() abort
  let list = getloclist(0, {'id': 0}).id
  for stream in filter(keys(s:lists), 's:lists[v:val].list == list')
    call s:stop(str2nr(stream))
  endfor
endfunction

" What has come of the history {stream} stays, and no more comes.
function! s:stop(stream) abort
  if has_key(s:lists, a:stream)
    let state = remove(s:lists, a:stream)
    call etcd#host#rpc#tell('history_stop', {'stream': a:stream})
    call etcd#ui#message#info(printf('etcd: stopped at %d changes of %s', len(state.entries), state.address))
  endif
endfunction

function! s:ask(stream) abort
  let params = {'stream': a:stream, 'name': s:lists[a:stream].address, 'max': s:lists[a:stream].batch}
  try
    call etcd#host#rpc#ask('history_more', params, {reply -> s:put_off(a:stream, reply)})
  catch /^etcd:/
    call s:arrived(a:stream, {'err': {'message': v:exception}})
  endtry
endfunction

" It is put off in the middle of a command, a macro or of typing, because any other time is better.
function! s:put_off(stream, reply) abort
  call etcd#live#idle#call('history ' . a:stream, {-> s:arrived(a:stream, a:reply)})
endfunction

function! s:arrived(stream, reply) abort
  if !has_key(s:lists, a:stream)
    return
  endif
  let state = s:lists[a:stream]
  if has_key(a:reply, 'err')
    call remove(s:lists, a:stream)
    call etcd#ui#message#error(printf('%s; %d changes are there', a:reply.err.message, len(state.entries)))
    return
  endif
  let got = a:reply.ok
  let began = reltime()
  let gone = etcd#past#near#add(state.window, state.list, state.entries, got.entries)
  let state.batch = s:fitting(len(got.entries), reltimefloat(reltime(began)) * 1000)
  if gone
    call s:stop(a:stream)
  elseif got.whole
    call remove(s:lists, a:stream)
    call etcd#past#near#whole(state.window, state.list)
    call s:over(state, got)
  else
    call s:ask(a:stream)
  endif
endfunction

" How many changes take as long as a batch may, if {count} of them took {ms}.
function! s:fitting(count, ms) abort
  let share = s:hold_up / (a:ms + 0.1)
  return min([s:most, 10 + float2nr(a:count * (share > 2 ? 2 : share))])
endfunction

function! s:over(state, got) abort
  " The rest can come late: what was said since then is newer.
  if etcd#ui#message#count() != a:state.messages
    return
  endif
  let changes = len(a:state.entries) == 1 ? 'change' : 'changes'
  call etcd#ui#message#info(printf('"%s" %d %s%s', a:state.address, len(a:state.entries), changes, s:since(a:got)))
endfunction

" Why there are no older changes.
function! s:since(got) abort
  let since = get(a:got, 'since', '')
  return since ==# '' ? '; older ones: add ?rev=N' : since ==# '1' ? '' : '; what was before revision ' . since . ' is compacted'
endfunction

let &cpoptions = s:cpo | unlet s:cpo
