" :Etcd info and K: all that etcd knows of a key or a prefix.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Shows it for the address of the argument. Without one, for what is under the cursor of a listing, or for the value. Throws 'etcd: …'.
function! etcd#verb#info#run(given) abort
  let argument = a:given.argument
  let address = argument ==# '' ? etcd#address() : argument =~# '^etcd:' ? argument : 'etcd:' . argument
  if address ==# ''
    throw 'etcd: no key is here; give an address: :Etcd info etcd:/app/x'
  endif
  let here = etcd#buffer#here#note()
  let got = etcd#host#rpc#request('info', {'name': address}, 'list')
  let time = reltime()
  if etcd#buffer#here#back(here)
    let float = etcd#ui#float#show(got.address, s:lines(got.rows, time))
    if float && !empty(filter(copy(got.rows), 'len(v:val) > 2'))
      call etcd#ui#clock#run('info', {-> etcd#ui#float#change(float, s:lines(got.rows, time))})
    endif
  endif
endfunction

" The same for a key that the user presses. The second time it goes into the open window. If it cannot show it, it says why.
function! etcd#verb#info#show() abort
  if etcd#ui#float#enter()
    return
  endif
  try
    call etcd#verb#info#run({'argument': ''})
  catch /^etcd:/
    call etcd#ui#message#error(v:exception)
  endtry
endfunction

" Rows of a label and a text, as lines. TTLs in them were read at {time}.
function! s:lines(rows, time) abort
  let width = max(map(copy(a:rows), 'strdisplaywidth(v:val[0])'))
  return map(copy(a:rows), {_, row -> row[0] . repeat(' ', width - strdisplaywidth(row[0]) + 2) . s:text(row, a:time)})
endfunction

function! s:text(row, time) abort
  return len(a:row) < 3 ? a:row[1] : substitute(a:row[1], '{ttl}', etcd#ui#clock#left(a:row[2].left, a:time), '')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
