" This editor's private directory, through which values cross between the editor and Node. Node makes it, and removes what is left of it.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:dir = ''

" Its path; '' if Node has not made it yet, or has found no place for it.
function! etcd#host#directory#path() abort
  return s:dir
endfunction

" Whether the private directory exists, is a directory, and nobody else can enter it. No editor can see who owns it. Node checks that,
" and everything above it (src/host/directory.ts), so nobody else can replace it.
function! etcd#host#directory#is_private() abort
  return s:dir !=# '' && getftype(s:dir) ==# 'dir' && getfperm(s:dir) ==# 'rwx------'
endfunction

" What Node has to know to make or keep it (src/host/methods/hello.ts). The namespace of a process id says which container it is in: the
" process ids of another container are not ours.
function! etcd#host#directory#owner() abort
  let space = matchstr(resolve('/proc/self/ns/pid'), '\[\zs\d\+\ze]')
  return extend({'owner': getpid() . '-' . (space ==# '' ? '0' : space)}, s:dir ==# '' ? {} : {'dir': s:dir})
endfunction

" Node has made {dir} for us; '' if it could not. At the end we only remove a directory that has our name.
function! etcd#host#directory#settle(dir) abort
  let ours = '/etcd\.vim-' . getpid() . '-[^/]*$'
  let dir = type(a:dir) == v:t_string && a:dir =~# ours ? a:dir : ''
  if s:dir !=# dir
    call etcd#host#directory#remove()
  endif
  let s:dir = dir
endfunction

" Removes it with everything in it.
function! etcd#host#directory#remove() abort
  if s:dir !=# ''
    call delete(s:dir, 'rf')
  endif
endfunction

" Deletes a body that nobody takes. Node names it, so the name is checked.
function! etcd#host#directory#discard(file) abort
  if type(a:file) == v:t_string && s:dir !=# '' && fnamemodify(a:file, ':h') ==# s:dir
    call delete(a:file)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
