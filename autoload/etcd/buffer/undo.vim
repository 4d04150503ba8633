" 'undolevels' of a buffer: what can be undone, and what is undone as a change of its own.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" This number in 'undolevels' means "use the global value".
let s:global = -123456

" From now on buffer {bufnr} keeps nothing that could be undone.
function! etcd#buffer#undo#off(bufnr) abort
  call setbufvar(a:bufnr, '&undolevels', -1)
endfunction

" From now on it keeps changes again, as the global value says.
function! etcd#buffer#undo#on(bufnr) abort
  call setbufvar(a:bufnr, '&undolevels', s:global)
endfunction

" The next change in buffer {bufnr} is undone by itself (:h undo-break). A buffer that uses the global value goes on to use it.
function! etcd#buffer#undo#break(bufnr) abort
  let levels = getbufvar(a:bufnr, '&undolevels')
  call setbufvar(a:bufnr, '&undolevels', levels == &g:undolevels ? s:global : levels)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
