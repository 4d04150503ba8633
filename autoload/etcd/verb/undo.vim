" :Etcd undo: takes back what this editor has changed.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Takes back the change with the number of the argument (:Etcd changes). Without one, the last that was not taken back. Throws 'etcd: …'.
function! etcd#verb#undo#run(given) abort
  if a:given.argument !~# '^\d*$'
    throw 'etcd: :Etcd undo takes the number of a change (:Etcd changes)'
  endif
  let change = a:given.argument ==# '' ? {} : {'change': str2nr(a:given.argument)}
  call etcd#plan#run#do('undo', extend(change, {'unchecked': a:given.bang ? v:true : v:false}), a:given.bang)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
