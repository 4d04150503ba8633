" The public functions. Everything below autoload/etcd/ may change; these stay.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" What is known of the buffer {bufnr} (the current one without it): a copy of b:etcd, or {} where it is none of ours.
" A value has kind 'key', address, mod_revision, create_revision, version, lease (int64 as strings), cluster_id and bytes;
" a listing kind 'prefix', address, revision and count; a buffer that could not be read kind 'failed', error and code.
function! etcd#info(...) abort
  return copy(getbufvar(a:0 ? a:1 : bufnr('%'), 'etcd', {}))
endfunction

" The address under the cursor: a listing's child, or the buffer's own. '' elsewhere.
function! etcd#address() abort
  let child = etcd#listing#address('.')
  return child !=# '' ? child : get(etcd#info(), 'address', '')
endfunction

" For 'statusline': profile or endpoint, revision and what is particular about the current buffer, like "staging rev 42 [stale]"; ''
" where it is none of ours. Holds nothing that a status line would obey.
function! etcd#statusline() abort
  return etcd#statusline#text(etcd#info())
endfunction

" For %{%…%} in 'statusline' or 'winbar': the item that switches to the colour of the current buffer's profile, '%#Group#'; '' where
" it has none, or is none of ours.
function! etcd#highlight() abort
  let group = etcd#colour#group()
  return group ==# '' ? '' : '%#' . group . '#'
endfunction

let &cpoptions = s:cpo | unlet s:cpo
