" :Etcd grep: lines of values as a quickfix list.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Searches for what the argument says. Without ! it goes to the first line. Throws 'etcd: …'.
function! etcd#verb#grep#run(given) abort
  call etcd#search#run#into_list('grep', a:given, 0)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
