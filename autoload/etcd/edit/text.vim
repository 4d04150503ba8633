" The text of edited listings on its way to Node. It is in UTF-8, whatever 'encoding' is.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The lines of buffer {bufnr}, as the editor has them.
function! etcd#edit#text#of(bufnr) abort
  return getbufline(a:bufnr, 1, '$')
endfunction

" {lines} from Node, as the editor has them.
function! etcd#edit#text#shown(lines) abort
  let lines = &encoding ==# 'utf-8' ? a:lines : map(copy(a:lines), 'iconv(v:val, "utf-8", &encoding)')
  return empty(lines) ? [''] : lines
endfunction

" {lines} from the editor, as Node has them.
function! etcd#edit#text#sent(lines) abort
  return &encoding ==# 'utf-8' ? a:lines : map(copy(a:lines), 'iconv(v:val, &encoding, "utf-8")')
endfunction

" What `edit_plan` wants to know of buffer {bufnr} (src/host/methods/edit-plan.ts), whose lines are {lines}. The files that are written
" for it are added to {files}, so that they are deleted in any case. Throws 'etcd: …'.
function! etcd#edit#text#send(bufnr, lines, files) abort
  let [known, base] = [getbufvar(a:bufnr, 'etcd'), etcd#edit#numbers#base(a:bufnr)]
  let given = {'name': known.address, 'cluster_id': known.cluster_id, 'seen': known.seen, 'base': s:file(base, a:files)}
  let lines = etcd#edit#text#sent(a:lines)
  return lines ==# base ? given : extend(given, {'text': s:file(lines, a:files)})
endfunction

" What `open` wants to know of the numbers of buffer {bufnr}, whose {lines} were applied (src/host/methods/open.ts, Numbers). {base}:
" whether to add the lines that it began with. {files} is as for send().
function! etcd#edit#text#settled(bufnr, lines, base, files) abort
  let given = {'name': getbufvar(a:bufnr, 'etcd').address, 'text': s:file(etcd#edit#text#sent(a:lines), a:files)}
  return a:base ? extend(given, {'base': s:file(etcd#edit#numbers#base(a:bufnr), a:files)}) : given
endfunction

function! s:file(lines, files) abort
  let file = etcd#buffer#put#file()
  call add(a:files, file)
  if writefile(a:lines, file) != 0
    throw 'etcd: not written: the private directory does not take it'
  endif
  return file
endfunction

let &cpoptions = s:cpo | unlet s:cpo
