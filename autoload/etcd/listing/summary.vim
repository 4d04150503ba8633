" What the user is told of a listing.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" What to say of a listing that is complete, from its b:etcd ({base}); '' if no such message is wanted (:h shm-F). Without a name there
" is nothing to see but the message, as for a new file.
function! etcd#listing#summary#text(base) abort
  let flags = (a:base.stale ? ' [stale]' : '') . (a:base.scoped ? ' [partial]' : '')
  if &shortmess =~# 'F' && !a:base.stale && a:base.count
    return ''
  endif
  let names = a:base.count == 0 ? 'no keys' : a:base.count == 1 ? '1 name' : a:base.count . ' names'
  let doubt = a:base.count ? '' : get(a:base, 'old_data', 0) ? etcd#ui#message#old_data() : etcd#cmdline#typed#doubt(a:base.address)
  return printf('"%s"%s %s, revision %s%s', a:base.address, flags, names, a:base.revision, doubt)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
