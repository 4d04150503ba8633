" The public functions. Everything below autoload/etcd/ may change; these stay.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" What is known of the buffer {bufnr} (by default the current one): a copy of b:etcd, or {} if the buffer is not ours.
" A value has kind 'key', address, mod_revision, create_revision, version, lease (int64 as strings), cluster_id and bytes. A listing has
" kind 'prefix', address, revision and count. A buffer that could not be read has kind 'failed', error and code.
function! etcd#info(...) abort
  return copy(getbufvar(a:0 ? a:1 : bufnr('%'), 'etcd', {}))
endfunction

" The address under the cursor: that of a listing's child, or of the buffer itself. '' elsewhere.
function! etcd#address() abort
  let child = etcd#listing#view#address('.')
  return child !=# '' ? child : get(etcd#info(), 'address', '')
endfunction

" For 'statusline': profile or endpoint, revision, and anything special about the current buffer, like "staging rev 42 [stale]". '' if
" the buffer is not ours. While the session has the variables of a prefix (:Etcd! env), every buffer shows "[env /app/]".
" The text holds nothing that a status line would obey.
function! etcd#statusline() abort
  return join(filter([etcd#ui#statusline#text(etcd#info()), etcd#env#hold#sign()], 'v:val !=# ""'))
endfunction

" The keys below the prefix {address} as variables, a dict of texts by name. It is for `env` of job_start(), term_start() and
" jobstart(). A second argument is '-r' or '-path', as after :Etcd env. Keys whose names would run code are left out. Throws 'etcd: …'.
function! etcd#env(address, ...) abort
  return etcd#env#take#from(a:address, a:0 ? a:1 : '').values
endfunction

" For %{%…%} in 'statusline' or 'winbar': the item that switches to the colour of the current buffer's profile, '%#Group#'. '' if the
" profile has no colour, or the buffer is not ours.
function! etcd#highlight() abort
  let group = etcd#ui#colour#group()
  return group ==# '' ? '' : '%#' . group . '#'
endfunction

" The lines of values that {query} finds. {query} is a dict with 'pattern', as after :Etcd grep, and optionally 'prefix' and 'max'
" (10000). The result is a list of items for setqflist(). With {Callback} this returns at once, and {Callback} gets the list and ''; or
" [] and the reason. Without it the list is returned. Throws 'etcd: …'.
function! etcd#grep(query, ...) abort
  return etcd#search#run#all('grep', a:query, a:000)
endfunction

" The addresses of the keys that {query} finds. 'pattern' is as after :Etcd find; without one it is all keys. The rest is as for
" etcd#grep().
function! etcd#keys(query, ...) abort
  let Addresses = {items -> map(items, 'v:val.filename')}
  if !a:0 || type(a:1) != v:t_func
    return Addresses(etcd#search#run#all('find', a:query, a:000))
  endif
  let Callback = a:1
  return etcd#search#run#all('find', a:query, [{items, why -> Callback(Addresses(items), why)}])
endfunction

let &cpoptions = s:cpo | unlet s:cpo
