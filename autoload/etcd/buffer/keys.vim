" The keys of a value. A value is anyone's text, so there are few, and all give way.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Maps K in the current buffer, a value, unless it has a meaning there: a map, a map to the same <Plug>, or a 'keywordprg' of its own.
function! etcd#buffer#keys#map() abort
  if maparg('K', 'n') ==# '' && !hasmapto('<Plug>(etcd-info)', 'n') && &l:keywordprg ==# ''
    nmap <special> <buffer> K <Plug>(etcd-info)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
