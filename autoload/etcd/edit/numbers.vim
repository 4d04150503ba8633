" The numbers of edited listings. A number says what a line is. So each is given only once in the life of the editor, and a name keeps
" its number as long as it exists. Text that undo brings back then still means the same.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:last = 0
" By buffer: the lines that it began with, in UTF-8 as Node has them.
let s:bases = {}

" The lines of {names}, with which buffer {bufnr} begins from now on. Names that it has already keep their numbers.
function! etcd#edit#numbers#begin(bufnr, names) abort
  let known = s:by_name(get(s:bases, a:bufnr, []))
  if empty(known)
    let lines = map(copy(a:names), 's:last + 1 + v:key . "\t" . v:val')
    let s:last += len(lines)
  else
    let lines = map(copy(a:names), '(has_key(known, v:val) ? known[v:val] : s:next()) . "\t" . v:val')
  endif
  let s:bases[a:bufnr] = lines
  return lines
endfunction

" The lines that buffer {bufnr} began with; [] if it is no edited listing.
function! etcd#edit#numbers#base(bufnr) abort
  return get(s:bases, a:bufnr, [])
endfunction

" Node has given buffer {bufnr} its numbers. It begins with {lines} from now on. {last} is the greatest number now.
function! etcd#edit#numbers#take(bufnr, lines, last) abort
  let s:last = max([s:last, a:last])
  let s:bases[a:bufnr] = a:lines
endfunction

" The greatest number that was given so far.
function! etcd#edit#numbers#last() abort
  return s:last
endfunction

" Buffer {bufnr} is deleted, or it is no longer known what its numbers stand for.
function! etcd#edit#numbers#forget(bufnr) abort
  call filter(s:bases, 'v:key != a:bufnr')
endfunction

function! s:next() abort
  let s:last += 1
  return s:last
endfunction

" Numbers by names. It is one loop without calls, because there may be 100,000 {lines}; they were written by us.
function! s:by_name(lines) abort
  let numbers = {}
  for line in a:lines
    let tab = stridx(line, "\t")
    let numbers[line[tab + 1 :]] = line[: tab - 1]
  endfor
  return numbers
endfunction

let &cpoptions = s:cpo | unlet s:cpo
