" :Etcd find: keys by their names.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Finds them as a quickfix list, and opens the first; with ! as a listing. Throws 'etcd: …'.
function! etcd#verb#find#run(given) abort
  if a:given.bang
    call etcd#search#names#show(a:given)
  else
    call etcd#search#run#into_list('find', a:given, 0)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
