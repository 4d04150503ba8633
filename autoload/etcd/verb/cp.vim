" :Etcd cp: copies keys and prefixes.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Like :Etcd mv, but the sources stay. Throws 'etcd: …'.
function! etcd#verb#cp#run(given) abort
  call etcd#verb#mv#to('cp', a:given, v:true)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
