" Documents: all keys below a prefix as one text (etcd:/app/?yaml). They are read like values. What was read is kept, because a write
" compares with it.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By buffer: what was read, in lines that only Node understands, and the id that Node has given it.
let s:bases = {}

" Whether {address}, which is canonical, is that of a document.
function! etcd#buffer#document#is(address) abort
  return a:address =~# '?\%(yaml\|jsonl\=\|env\)\%(&\|$\)'
endfunction

" Buffer {bufnr} was read or written. {base} is what a write compares with: an OfferedBase (src/host/bases.ts), {} if there is none. It
" is kept here, so it outlives Node.
function! etcd#buffer#document#keep_base(bufnr, base) abort
  let before = get(s:bases, a:bufnr, {})
  call etcd#buffer#document#let_go(a:bufnr)
  if empty(a:base)
    return
  endif
  let lines = readfile(a:base.file)
  call delete(a:base.file)
  if has_key(a:base, 'from')
    if get(before, 'id', '') !=# a:base.from.id
      " Nobody knows these lines. The next :w says so.
      return
    endif
    let lines = s:patched(before.lines, lines, a:base)
  endif
  let s:bases[a:bufnr] = {'id': a:base.id, 'lines': lines}
endfunction

" {lines} as they are with {changed} in the places that {base} names.
function! s:patched(lines, changed, base) abort
  let lines = a:lines + repeat([''], a:base.lines - len(a:lines))
  for i in range(len(a:changed))
    let lines[a:base.from.at[i]] = a:changed[i]
  endfor
  return lines[: a:base.lines - 1]
endfunction

" The id of what was read into buffer {bufnr}. Throws 'etcd: …' if that is not known.
function! etcd#buffer#document#base(bufnr) abort
  if !has_key(s:bases, a:bufnr)
    throw 'etcd: cannot write ' . bufname(a:bufnr) . ': what was read is not known; :w a file, and :e! reads it anew'
  endif
  return s:bases[a:bufnr].id
endfunction

" Whether it is known what was read into buffer {bufnr}.
function! etcd#buffer#document#has_base(bufnr) abort
  return has_key(s:bases, a:bufnr)
endfunction

" Writes to {file} what was read into buffer {bufnr}. It is known.
function! etcd#buffer#document#give_base(bufnr, file) abort
  call writefile(s:bases[a:bufnr].lines, a:file)
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
