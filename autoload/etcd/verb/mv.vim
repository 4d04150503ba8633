" :Etcd mv: gives keys and prefixes another name.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The last word is the new name. What the other words name, or the lines, or the buffer's key, is moved there. Throws 'etcd: …'.
function! etcd#verb#mv#run(given) abort
  call etcd#verb#mv#to('mv', a:given, v:false)
endfunction

" Moves, or copies with {copy}, for the verb {verb}. Throws 'etcd: …'.
function! etcd#verb#mv#to(verb, given, copy) abort
  let words = etcd#plan#names#split(a:given.argument)
  if empty(words)
    throw printf('etcd: :Etcd %s needs a new name', a:verb)
  endif
  let names = etcd#plan#names#given(words[:-2], a:given.range)
  let params = {'names': names, 'to': etcd#plan#names#address(words[-1]), 'copy': a:copy, 'force': a:given.bang ? v:true : v:false}
  call etcd#plan#names#do('rename', params, a:given.bang)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
