" :Etcd edit: a listing as text, to be edited and written.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Edits the names below the prefix that the argument names, or else that of the current buffer. With ! it shows every key below it, not
" only its children. The cursor stays on its name. Throws 'etcd: …'.
function! etcd#verb#edit#run(given) abort
  let known = get(b:, 'etcd', {})
  let name = a:given.argument ==# '' && get(known, 'kind', '') ==# 'prefix' ? getline('.') : ''
  let name = get(known, 'kind', '') ==# 'key' && a:given.argument ==# '' ? etcd#listing#path#tail(known.address) : name
  let prefix = a:given.argument ==# '' ? etcd#listing#path#around(known)
        \ : a:given.argument =~# '^etcd:' ? a:given.argument : 'etcd:' . a:given.argument
  if prefix =~# '[?&]rev='
    throw printf('etcd: cannot edit %s: it is the past, which nobody can change; :Etcd at shows the present', prefix)
  endif
  let address = substitute(prefix, '?.*', '', '') . (a:given.bang ? '?edit=all' : '?edit')
  let split = a:given.mods =~# '\<\%(vertical\|tab\|aboveleft\|belowright\|topleft\|botright\|leftabove\|rightbelow\|horizontal\)\>'
  try
    execute escape(a:given.mods, '|') (split ? 'split' : 'edit') fnameescape(address)
  catch /^Vim\%((\a\+)\)\=:E\%(37\|162\|36\|919\)/
    throw 'etcd: ' . substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', '')
  endtry
  if name !=# '' && get(get(b:, 'etcd', {}), 'kind', '') ==# 'edit'
    call etcd#edit#view#place(name)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
