" The keys of a value. A value can be any text, so there are few maps, and all of them give way.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Maps K in the current buffer, a value, unless K has a meaning there: a map, a map to the same <Plug>, or a 'keywordprg' of the buffer.
function! etcd#buffer#keys#map() abort
  if maparg('K', 'n') ==# '' && !hasmapto('<Plug>(etcd-info)', 'n') && &l:keywordprg ==# ''
    nmap <special> <buffer> K <Plug>(etcd-info)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
