" :Etcd history: the versions of a key, or the changes below a prefix.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The most changes that are shown. Of a prefix, they are the newest; a key has all of its versions.
let s:most = {'prefix': 1000, 'key': 100000}

" Puts them into the location list of the current window, and shows it. The argument is an address; without it, that of the current
" buffer. Throws 'etcd: …'.
function! etcd#verb#history#run(given) abort
  let here = etcd#buffer#here#note()
  let known = get(b:, 'etcd', {})
  let own = substitute(get(known, 'address', bufname('%')), '?.*', '', '')
  let name = a:given.argument !=# '' ? etcd#plan#names#address(a:given.argument) : own
  if name !~# '^etcd:'
    throw 'etcd: this buffer has no history: name a key or a prefix'
  endif
  let kind = etcd#host#rpc#request('canonical', {'name': name}, 'read').kind
  let got = etcd#host#rpc#request('history', {'name': name, 'max': s:most[kind]}, 'list')
  if !etcd#buffer#here#back(here)
    if has_key(got, 'stream')
      call etcd#host#rpc#tell('history_stop', {'stream': got.stream})
    endif
    throw printf('etcd: not shown: the history of %s: the buffer was left during the wait', got.address)
  endif
  call etcd#past#list#show(got)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
