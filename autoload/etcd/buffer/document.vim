" Documents: all keys below a prefix as one text (etcd:/app/?yaml). They are read like values. What was read is kept, because a write
" compares with it.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By buffer: what was read, in lines that only Node understands.
let s:bases = {}

" Whether {address}, which is canonical, is that of a document.
function! etcd#buffer#document#is(address) abort
  return a:address =~# '?\%(yaml\|jsonl\=\|env\)\%(&\|$\)'
endfunction

" Buffer {bufnr} was read or written. {base} is the file of what a write compares with, '' if there is none. It is kept here, so it
" outlives Node.
function! etcd#buffer#document#keep_base(bufnr, base) abort
  call etcd#buffer#document#let_go(a:bufnr)
  if a:base !=# ''
    let s:bases[a:bufnr] = readfile(a:base)
    call delete(a:base)
  endif
endfunction

" Whether it is known what was read into buffer {bufnr}.
function! etcd#buffer#document#has_base(bufnr) abort
  return has_key(s:bases, a:bufnr)
endfunction

" Writes to {file} what was read into buffer {bufnr}. Throws 'etcd: …' if that is not known.
function! etcd#buffer#document#give_base(bufnr, file) abort
  if !has_key(s:bases, a:bufnr)
    throw 'etcd: cannot write ' . bufname(a:bufnr) . ': what was read is not known; :w a file, and :e! reads it anew'
  endif
  call writefile(s:bases[a:bufnr], a:file)
endfunction

" Buffer {bufnr} is deleted.
function! etcd#buffer#document#let_go(bufnr) abort
  if has_key(s:bases, a:bufnr)
    call remove(s:bases, a:bufnr)
  endif
endfunction

" Sets 'filetype' of the current buffer, which is a document, unless an autocommand has set it.
function! etcd#buffer#document#filetype() abort
  if &filetype ==# ''
    let &l:filetype = b:etcd.format ==# 'env' ? 'sh' : b:etcd.format ==# 'yaml' ? 'yaml' : 'json'
  endif
endfunction

" What was read, in one line. {got} is Node's answer.
function! etcd#buffer#document#summary(got) abort
  return printf('"%s" %d key%s, %dL, %dB, revision %s%s', a:got.address, a:got.keys, a:got.keys == 1 ? '' : 's', line('$'), a:got.bytes,
        \ a:got.revision, a:got.scoped ? ', only what your roles allow' : '')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
