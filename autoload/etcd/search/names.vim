" Keys that were found by their names: a buffer of them, and their completion.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The most names that one completion offers.
let s:most = 200

" Shows all of them as a listing of whole names, in which the keys of a listing work. {given}: as for a verb. Throws 'etcd: …'.
function! etcd#search#names#show(given) abort
  let here = etcd#buffer#here#note()
  let params = extend(etcd#search#pattern#parse('find', a:given.argument), {'max': 1000000, 'stream': v:false})
  let got = etcd#host#rpc#request('search', params, 'list')
  call etcd#buffer#here#back(here)
  let title = etcd#search#pattern#title('find', params) . ' ' . got.address
  let root = matchstr(got.address, '^etcd://[^/]*/')
  execute escape(a:given.mods, '|') 'new'
  call etcd#ui#scratch#become(substitute(title, '^:Etcd', 'etcd', ''))
  if has_key(got, 'file')
    call etcd#buffer#fill#names(got.file)
    call delete(got.file)
    " After that each line is the name as a listing of everything would show it, with what is below.
    call setline(1, map(getline(1, '$'), 'strpart(v:val, len(root))'))
  endif
  call etcd#buffer#kind#become(bufnr('%'), 'listing', {'address': root, 'revision': got.revision, 'count': got.count, 'scoped': got.scoped})
  setlocal nomodified nomodifiable filetype=etcd
  call etcd#listing#columns#begin()
  call etcd#search#stream#tell({'title': title, 'count': got.count}, got)
endfunction

" What may replace {lead}, the word after {before} in the command line. The pattern of :Etcd find is any part of a name, and after a
" pattern comes a prefix.
function! etcd#search#names#offer(lead, before) abort
  let [verb, pattern] = matchlist(a:before, '\<Etcd!\=\s\+\(\l\+\)!\=\s\+\(.*\)$')[1:2]
  if pattern ==# ''
    return verb ==# 'find' ? s:matching(a:lead) : []
  endif
  let found = etcd#cmdline#candidates#of(a:lead =~# '^etcd:' ? a:lead : 'etcd:' . a:lead)
  return map(found, 'a:lead =~# "^etcd:" ? v:val : v:val[5:]')
endfunction

" Keys that have {part} in their names, as :Etcd find takes them. Empty if etcd does not answer.
function! s:matching(part) abort
  let params = {'what': 'names', 'kind': a:part ==# '' ? 'glob' : 'text', 'pattern': a:part ==# '' ? '**' : a:part,
        \ 'name': etcd#search#pattern#here(), 'max': s:most, 'stream': v:false}
  try
    let items = etcd#search#list#items(etcd#host#rpc#request('search', params, 'complete'))
  catch /^etcd:\|^Vim:Interrupt/
    return []
  endtry
  return map(items, 's:bare(v:val.filename)')
endfunction

" The key of {address}, as it is written after :Etcd.
function! s:bare(address) abort
  return substitute(a:address, '^etcd://[^/]*\%(/\ze\./\)\=', '', '')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
