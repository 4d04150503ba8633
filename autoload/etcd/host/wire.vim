" Names on their way to Node and back. JSON is UTF-8, but the editor's text may be something else.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The 'encoding' that s:letters belongs to.
let s:encoding = 'utf-8'
let s:letters = {}

" What Node has to know of 'encoding': {'letters': all characters beyond ASCII that it has}, or {} if it has them all. (For an encoding
" with several bytes for a character it is empty, and Node writes those names in ASCII.)
function! etcd#host#wire#letters() abort
  if &encoding !=# s:encoding
    let s:encoding = &encoding
    let bytes = filter(map(range(128, 255), 'nr2char(v:val)'), 's:comes_back(v:val)')
    let s:letters = &encoding =~? '^u\%(tf\|cs\)' ? {} : {'letters': join(bytes, '')}
  endif
  return s:letters
endfunction

function! s:comes_back(letter) abort
  return iconv(iconv(a:letter, &encoding, 'utf-8'), 'utf-8', &encoding) ==# a:letter
endfunction

" {params} with a name, or the beginning of one, that JSON carries as it is. JSON has no bytes that are not UTF-8, and the editors
" replace them or fail. Such a name is written with %XX, which means the same.
function! etcd#host#wire#exact(params) abort
  let odd = filter(['name', 'text'], 'has_key(a:params, v:val) && !etcd#host#wire#is_exact(a:params[v:val])')
  return empty(odd) ? a:params : extend(copy(a:params), {odd[0]: s:escape(a:params[odd[0]])})
endfunction

" Whether JSON carries {name} as it is.
function! etcd#host#wire#is_exact(name) abort
  if &encoding !=# 'utf-8'
    return 1
  endif
  let letters = str2list(a:name)
  " Overlong forms do not come back. UTF-8 has no surrogates, and ends where Unicode does.
  return list2str(letters) ==# a:name && empty(filter(letters, 'v:val > 0x10ffff || (v:val >= 0xd800 && v:val <= 0xdfff)'))
endfunction

function! s:escape(name) abort
  return join(map(range(strlen(a:name)), 's:byte(a:name[v:val])'), '')
endfunction

function! s:byte(byte) abort
  return a:byte =~# '[\x01-\x7f]' ? a:byte : printf('%%%02X', char2nr(a:byte))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
