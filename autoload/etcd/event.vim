" Events both ways: autocommands that we fire, and what Node tells without being asked.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:queue = []
let s:timer = 0
let s:noticed = {}

" Fires the autocommand {event} for {name} as the editor would for a file, but with no modelines: values are not ours to
" trust (:h modeline). An error in someone's autocommand is shown and is not ours.
function! etcd#event#fire(event, name) abort
  try
    call etcd#event#before(a:event, a:name)
  catch
    call etcd#message#error(v:exception)
  endtry
endfunction

" The same for an event before a write: what an autocommand throws goes on to the caller, and ends the write
" (:h except-autocmd-Pre). An ordinary error does not, as for a file.
function! etcd#event#before(event, name) abort
  call etcd#foreign#guard()
  try
    execute 'doautocmd <nomodeline>' a:event fnameescape(a:name)
  catch /^Vim\%((\a\+)\)\=:\%(Interrupt\)\@!/
    call etcd#message#error(v:exception)
  endtry
endfunction

" Fires `User {event}` where someone listens.
function! etcd#event#user(event) abort
  if exists('#User#' . a:event)
    call etcd#event#fire('User', a:event)
  endif
endfunction

" Takes one event from Node, a dict with 'event' and 'address' (src/rpc/protocol.ts, PushedEvent). Queued, and handled
" outside of any other work, but for the deadline of a request that someone waits for.
function! etcd#event#push(event) abort
  let event = extend({'event': '', 'address': '', 'count': 0, 'id': 0, 'ms': 0}, a:event)
  if type(event.event) != v:t_string || type(event.address) != v:t_string || type(event.count) != v:t_number || event.event ==# ''
    return
  elseif event.event ==# 'deadline'
    if type(event.id) == v:t_number && type(event.ms) == v:t_number
      call etcd#rpc#allow(event.id, event.ms)
    endif
    return
  endif
  call add(s:queue, event)
  if !s:timer
    let s:timer = timer_start(0, {-> s:drain()})
  endif
endfunction

function! s:drain() abort
  let s:timer = 0
  let queue = s:queue
  let s:queue = []
  for event in queue
    if event.event ==# 'progress'
      call etcd#message#progress(event.address, event.count)
    elseif event.event ==# 'notice'
      call s:notice(event.text)
    else
      let g:etcd_event = event
      call etcd#event#user('EtcdChanged')
      unlet! g:etcd_event
    endif
  endfor
endfunction

" Once in the life of the editor, however often Node starts.
function! s:notice(text) abort
  if !has_key(s:noticed, a:text)
    let s:noticed[a:text] = 1
    call etcd#message#warn(a:text)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
