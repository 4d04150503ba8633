" Which clusters are watched: g:etcd.watch, also that of a profile.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Counts if neither is set.
let s:default = 1

" Whether the profile of {address} is watched.
function! etcd#live#wanted#of(address) abort
  let default = etcd#host#settings#get('watch', s:default) ? 1 : 0
  return etcd#host#settings#own(etcd#host#profile#of(a:address), 'watch', default) ? 1 : 0
endfunction

" Whether any profile is watched.
function! etcd#live#wanted#anywhere() abort
  return etcd#host#settings#get('watch', s:default)
        \ || !empty(filter(etcd#host#settings#profiles(), 'etcd#host#settings#own(v:val, "watch", 0)'))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
