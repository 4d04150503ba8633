" :Etcd rm: deletes keys and prefixes.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Deletes what the words of the argument name; without words the lines of a listing, or the key of the buffer. Throws 'etcd: …'.
function! etcd#verb#rm#run(given) abort
  let names = etcd#plan#names#given(etcd#plan#names#split(a:given.argument), a:given.range)
  call etcd#plan#names#do('remove', {'names': names}, a:given.bang)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
