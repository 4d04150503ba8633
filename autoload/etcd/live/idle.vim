" Work that comes by itself, and waits until the editor is idle. Nothing is polled while somebody types.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" ms after which a macro, a mapping or a request is looked at again. Longer actions of the user end with an autocommand.
let s:soon = 50
" By name.
let s:works = {}
let s:timer = 0

augroup etcd_live
augroup END

" Calls {Work} as soon as the editor is idle. It is called once, however often {name} was given until then.
function! etcd#live#idle#call(name, Work) abort
  let s:works[a:name] = a:Work
  call s:after(0)
endfunction

function! s:after(ms) abort
  if !s:timer
    let s:timer = timer_start(a:ms, {-> s:turn()})
  endif
endfunction

function! s:turn() abort
  let s:timer = 0
  if etcd#ui#idle#busy()
    return s:wait()
  endif
  try
    " While one work waits, another turn of this loop can take the rest.
    for name in keys(s:works)
      if has_key(s:works, name)
        call s:work(remove(s:works, name))
      endif
    endfor
  finally
    " Ctrl-C has ended it, or there is more to do.
    if !empty(s:works)
      call s:after(s:soon)
    endif
  endtry
endfunction

function! s:work(Work) abort
  try
    call a:Work()
  catch /^Vim:Interrupt$/
  catch
    call etcd#ui#message#error(v:exception)
  endtry
endfunction

function! s:wait() abort
  if mode(1) =~# '^nt\=$'
    return s:after(s:soon)
  endif
  autocmd! etcd_live
  autocmd etcd_live ModeChanged *:n* call s:wake()
  autocmd etcd_live InsertLeave,CmdlineLeave,CursorMoved,CursorHold,WinEnter * call s:wake()
endfunction

function! s:wake() abort
  autocmd! etcd_live
  call s:after(0)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
