" :Etcd find: keys by their names.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" As a quickfix list, of which the first one is opened; with ! as a listing. Throws 'etcd: …'.
function! etcd#verb#find#run(given) abort
  if a:given.bang
    call etcd#search#names#show(a:given)
  else
    call etcd#search#run#into_list('find', a:given, 0)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
