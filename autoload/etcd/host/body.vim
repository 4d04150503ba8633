" The place of values on their way between the editor and Node.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The private directory, which Node makes on first use. Throws 'etcd: …' if there is no safe place for it.
function! etcd#host#body#dir() abort
  if !etcd#host#directory#is_private()
    " Any request after `hello` is answered after it.
    call etcd#host#rpc#request('canonical', {'name': 'etcd:/'}, 'read')
    if etcd#host#directory#path() ==# ''
      throw 'etcd: there is no private directory; see :Etcd log'
    endif
  endif
  return etcd#host#directory#path()
endfunction

let &cpoptions = s:cpo | unlet s:cpo
