" Words to the user. The only place that prints; remote text is made printable here.
scriptencoding utf-8

let s:longest = 500
let s:info = ''
let s:timer = 0

" One line in the colour of errors, kept in :messages. For what is not an error to scripts (a failed read is none, as for files).
function! etcd#message#error(text) abort
  echohl ErrorMsg
  try
    echomsg etcd#message#line(a:text)
  finally
    echohl None
  endtry
endfunction

" One line in the colour of warnings, kept in :messages.
function! etcd#message#warn(text) abort
  echohl WarningMsg
  try
    echomsg etcd#message#line(a:text)
  finally
    echohl None
  endtry
endfunction

" As after :edit and :write of a file: the last one is shown when the editor is idle, so that many in a row neither scroll nor
" cost a redraw each, and cut to one line (:h shm-T).
function! etcd#message#info(text) abort
  let s:info = etcd#message#line(a:text)
  if !s:timer
    let s:timer = timer_start(0, {-> s:tell()})
  endif
endfunction

function! s:tell() abort
  let s:timer = 0
  if etcd#rpc#waiting()
    " Vim runs timers while it waits for the next answer: that is not idle.
    let s:timer = timer_start(20, {-> s:tell()})
    return
  elseif mode() =~# '^[cr]'
    return
  endif
  let room = &columns - 12
  echomsg strdisplaywidth(s:info) <= room ? s:info : strcharpart(s:info, 0, room - 3) . '...'
endfunction

" Progress: shown, not kept.
function! etcd#message#progress(text) abort
  redraw
  echo etcd#message#line(a:text)
endfunction

" {text} on one line, printable.
function! etcd#message#line(text) abort
  return strcharpart(strtrans(a:text), 0, s:longest)
endfunction

" A command for :execute that raises {text} as an error: catchable, without a function's traceback (:h except-hidden).
function! etcd#message#raise(text) abort
  return 'echoerr ' . string(etcd#message#line(a:text))
endfunction
