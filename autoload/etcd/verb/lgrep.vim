" :Etcd lgrep: lines of values as the location list of the window.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The same as :Etcd grep. Throws 'etcd: …'.
function! etcd#verb#lgrep#run(given) abort
  call etcd#search#run#into_list('lgrep', a:given, win_getid())
endfunction

let &cpoptions = s:cpo | unlet s:cpo
