" The way between a listing and its children, in canonical addresses. It is the only part of their grammar that the editor knows, so
" that a key of a listing works without asking Node (src/keyspace/address.ts has all of it).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The listing that holds {address}, in whatever form its value is shown; '' above everything. A document, or names as text, have the
" listing of the same prefix.
function! etcd#listing#path#parent(address) abort
  let [root, rest, form] = s:parts(a:address)
  let revision = matchstr(form, '[?&]\zsrev=\d\+')
  let query = revision ==# '' ? '' : '?' . revision
  if form !=# query && rest =~# '^$\|/$'
    return root . rest . query
  elseif rest ==# './'
    return ''
  elseif rest ==# '' || rest ==# './%2F'
    return root . (rest ==# '' ? './' : '') . query
  elseif rest =~# '%2F$'
    return root . substitute(rest, '%2F$', '/', '') . query
  endif
  return root . substitute(rest, '[^/]*/\?$', '', '') . query
endfunction

" The prefix that a buffer is about; {known} is its b:etcd. It is that of a listing or a document, or of the listing that holds a value.
" Elsewhere it is everything.
function! etcd#listing#path#around(known) abort
  let address = get(a:known, 'address', '')
  return address ==# '' ? 'etcd:' : a:known.kind ==# 'prefix' ? address : etcd#listing#path#parent(address)
endfunction

" The address of the child that a listing of {address} shows as {name}.
function! etcd#listing#path#child(address, name) abort
  let [root, rest, query] = s:parts(a:address)
  if rest ==# './' && a:name ==# '/'
    return root . query
  elseif a:name ==# '%2F'
    " The key that equals the prefix.
    return root . (rest ==# '' ? './' : substitute(rest, '/$', '', '')) . a:name . query
  endif
  return root . rest . a:name . query
endfunction

" How the listing of its parent shows {address}.
function! etcd#listing#path#tail(address) abort
  let [root, rest, query] = s:parts(a:address)
  return rest ==# '' ? '/' : rest =~# '%2F$' ? '%2F' : matchstr(rest, '[^/]*/\?$')
endfunction

" ['etcd://profile/', rest, '?rev=N', '?as=hex&rev=N', '?yaml' or '']
function! s:parts(address) abort
  return matchlist(a:address, '^\(etcd://[^/]*/\)\([^?]*\)\(.*\)$')[1:3]
endfunction

let &cpoptions = s:cpo | unlet s:cpo
