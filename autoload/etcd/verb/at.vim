" :Etcd at: the same key or prefix at another revision.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Shows the key or prefix of the current buffer as it was at the revision of the argument, or so many changes before ('-1') or after
" ('+1') what it shows. Without an argument, as it is now. Throws 'etcd: …'.
function! etcd#verb#at#run(given) abort
  call etcd#past#walk#to(a:given.argument, a:given.bang, a:given.mods)
endfunction

" What may follow the verb.
function! etcd#verb#at#complete() abort
  return ['-1', '+1'] + (has_key(b:, 'etcd') ? [get(b:etcd, 'mod_revision', get(b:etcd, 'revision', ''))] : [])
endfunction

let &cpoptions = s:cpo | unlet s:cpo
