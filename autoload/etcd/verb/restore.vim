" :Etcd restore: the past as the present.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Writes what the current buffer shows of the past as the present, after a question unless !. Throws 'etcd: …'.
function! etcd#verb#restore#run(given) abort
  let address = get(get(b:, 'etcd', {}), 'address', bufname('%'))
  if address !~# '^etcd:.*?rev='
    throw 'etcd: only the past can be restored: :Etcd history and :Etcd at N show it'
  endif
  call etcd#plan#run#do('restore', {'name': address, 'unchecked': a:given.bang ? v:true : v:false}, a:given.bang)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
