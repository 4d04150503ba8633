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
  let child = etcd#listing#view#address('.')
  return child !=# '' ? child : get(etcd#info(), 'address', '')
endfunction

" For 'statusline': profile or endpoint, revision and what is particular about the current buffer, like "staging rev 42 [stale]"; ''
" where it is none of ours. In every buffer "[env /app/]" while the session has the variables of that prefix (:Etcd! env).
" Holds nothing that a status line would obey.
function! etcd#statusline() abort
  return join(filter([etcd#ui#statusline#text(etcd#info()), etcd#env#hold#sign()], 'v:val !=# ""'))
endfunction

" The keys below the prefix {address} as variables, a dict of texts by name: for `env` of job_start(), term_start() and jobstart().
" A second argument: '-r' or '-path', as after :Etcd env. Keys whose names would run code are left out. Throws 'etcd: …'.
function! etcd#env(address, ...) abort
  return etcd#env#take#from(a:address, a:0 ? a:1 : '').values
endfunction

" For %{%…%} in 'statusline' or 'winbar': the item that switches to the colour of the current buffer's profile, '%#Group#'; '' if
" it has none, or is none of ours.
function! etcd#highlight() abort
  let group = etcd#ui#colour#group()
  return group ==# '' ? '' : '%#' . group . '#'
endfunction

" The lines of values that {query} finds: a dict with 'pattern', as after :Etcd grep, and if you like 'prefix' and 'max' (10000). Items as
" setqflist() takes them. With {Callback} it comes back at once, and {Callback} gets the list, and '' or why there is none; without it
" the list is returned. Throws 'etcd: …'.
function! etcd#grep(query, ...) abort
  return etcd#search#run#all(etcd#search#run#params('grep', a:query), a:0 ? a:1 : {})
endfunction

" The addresses of the keys that {query} finds, with 'pattern' as after :Etcd find; all of them without one. The rest as etcd#grep().
function! etcd#keys(query, ...) abort
  let params = etcd#search#run#params('find', a:query)
  let Addresses = {items -> map(items, 'v:val.filename')}
  if !a:0
    return Addresses(etcd#search#run#all(params, {}))
  endif
  let Callback = a:1
  return etcd#search#run#all(params, {items, why -> Callback(Addresses(items), why)})
endfunction

let &cpoptions = s:cpo | unlet s:cpo
