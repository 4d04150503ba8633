" Words to the user. The only place that prints; remote text is made printable here.
scriptencoding utf-8

let s:longest = 500

" One line in the colour of errors, kept in :messages. For what is not an error to scripts (a failed read is none, as for files).
function! etcd#message#error(text) abort
  echohl ErrorMsg
  try
    echomsg etcd#message#line(a:text)
  finally
    echohl None
  endtry
endfunction

" As after :edit and :write of a file.
function! etcd#message#info(text) abort
  redraw
  echomsg etcd#message#line(a:text)
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
