" Listings that are shown before they are complete. The names that Node finds meanwhile are added after the others, in batches, and only
" while the editor has nothing else to do.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By buffer: id, address, place (the name that the cursor goes to), lines (of the next batch), reply, told, delay.
let s:streams = {}
" The next reading of this name waits for the whole listing.
let s:whole = ''
" ms that a batch may hold the editor up, and how many names the first one has.
let s:hold_up = 8.0
let s:first = 5000
" ms between two reports of progress.
let s:tell_every = 250
" ms after which we look again whether the editor is idle, and the most that this grows to.
let s:soon = 10
let s:late = 320

" Whether a reading of {name} waits for the whole listing: somebody has asked for that, or nobody looks (:h -es, --headless, :vimgrep).
function! etcd#listing#stream#waits(name) abort
  let asked = s:whole ==# a:name
  let s:whole = ''
  return asked || etcd#ui#idle#whole()
endfunction

" The next reading of {name}, as :edit will get it, waits for the whole listing.
function! etcd#listing#stream#whole(name) abort
  let s:whole = a:name
endfunction

" The current buffer has the first names of what `open` gave ({got}), and the rest is on its way. {place} is a name to go to.
function! etcd#listing#stream#begin(got, place) abort
  let bufnr = bufnr('%')
  let s:streams[bufnr] = {'id': a:got.stream, 'address': a:got.address, 'place': a:place, 'lines': s:first,
        \ 'told': reltime(), 'delay': s:soon}
  if maparg("\<C-C>", 'n') ==# ''
    nmap <special> <buffer> <nowait> <C-C> <Plug>(etcd-stop)
  endif
  augroup etcd_stream
    autocmd! * <buffer>
    autocmd BufUnload,BufWipeout <buffer> call etcd#listing#stream#forget(str2nr(expand('<abuf>')))
  augroup END
  call s:ask(bufnr)
endfunction

" Ends the listing that comes into {bufnr}, if one does. What is there stays, marked as partial.
function! etcd#listing#stream#stop(bufnr) abort
  if has_key(s:streams, a:bufnr)
    let names = getbufvar(a:bufnr, 'etcd').count
    let address = s:streams[a:bufnr].address
    call etcd#listing#stream#forget(a:bufnr)
    call s:over(a:bufnr, {}, printf('"%s" stopped at %d names; R lists anew', address, names))
  endif
endfunction

" The same without a message: the buffer is deleted, or read anew.
function! etcd#listing#stream#forget(bufnr) abort
  if has_key(s:streams, a:bufnr)
    let stream = remove(s:streams, a:bufnr)
    call s:discard(stream)
    call etcd#host#rpc#tell('stop', {'stream': stream.id})
    call etcd#ui#message#settle(stream.address, 'failed', '')
    call s:restore(a:bufnr)
  endif
endfunction

function! s:ask(bufnr) abort
  let stream = s:streams[a:bufnr]
  try
    call etcd#host#rpc#ask('more', {'stream': stream.id, 'name': stream.address, 'max': stream.lines},
          \ function('s:arrived', [a:bufnr, stream.id]))
  catch /^etcd:/
    call s:arrived(a:bufnr, stream.id, {'err': {'message': v:exception}})
  endtry
endfunction

" The reply of `more`. It is taken in when the editor is idle.
function! s:arrived(bufnr, id, reply) abort
  let stream = get(s:streams, a:bufnr, {})
  if get(stream, 'id') != a:id
    call s:discard({'reply': a:reply})
    return
  endif
  let stream.reply = a:reply
  call timer_start(0, {-> s:step(a:bufnr, a:id)})
endfunction

function! s:step(bufnr, id) abort
  let stream = get(s:streams, a:bufnr, {})
  if get(stream, 'id') != a:id || !has_key(stream, 'reply')
    return
  elseif etcd#ui#idle#busy()
    let stream.delay = min([stream.delay * 2, s:late])
    call timer_start(stream.delay, {-> s:step(a:bufnr, a:id)})
    return
  endif
  let stream.delay = s:soon
  let reply = remove(stream, 'reply')
  if has_key(reply, 'err')
    call remove(s:streams, a:bufnr)
    call s:restore(a:bufnr)
    call s:over(a:bufnr, {}, '')
    call etcd#ui#message#error(printf('%s; %d names are there, R lists anew', reply.err.message, getbufvar(a:bufnr, 'etcd').count))
    return
  endif
  call s:take(a:bufnr, stream, reply.ok)
endfunction

function! s:take(bufnr, stream, got) abort
  if has_key(a:got, 'file')
    call s:append(a:bufnr, a:stream, a:got)
  endif
  if has_key(a:got, 'revision')
    call remove(s:streams, a:bufnr)
    call s:restore(a:bufnr)
    let whole = filter(copy(a:got), 'index(["revision", "cluster_id", "stale", "scoped"], v:key) >= 0')
    call s:over(a:bufnr, extend(whole, {'partial': 0}), '')
  else
    call s:ask(a:bufnr)
    call s:tell(a:bufnr, a:stream, a:got.known)
  endif
endfunction

" Adds after the last line, so that no cursor, view, mark or search result moves. Nothing can be undone, and nothing is 'modified'.
function! s:append(bufnr, stream, got) abort
  let began = reltime()
  let names = readfile(a:got.file)
  call delete(a:got.file)
  if &encoding !=# 'utf-8'
    call map(names, 'iconv(v:val, "utf-8", &encoding)')
  endif
  noautocmd call etcd#buffer#kind#set_options(a:bufnr, 'listing', 'more')
  noautocmd call etcd#buffer#undo#off(a:bufnr)
  try
    noautocmd call appendbufline(a:bufnr, '$', names)
  finally
    noautocmd call etcd#buffer#undo#on(a:bufnr)
    noautocmd call etcd#buffer#kind#set_options(a:bufnr, 'listing', 'after')
  endtry
  call etcd#buffer#kind#change(a:bufnr, {'count': getbufvar(a:bufnr, 'etcd').count + a:got.count}, [])
  call etcd#listing#columns#moved(a:bufnr)
  call s:adapt(a:stream, a:got.count, reltimefloat(reltime(began)) * 1000)
  if a:stream.place !=# '' && a:bufnr == bufnr('%')
    call s:go(a:stream, names)
  endif
endfunction

" Sets the size of the next batch from the {ms} that {count} names took. It at most doubles, so that an outlier does not make a huge one.
function! s:adapt(stream, count, ms) abort
  if a:count == a:stream.lines || a:ms > s:hold_up
    let share = s:hold_up / (a:ms + 0.1)
    let a:stream.lines = float2nr(a:stream.lines * (share > 2 ? 2 : share < 0.2 ? 0.2 : share)) + 100
  endif
endfunction

" The cursor goes to the name on which the listing was left, unless it has been moved meanwhile.
function! s:go(stream, names) abort
  let at = index(a:names, a:stream.place)
  if line('.') != 1
    let a:stream.place = ''
  elseif at >= 0
    let a:stream.place = ''
    call cursor(line('$') - len(a:names) + at + 1, 1)
  endif
endfunction

" The listing is complete, or will never be. {changes} go to b:etcd, and {word} to the user ('': the usual one).
function! s:over(bufnr, changes, word) abort
  let base = etcd#buffer#kind#change(a:bufnr, extend({'filling': 0}, a:changes), [])
  let message = a:word !=# '' || base.partial ? a:word : etcd#listing#summary#text(base)
  call etcd#ui#message#settle(base.address, base.partial ? 'failed' : 'success', bufwinnr(a:bufnr) > 0 ? message : '')
  if a:bufnr == bufnr('%')
    call etcd#host#event#user('EtcdListing')
  else
    " The event belongs to that buffer.
    execute printf("autocmd etcd_stream BufEnter <buffer=%d> ++once ++nested call etcd#host#event#user('EtcdListing')", str2nr(a:bufnr))
  endif
  redrawstatus!
  call etcd#host#event#push({'event': 'listed', 'address': base.address}, {-> 0})
endfunction

function! s:tell(bufnr, stream, known) abort
  if a:bufnr == bufnr('%') && reltimefloat(reltime(a:stream.told)) * 1000 >= s:tell_every
    let a:stream.told = reltime()
    call etcd#ui#message#progress(a:stream.address, a:known)
  endif
endfunction

function! s:restore(bufnr) abort
  if bufnr('%') == a:bufnr && maparg("\<C-C>", 'n') ==# '<Plug>(etcd-stop)'
    silent! nunmap <special> <buffer> <C-C>
  elseif bufexists(a:bufnr)
    execute printf('autocmd etcd_stream BufEnter <buffer=%d> ++once silent! nunmap <special> <buffer> <C-C>', str2nr(a:bufnr))
  endif
endfunction

" A batch that nobody takes.
function! s:discard(stream) abort
  let file = get(get(get(a:stream, 'reply', {}), 'ok', {}), 'file', '')
  if file !=# ''
    call delete(file)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
