" Edited listings (:Etcd edit): the names of a prefix as text, each with a number.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Fills the current buffer with what `open` gave (src/host/edits.ts, OpenedEdit). Returns a command for :execute.
function! etcd#edit#view#show(got) abort
  let buffer = bufnr('%')
  call etcd#buffer#kind#set_options(buffer, 'edit', 'before')
  call writefile(etcd#edit#numbers#begin(buffer, readfile(a:got.file)), a:got.file)
  call etcd#buffer#fill#names(a:got.file)
  call etcd#buffer#kind#become(buffer, 'edit', a:got)
  call etcd#buffer#proof#give()
  call etcd#buffer#fill#read_anew()
  if a:got.readonly
    setlocal readonly
  endif
  if &filetype !=# 'etcdedit'
    setlocal filetype=etcdedit
  endif
  augroup etcd_edit
    autocmd! * <buffer>
    autocmd BufDelete,BufWipeout <buffer> call etcd#edit#numbers#forget(str2nr(expand('<abuf>')))
  augroup END
  call etcd#edit#view#place('')
  " The last message replaces the one about progress, and needs no key to go on.
  redraw
  call etcd#ui#message#settle(a:got.address, 'success', printf('"%s"%s %s, revision %s', a:got.address,
        \ a:got.scoped ? ' [partial]' : '', a:got.count == 1 ? '1 name' : a:got.count . ' names', a:got.revision))
  return ''
endfunction

" In the current edited listing, moves the cursor to {name}, as a listing shows it. If that is '' or not there, moves it to the name on
" its line.
function! etcd#edit#view#place(name) abort
  let line = a:name ==# '' ? 0 : search('\C\V\^\d\+\t\%(./\)\?' . escape(a:name, '\') . '\$', 'cnw')
  let line = line ? line : line('.')
  call cursor(line, matchend(getline(line), '^\d*\s*') + 1)
endfunction

" Lists buffer {bufnr} again after its text was applied. {lines} are the lines that it had then. They are changed as little as possible,
" and the change can be undone. What was typed since stays, and is not in etcd. {texts} are all that were applied
" (src/host/methods/open.ts, Numbers); this one is number {own}.
function! etcd#edit#view#renew(bufnr, lines, texts, own) abort
  let address = getbufvar(a:bufnr, 'etcd').address
  try
    let numbers = {'last': etcd#edit#numbers#last(), 'texts': a:texts, 'own': a:own}
    let got = etcd#host#rpc#request('open', {'name': address, 'stream': v:false, 'numbers': numbers}, 'read')
  catch /^etcd:\|^Vim:Interrupt/
    " It is no longer known what the numbers stand for.
    call etcd#edit#numbers#forget(a:bufnr)
    call etcd#buffer#kind#change(a:bufnr, {'torn': 1}, [])
    call etcd#ui#message#warn(printf('etcd: %s was applied, but could not be listed again; :e! does that: %s', address, v:exception))
    return
  endtry
  let lines = readfile(got.file)
  call delete(got.file)
  call etcd#edit#numbers#take(a:bufnr, lines, got.last)
  call etcd#buffer#kind#become(a:bufnr, 'edit', got)
  if etcd#edit#text#of(a:bufnr) ==# a:lines
    call etcd#buffer#lines#become(a:bufnr, etcd#edit#text#shown(lines))
    call etcd#buffer#here#visit(a:bufnr, function('s:saved'))
  endif
endfunction

" After BufWriteCmd the editor adjusts the undo tree of the buffer that is written, and only of that one.
function! s:saved() abort
  if etcd#buffer#lock#work(bufnr('%')) !=# ''
    setlocal nomodified
  else
    call etcd#buffer#fill#read_anew()
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
