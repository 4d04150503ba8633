" Events both ways: autocommands that we fire, and what Node tells without being asked.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:queue = []
let s:timer = 0
let s:noticed = {}
" By name: who hears what others have changed in etcd.
let s:live = {}

" Fires the autocommand {event} for {name} as the editor would for a file, but without modelines, because values may come from anybody
" (:h modeline). An error in somebody's autocommand is shown, and is not ours. Without a listener the editor would say that there is none.
function! etcd#host#event#fire(event, name) abort
  if !exists('#' . a:event)
    return
  endif
  try
    call etcd#host#event#before(a:event, a:name)
  catch
    call etcd#ui#message#error(v:exception)
  endtry
endfunction

" The same for an event before a write. What an autocommand throws reaches the caller, and ends the write (:h except-autocmd-Pre). An
" ordinary error does not, as for a file.
function! etcd#host#event#before(event, name) abort
  call etcd#buffer#foreign#guard()
  try
    execute 'doautocmd <nomodeline>' a:event fnameescape(a:name)
  catch /^Vim\%((\a\+)\)\=:\%(Interrupt\)\@!/
    call etcd#ui#message#error(v:exception)
  endtry
endfunction

" Fires `User {event}` if somebody listens.
function! etcd#host#event#user(event) abort
  if exists('#User#' . a:event)
    call etcd#host#event#fire('User', a:event)
  endif
endfunction

" Takes one event from Node, a dict with 'event' and 'address' (src/host/protocol.ts, PushedEvent). It is queued, and handled outside of
" any other work. An event about a request that somebody waits for goes to {Hear} at once.
function! etcd#host#event#push(event, Hear) abort
  let event = extend({'event': '', 'address': '', 'count': 0, 'id': 0, 'ms': 0, 'all': 0}, a:event)
  if type(event.event) != v:t_string || type(event.address) != v:t_string || type(event.count) != v:t_number || event.event ==# ''
    return
  elseif event.event ==# 'deadline' || event.event ==# 'unsent'
    if type(event.id) == v:t_number && type(event.ms) == v:t_number
      call a:Hear(event)
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
  try
    while !empty(s:queue)
      call s:take(remove(s:queue, 0))
    endwhile
  finally
    " Ctrl-C has ended it.
    if !empty(s:queue) && !s:timer
      let s:timer = timer_start(0, {-> s:drain()})
    endif
  endtry
endfunction

function! s:take(event) abort
  if a:event.event ==# 'progress' && type(a:event.all) == v:t_number && a:event.all
    call etcd#ui#message#steps(a:event.count, a:event.all)
  elseif a:event.event ==# 'progress'
    call etcd#ui#message#progress(a:event.address, a:event.count)
  elseif a:event.event ==# 'notice'
    call s:notice(a:event.text)
  else
    for Live in values(s:live)
      call Live(a:event)
    endfor
  endif
endfunction

" From now on {Live} is called with each event about what is watched, and with 'lost' if Node has ended. It must ignore events that it
" does not know. {name} distinguishes it from others.
function! etcd#host#event#listen(name, Live) abort
  let s:live[a:name] = a:Live
endfunction

" Shown once in the life of the editor, however often Node starts.
function! s:notice(text) abort
  if !has_key(s:noticed, a:text)
    let s:noticed[a:text] = 1
    call etcd#ui#message#warn(a:text)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
