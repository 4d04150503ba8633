" One lock for each buffer. While a read or a write of it waits for etcd, timers and callbacks run, and none of them may read or write
" the same buffer. Otherwise old text would get a new base, or overwrite newer text.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By buffer: what is under way, in words.
let s:held = {}

" Takes the lock of buffer {bufnr} for {work}, 'a read' or 'a write'. Returns 0 if it is taken already.
function! etcd#buffer#lock#take(bufnr, work) abort
  if has_key(s:held, a:bufnr)
    return 0
  endif
  let s:held[a:bufnr] = a:work
  return 1
endfunction

" Gives it back.
function! etcd#buffer#lock#free(bufnr) abort
  call filter(s:held, 'v:key != a:bufnr')
endfunction

" What is under way in buffer {bufnr}; '' if nothing is.
function! etcd#buffer#lock#work(bufnr) abort
  return get(s:held, a:bufnr, '')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
