" 'undolevels' of a buffer: what can be undone, and what is undone by itself.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" What 'undolevels' calls "the global value is used".
let s:global = -123456

" From now on nothing of buffer {bufnr} is kept to be undone.
function! etcd#buffer#undo#off(bufnr) abort
  call setbufvar(a:bufnr, '&undolevels', -1)
endfunction

" From now on it is kept again, as the global value says.
function! etcd#buffer#undo#on(bufnr) abort
  call setbufvar(a:bufnr, '&undolevels', s:global)
endfunction

" What comes next in buffer {bufnr} is undone by itself (:h undo-break). What is as the global value stays so if that changes.
function! etcd#buffer#undo#break(bufnr) abort
  let levels = getbufvar(a:bufnr, '&undolevels')
  call setbufvar(a:bufnr, '&undolevels', levels == &g:undolevels ? s:global : levels)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
