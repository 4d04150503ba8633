" Messages to the user. Only this file prints. Remote text is made printable here.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:longest = 500
let s:info = ''
let s:count = 0
let s:timer = 0
" Addresses whose progress was told.
let s:progress = {}
" Takes the place of an address for the progress of a plan.
let s:plan = 'etcd'

" One line in the colour of errors, kept in :messages. It is for failures that scripts do not see as errors (like a failed read, as for
" files).
function! etcd#ui#message#error(text) abort
  call s:flush()
  let s:count += 1
  echohl ErrorMsg
  try
    call s:say(etcd#ui#message#line(a:text))
  finally
    echohl None
  endtry
endfunction

" One line in the colour of warnings, kept in :messages.
function! etcd#ui#message#warn(text) abort
  call s:flush()
  let s:count += 1
  echohl WarningMsg
  try
    call s:say(etcd#ui#message#line(a:text))
  finally
    echohl None
  endtry
endfunction

" Says {text}, which is kept in :messages. Returns 0 if nobody saw it because of :silent.
function! etcd#ui#message#hears(text) abort
  let text = etcd#ui#message#line(a:text)
  echomsg text
  return get(split(execute('messages'), "\n"), -1, '') ==# text
endfunction

" The reason {why} nobody is to be asked. If that is '', says {text}, which announces a question; if nobody would see it, returns that
" as the reason. '' if there is no reason.
function! etcd#ui#message#unasked(why, text) abort
  return a:why ==# '' && !etcd#ui#message#hears(a:text) ? 'it runs silently' : a:why
endfunction

" Like the message after :edit and :write of a file. The last one is shown when the editor is idle, so that many in a row neither scroll
" nor cost a redraw each. It is cut to one line (:h shm-T).
function! etcd#ui#message#info(text) abort
  let s:count += 1
  let s:info = etcd#ui#message#line(a:text)
  if !s:timer
    let s:timer = timer_start(0, {-> s:tell()})
  endif
endfunction

" How many messages there were so far. Something that comes late must not replace a newer one.
function! etcd#ui#message#count() abort
  return s:count
endfunction

function! s:tell() abort
  let s:timer = 0
  if etcd#ui#answer#pending()
    " The editor runs timers while it waits for the next answer, but then it is not idle.
    let s:timer = timer_start(20, {-> s:tell()})
  else
    call s:say_info()
  endif
endfunction

" Says what info() has put off. Returns 0 if this is no time for it.
function! s:say_info() abort
  if mode() =~# '^[cr]'
    return 0
  endif
  call s:say(s:info)
  return 1
endfunction

" Says that before an error, which it would take from the screen if it came later.
function! s:flush() abort
  if s:timer
    call timer_stop(s:timer)
    let s:timer = 0
    if s:say_info()
      redraw
    endif
  endif
endfunction

" Shows {line} on one line, and keeps all of it in :messages. Nobody has to press a key for it, and nothing important is cut. (:silent
" echomsg would keep nothing.)
function! s:say(line) abort
  let short = etcd#ui#shorten#line(a:line, etcd#ui#shorten#room())
  echomsg a:line
  if short !=# a:line && mode(1) !~# '^c[ve]'
    redraw
    echo short
  endif
endfunction

" Progress, shown and not kept: of the listing {address}, or of a search with that title, which has so many 'hits' (the third argument).
function! etcd#ui#message#progress(address, count, ...) abort
  call s:progress(a:address, printf('%s: %d %s so far (Ctrl-C stops)', a:address, a:count, a:0 ? a:1 : 'names'))
endfunction

" The progress of a plan: {count} steps of {all}. etcd#ui#message#plan_ended() ends it.
function! etcd#ui#message#steps(count, all) abort
  call s:progress(s:plan, printf('%d of %d (Ctrl-C stops)', a:count, a:all))
endfunction

" Neovim 0.12 has such messages (:h progress-message).
function! s:progress(address, words) abort
  let text = s:one_line(etcd#ui#message#line(a:words))
  if has('nvim-0.12')
    let s:progress[a:address] = 1
    call s:report(a:address, 'running', text, v:false)
  else
    redraw
    echo 'etcd: ' . text
  endif
endfunction

" The last message about it, '' for none. {status} is 'success' or 'failed'. Progress that was told is ended in any case.
function! etcd#ui#message#settle(address, status, text) abort
  if has_key(s:progress, a:address)
    call remove(s:progress, a:address)
    let text = a:text !=# '' ? a:text : a:address ==# s:plan ? 'the plan has ended' : a:address
    call s:report(a:address, a:status, s:one_line(etcd#ui#message#line(text)), a:text ==# '' ? v:false : v:true)
  elseif a:text !=# ''
    call etcd#ui#message#info(a:text)
  endif
endfunction

" The plan whose progress steps() has told has ended. {status} is as for settle(). Another message says what became of the plan.
function! etcd#ui#message#plan_ended(status) abort
  call etcd#ui#message#settle(s:plan, a:status, '')
endfunction

" All progress that was told has ended. A request failed that cannot say for which address its progress was told.
function! etcd#ui#message#end() abort
  for address in keys(s:progress)
    call etcd#ui#message#settle(address, 'failed', '')
  endfor
endfunction

" Shows what {Text} gives as what we wait for. It is not kept, and etcd#ui#message#waited() removes it. Not in the middle of typing, nor
" if nobody looks. Returns whether it was shown.
function! etcd#ui#message#waiting(Text) abort
  if mode(1) !~# "^[nvV\<C-V>]" || mode(1) =~# '^ni' || etcd#ui#answer#awaited() || !etcd#ui#person#present()
    return 0
  endif
  let text = s:one_line(etcd#ui#message#line(a:Text()))
  redraw
  echo text
  if has('nvim')
    redraw
  endif
  return 1
endfunction

" The wait is over, and the line is free again.
function! etcd#ui#message#waited() abort
  redraw
  echo ''
endfunction

function! s:report(address, status, text, kept) abort
  call nvim_echo([[a:text]], a:kept, {'kind': 'progress', 'id': 'etcd.' . a:address, 'source': 'etcd.vim', 'title': 'etcd',
        \ 'status': a:status})
endfunction

" Cut so that it needs no key to go on (:h hit-enter).
function! s:one_line(text) abort
  return etcd#ui#shorten#line(a:text, &columns - 20)
endfunction

" Added to a message about something that is not there, if etcd has data of another API.
function! etcd#ui#message#old_data() abort
  return '; this etcd has data of its v2 API, which is not shown'
endfunction

" {text} on one line, printable.
function! etcd#ui#message#line(text) abort
  return strcharpart(strtrans(a:text), 0, s:longest)
endfunction

" A command for :execute that raises {text} as an error. It can be caught, and has no function's traceback (:h except-hidden).
function! etcd#ui#message#raise(text) abort
  return 'echoerr ' . string(etcd#ui#message#line(a:text))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
