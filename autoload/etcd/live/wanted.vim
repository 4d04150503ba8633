" Which clusters are watched: g:etcd.watch, also of a profile.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" What counts if neither says.
let s:default = 1

" Whether the profile of {address} is watched.
function! etcd#live#wanted#of(address) abort
  let own = s:own(etcd#host#profile#of(a:address))
  return get(own, 'watch', etcd#host#settings#get('watch', s:default)) ? 1 : 0
endfunction

function! s:own(profile) abort
  let profiles = etcd#host#settings#get('profiles', {})
  let own = a:profile ==# '' ? {} : get(profiles, a:profile, {})
  return type(own) == v:t_dict ? own : {}
endfunction

" Whether any profile is watched.
function! etcd#live#wanted#anywhere() abort
  let profiles = keys(etcd#host#settings#get('profiles', {}))
  return etcd#host#settings#get('watch', s:default) || !empty(filter(profiles, 'get(s:own(v:val), "watch", 0)'))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
