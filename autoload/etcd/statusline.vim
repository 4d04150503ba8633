" What a status line says of a buffer. Only words of ours, digits, and names and endpoints from the settings that have no character
" which a status line would obey.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" 'staging rev 42 [stale]', or '10.0.0.1:2379 rev 42' of the default profile, for what {known} (etcd#info()) tells; '' for {}.
function! etcd#statusline#text(known) abort
  if empty(a:known)
    return ''
  endif
  let profile = etcd#profile#of(get(a:known, 'address', bufname('%')))
  let revision = matchstr(get(a:known, 'mod_revision', get(a:known, 'revision', '0')), '^[1-9]\d*$')
  return join([s:title(profile)] + (revision ==# '' ? [] : ['rev ' . revision]) + s:flags(a:known, profile))
endfunction

" The name of the profile; of the default one its first endpoint, since that has no name which would tell clusters apart.
function! s:title(profile) abort
  let title = a:profile !=# '' ? a:profile : matchstr(etcd#profile#endpoint(a:profile), '^\%(\w\+:\/\/\)\=\zs[^/]*')
  return title =~# '^[[:alnum:]_.:[\]-]\+$' ? title : 'etcd'
endfunction

" The list of '[stale]' and the like that hold.
function! s:flags(known, profile) abort
  let held = {
        \ 'failed': get(a:known, 'kind', '') ==# 'failed',
        \ 'new': get(a:known, 'mod_revision', '') ==# '0',
        \ 'past': get(a:known, 'past', 0),
        \ 'stale': get(a:known, 'stale', 0),
        \ 'partial': get(a:known, 'scoped', 0) || (get(a:known, 'partial', 0) && !get(a:known, 'filling', 0)),
        \ 'other cluster': get(a:known, 'foreign', 0),
        \ 'readonly': get(a:known, 'readonly', 0),
        \ 'insecure': etcd#profile#has(a:profile, 'insecure_skip_verify'),
        \ }
  let order = ['failed', 'new', 'past', 'stale', 'partial', 'other cluster', 'readonly', 'insecure']
  return map(filter(order, 'held[v:val]'), '"[" . v:val . "]"')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
