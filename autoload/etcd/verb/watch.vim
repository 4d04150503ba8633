" :Etcd watch: what changes, as it happens.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Shows the changes of what the argument names, '[address] [from {revision}]'. Without an address, of the current buffer's. Throws
" 'etcd: …'.
function! etcd#verb#watch#run(given) abort
  let [name, from] = matchlist(a:given.argument, '^\(.\{-}\)\%(\%(^\|\s\+\)from\s\+\(\d\+\)\)\=$')[1:2]
  let known = get(b:, 'etcd', {})
  let address = name !=# '' ? etcd#plan#names#address(name) : substitute(get(known, 'address', bufname('%')), '?.*', '', '')
  if address !~# '^etcd:'
    throw 'etcd: this buffer is no key and no prefix: name what to watch'
  endif
  call etcd#live#tail#open(address, from)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
