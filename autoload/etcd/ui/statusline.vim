" What a status line says of a buffer. It has only words of ours, digits, and names and endpoints from the settings. None of them has a
" character that a status line would obey.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The most characters of a note.
let s:longest_note = 30

" 'staging rev 42 ttl 60 s [stale]', or '10.0.0.1:2379 rev 42' for the default profile, from {known} (etcd#info()); '' for {}.
function! etcd#ui#statusline#text(known) abort
  if empty(a:known)
    return ''
  endif
  let profile = etcd#host#profile#of(get(a:known, 'address', bufname('%')))
  let revision = matchstr(get(a:known, 'mod_revision', get(a:known, 'revision', '0')), '^[1-9]\d*$')
  let ttl = etcd#ui#ttl#of(a:known)
  return join([s:title(profile)] + (revision ==# '' ? [] : ['rev ' . revision]) + (ttl < 0 ? [] : ['ttl ' . ttl . ' s'])
        \ + s:flags(a:known, profile))
endfunction

" The name of the profile. For the default one its first endpoint, because it has no name that would distinguish clusters.
function! s:title(profile) abort
  let title = a:profile !=# '' ? a:profile : matchstr(get(etcd#host#profile#told('').endpoints, 0, ''), '^\%(\w\+:\/\/\)\=\zs[^/]*')
  return title =~# '^[[:alnum:]_.:[\]-]\+$' ? title : 'etcd'
endfunction

" The flags that apply, a list of '[stale]' and the like.
function! s:flags(known, profile) abort
  let held = {
        \ 'failed': get(a:known, 'kind', '') ==# 'failed',
        \ 'new': get(a:known, 'mod_revision', '') ==# '0' && !has_key(a:known, 'gone'),
        \ 'deleted': get(a:known, 'gone', '') ==# 'deleted',
        \ 'expired': get(a:known, 'gone', '') ==# 'expired',
        \ 'changed': etcd#live#told#is_newer(get(a:known, 'newer', '0'), get(a:known, 'mod_revision', get(a:known, 'revision', '0'))),
        \ 'past': get(a:known, 'past', 0),
        \ 'stale': get(a:known, 'stale', 0),
        \ 'partial': get(a:known, 'scoped', 0) || (get(a:known, 'partial', 0) && !get(a:known, 'filling', 0)),
        \ 'other cluster': get(a:known, 'foreign', 0),
        \ 'readonly': get(a:known, 'readonly', 0),
        \ 'insecure': etcd#host#profile#told(a:profile).insecure,
        \ }
  let order = ['failed', 'new', 'deleted', 'expired', 'changed', 'past', 'stale', 'partial', 'other cluster', 'readonly', 'insecure']
  let note = s:note(get(a:known, 'note', ''))
  return map(filter(order, 'held[v:val]') + (note ==# '' ? [] : [note]), '"[" . v:val . "]"')
endfunction

" The beginning of a note of the settings, without anything that a status line, or a terminal, would obey.
function! s:note(note) abort
  let plain = substitute(a:note, '[%[:cntrl:]]', '', 'g')
  return strchars(plain) > s:longest_note ? strcharpart(plain, 0, s:longest_note - 1) . s:cut() : plain
endfunction

function! s:cut() abort
  return &encoding ==# 'utf-8' ? '…' : '~'
endfunction

let &cpoptions = s:cpo | unlet s:cpo
