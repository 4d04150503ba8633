" FileReadCmd and SourceCmd: :read and :source of an address.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Inserts the value of the address that the autocommand gives below line '[ . Returns a command for :execute.
function! etcd#file#read(afile, amatch) abort
  let name = etcd#name#given(a:afile, a:amatch)
  let [here, tick, arguments] = [etcd#here#note(), b:changedtick, v:cmdarg]
  let below = s:is_above() ? 0 : line("'[")
  try
    let got = etcd#rpc#request('read', {'name': name}, 'read')
  catch /^etcd:/
    call etcd#here#back(here)
    return etcd#message#raise(v:exception)
  endtry
  let bytes = getfsize(got.file)
  try
    if !etcd#here#back(here) || b:changedtick != tick
      return etcd#message#raise(printf('etcd: not inserted: %s: the buffer was %s during the wait; :r reads it again', got.address,
            \ bufnr('%') == here.buffer ? 'changed' : 'left'))
    endif
    call etcd#event#fire('FileReadPre', got.address)
    call etcd#fill#unlisted('silent noautocmd keepalt ' . below . 'read ' . arguments . ' ' . fnameescape(got.file))
    let lines = line("']") - line("'[") + 1
    call etcd#event#fire('FileReadPost', got.address)
  finally
    call delete(got.file)
  endtry
  if got.stale
    call etcd#message#warn(printf('etcd: %s [stale]: no quorum, so etcd may hold newer bytes than those inserted', got.address))
  elseif &shortmess !~# 'F'
    call etcd#message#info(printf('"%s" %dL, %dB', got.address, bytes ? lines : 0, bytes))
  endif
  return ''
endfunction

" Whether :0read was typed: '[ is 1 for it as for :1read, and only the typed command line tells.
function! s:is_above() abort
  let command = get(split(etcd#cmdline#last(), '\\\@<!|'), -1, '')
  let modifiers = '\%(\%(sil\%[ent]\|keepa\%[lt]\|kee\%[pmarks]\|keepj\%[umps]\|loc\%[kmarks]\|noa\%[utocmd]\)!\=\s\+\)*'
  return command =~# '^\s*:*\s*' . modifiers . '0\s*r\%[ead]\>'
endfunction

" Runs the value of the address that the autocommand gives as a script: returns the :source for the autocommand to execute,
" so that the script runs as one of a file would, with its errors and its autocommands. A stale value is refused.
function! etcd#file#source(afile, amatch) abort
  let name = etcd#name#given(a:afile, a:amatch)
  try
    let got = etcd#rpc#request('read', {'name': name}, 'read')
  catch /^etcd:/
    return etcd#message#raise(v:exception)
  endtry
  if got.stale
    call delete(got.file)
    return etcd#message#raise(printf('etcd: not run: %s: there is no quorum, so etcd may hold another script', got.address))
  endif
  " SourcePost the editor fires itself, behind SourceCmd.
  call etcd#event#fire('SourcePre', got.address)
  call timer_start(0, {-> delete(got.file)})
  return 'source ' . fnameescape(got.file)
endfunction

" Throws if the local {file} exists and is to be overwritten from a buffer of ours without a ! (E13).
function! etcd#file#check_over(file) abort
  if !v:cmdbang && filereadable(a:file) && a:file !~# '^etcd:'
    throw 'E13: File exists (add ! to override)'
  endif
endfunction
let &cpoptions = s:cpo | unlet s:cpo
