" :Etcd sort: a copy of the listing in the order of a column.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Sorts by the column that the argument names; without one, by the newest change. Throws 'etcd: …'.
function! etcd#verb#sort#run(given) abort
  call etcd#listing#sorted#by(a:given.argument ==# '' ? 'revision' : a:given.argument)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
