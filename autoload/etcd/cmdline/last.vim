" The command line that is running. Some commands do not tell their autocommands what was typed.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:last = ''

" {line} is running now. Only what it runs may ask for it.
function! etcd#cmdline#last#note(line) abort
  let s:last = a:line
  call timer_start(0, {-> s:forget()})
endfunction

function! s:forget() abort
  let s:last = ''
endfunction

" The command line, if one was typed and it has an address; else ''.
function! etcd#cmdline#last#line() abort
  return s:last
endfunction

" Its words, as the command sees them.
function! etcd#cmdline#last#words() abort
  return map(split(s:last, '\\\@<!\s\+'), "substitute(v:val, '\\\\\\(.\\)', '\\1', 'g')")
endfunction

let &cpoptions = s:cpo | unlet s:cpo
