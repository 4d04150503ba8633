" :Etcd restart: starts Node anew.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Ends the process. It starts again with the next question.
function! etcd#verb#restart#run(given) abort
  call etcd#host#job#stop()
endfunction

let &cpoptions = s:cpo | unlet s:cpo
