" Keys differ in case, and so do the buffers that have their names. 'fileignorecase' takes two such names for one, so it is off while
" there are addresses. The editor does not tell which of the two was asked for, so there is no other way.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The user's 'wildignorecase', if we have switched 'fileignorecase' off.
let s:kept = []

" Called before a name is looked for among the buffers, or as soon as one exists: `name` and `Name` are two.
function! etcd#buffer#case#tell_apart() abort
  if &fileignorecase
    let s:kept = empty(s:kept) ? [&wildignorecase] : s:kept
    " Files are completed as before (:h 'wildignorecase').
    noautocmd set nofileignorecase wildignorecase
  endif
endfunction

" Buffer {bufnr} is deleted. After the last address both options are the user's again.
function! etcd#buffer#case#let_go(bufnr) abort
  if !empty(s:kept) && !s:has_addresses(a:bufnr)
    noautocmd set fileignorecase
    let &wildignorecase = s:kept[0]
    let s:kept = []
  endif
endfunction

" OptionSet: if 'fileignorecase' is switched on now, it waits until the last address is gone.
function! etcd#buffer#case#chosen() abort
  if v:option_new && s:has_addresses(0)
    call etcd#buffer#case#tell_apart()
    call etcd#ui#message#warn("etcd: 'fileignorecase' stays off while there are addresses, since keys differ in case; see :help etcd-case")
  elseif !empty(s:kept)
    let &wildignorecase = s:kept[0]
    let s:kept = []
  endif
endfunction

" Whether a buffer other than {besides} has an address.
function! s:has_addresses(besides) abort
  return !empty(filter(range(1, bufnr('$')), "v:val != a:besides && bufname(v:val) =~# '^etcd:'"))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
