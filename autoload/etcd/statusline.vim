" What a status line says of a buffer. Only words of ours, names of profiles and digits: a status line would obey anything else.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" 'staging rev 42 [stale]' for what {known} (etcd#info()) tells; '' for {}.
function! etcd#statusline#text(known) abort
  if empty(a:known)
    return ''
  endif
  let profile = etcd#profile#of(get(a:known, 'address', bufname('%')))
  let revision = matchstr(get(a:known, 'mod_revision', get(a:known, 'revision', '0')), '^[1-9]\d*$')
  let title = profile =~# '^\w[[:alnum:]_.-]*$' ? profile : 'etcd'
  return join([title] + (revision ==# '' ? [] : ['rev ' . revision]) + s:flags(a:known, profile))
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
