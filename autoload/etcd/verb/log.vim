" :Etcd log: what was asked and answered.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Shows it in a scratch buffer, with the cursor on the newest line. Throws 'etcd: …'.
function! etcd#verb#log#run(given) abort
  let lines = etcd#host#rpc#request('log', {}, 'read').lines
  call etcd#ui#scratch#show('etcd-log', lines)
  normal! G
endfunction

let &cpoptions = s:cpo | unlet s:cpo
