" A copy of a listing in the order of a column. The listing itself stays in etcd's order, that of the names.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The columns to sort by, in the order of "gs".
let s:columns = ['revision', 'size', 'version', 'ttl', 'age']
" By buffer of a copy: the address of the listing, the column, and the address of each line.
let s:copies = {}

" The columns to sort by.
function! etcd#listing#sorted#columns() abort
  return copy(s:columns)
endfunction

" Sorts the current listing by its newest change; in a copy, by the next column. If it cannot, it says why.
function! etcd#listing#sorted#next() abort
  let copy = get(s:copies, bufnr('%'), {})
  try
    call etcd#listing#sorted#by(empty(copy) ? s:columns[0] : s:columns[(index(s:columns, copy.column) + 1) % len(s:columns)])
  catch /^etcd:/
    call etcd#ui#message#error(v:exception)
  endtry
endfunction

" Shows a copy of the current listing, sorted by {column}. In a copy, it sorts the listing that it was made from. Throws 'etcd: …'.
function! etcd#listing#sorted#by(column) abort
  let address = get(s:copies, bufnr('%'), {'address': get(get(b:, 'etcd', {}), 'kind', '') ==# 'prefix' ? b:etcd.address : ''}).address
  if address ==# ''
    throw 'etcd: only a listing can be sorted'
  elseif index(s:columns, a:column) < 0
    throw printf('etcd: a listing can be sorted by %s, not by %s', join(s:columns, ', '), a:column)
  endif
  let here = etcd#buffer#here#note()
  let got = etcd#host#rpc#request('sort', {'name': address, 'by': a:column}, 'list')
  if etcd#buffer#here#back(here)
    call s:show(got, a:column)
  endif
endfunction

function! s:show(got, column) abort
  let names = map(copy(a:got.rows), 'etcd#listing#path#tail(v:val.address)')
  let rows = {}
  for i in range(len(names))
    let rows[names[i]] = a:got.rows[i]
  endfor
  let texts = etcd#listing#cells#lines(names, rows, [a:column], &columns)
  call etcd#ui#scratch#show('etcd-sort ' . a:got.address, map(copy(names), 'v:val . (texts[v:key] ==# "" ? "" : " " . texts[v:key])'))
  call cursor(1, 1)
  let s:copies[bufnr('%')] = {'address': a:got.address, 'column': a:column, 'lines': map(copy(a:got.rows), 'v:val.address')}
  autocmd etcd BufWipeout <buffer> call remove(s:copies, str2nr(expand('<abuf>')))
  nnoremap <special> <buffer> <silent> <nowait> <CR> :<C-U>call etcd#listing#sorted#open()<CR>
  nmap <special> <buffer> <nowait> gs <Plug>(etcd-sort)
  call etcd#ui#message#info(printf('etcd: %s by %s; gs sorts by the next column', a:got.address, a:column))
endfunction

" Opens the key on the line of the cursor, in the window that the copy was made from if that still exists.
function! etcd#listing#sorted#open() abort
  let address = get(s:copies[bufnr('%')].lines, line('.') - 1, '')
  if address !=# ''
    wincmd p
    execute 'edit' fnameescape(address)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
