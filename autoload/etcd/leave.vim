" Whether the editor is about to leave: :wq! and :x! leave a buffer that could not be written, so such a write has to know.
scriptencoding utf-8

let s:under_way = 0

" QuitPre, which comes before the write of :wq and :x.
function! etcd#leave#begin() abort
  let s:under_way = 1
  call timer_start(0, {-> s:end()})
endfunction

" Whether the command that runs now is one that leaves.
function! etcd#leave#is_under_way() abort
  return s:under_way
endfunction

" The command is over if a timer runs and no write waits (:wqall has several).
function! s:end() abort
  if etcd#rpc#waiting()
    call timer_start(20, {-> s:end()})
  else
    let s:under_way = 0
  endif
endfunction
