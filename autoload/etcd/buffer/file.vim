" FileReadCmd and SourceCmd: :read and :source of an address. Also for files that come to us only because of their names.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Inserts the value of the autocommand's address below line '[ . Returns a command for :execute.
function! etcd#buffer#file#read(afile, amatch) abort
  let name = etcd#buffer#name#given(a:afile, a:amatch)
  let [here, tick, arguments] = [etcd#buffer#here#note(), b:changedtick, v:cmdarg]
  let below = s:is_above() ? 0 : line("'[")
  try
    let got = etcd#host#rpc#request('read', {'name': etcd#buffer#name#meant(name)}, 'read')
  catch /^etcd:/
    call etcd#buffer#here#back(here)
    return etcd#ui#message#raise(v:exception)
  endtry
  let bytes = getfsize(got.file)
  try
    if !etcd#buffer#here#back(here) || b:changedtick != tick
      return etcd#ui#message#raise(printf('etcd: not inserted: %s: the buffer was %s during the wait; :r reads it again', got.address,
            \ bufnr('%') == here.buffer ? 'changed' : 'left'))
    endif
    call etcd#host#event#fire('FileReadPre', got.address)
    call etcd#buffer#fill#insert(got.file, below, arguments, '')
    let lines = line("']") - line("'[") + 1
    call etcd#host#event#fire('FileReadPost', got.address)
  finally
    call delete(got.file)
  endtry
  if got.stale
    call etcd#ui#message#warn(printf('etcd: %s [stale]: no quorum, so etcd may hold newer bytes than those inserted', got.address))
  elseif &shortmess !~# 'F'
    call etcd#ui#message#info(printf('"%s" %dL, %dB', got.address, bytes ? lines : 0, bytes))
  endif
  return ''
endfunction

" Whether :0read was typed. '[ is 1 for it, as for :1read, so only the typed command line tells.
function! s:is_above() abort
  let command = get(split(etcd#cmdline#last#line(), '\\\@<!|'), -1, '')
  let modifiers = '\%(\%(sil\%[ent]\|keepa\%[lt]\|kee\%[pmarks]\|keepj\%[umps]\|loc\%[kmarks]\|noa\%[utocmd]\)!\=\s\+\)*'
  return command =~# '^\s*:*\s*' . modifiers . '0\s*r\%[ead]\>'
endfunction

" Runs the value of the autocommand's address as a script. Returns the :source that the autocommand executes. So the script runs like
" one in a file, with its errors and its autocommands. A stale value is refused.
function! etcd#buffer#file#source(afile, amatch) abort
  let name = etcd#buffer#name#given(a:afile, a:amatch)
  if s:is_local(a:amatch, name)
    return s:local(a:amatch)
  endif
  try
    let got = etcd#host#rpc#request('read', {'name': etcd#buffer#name#meant(name)}, 'read')
  catch /^etcd:/
    return etcd#ui#message#raise(v:exception)
  endtry
  if got.stale
    call delete(got.file)
    return etcd#ui#message#raise(printf('etcd: not run: %s: there is no quorum, so etcd may hold another script', got.address))
  endif
  " The editor itself fires SourcePost, after SourceCmd.
  call etcd#host#event#fire('SourcePre', got.address)
  call timer_start(0, {-> delete(got.file)})
  return 'source ' . fnameescape(got.file)
endfunction

" Throws if the local {file} exists and a buffer of ours would overwrite it without a ! (E13).
function! etcd#buffer#file#check_over(file) abort
  if !v:cmdbang && filereadable(a:file) && a:file !~# '^etcd:'
    throw 'E13: File exists (add ! to override)'
  endif
endfunction

" Whether :source means the file {full}, and not the short address {name}. If there is such a file, only a typed command can have meant
" the address. And an address is never in another directory than the current one.
function! s:is_local(full, name) abort
  if a:full =~# '^etcd:'
    return 0
  endif
  let here = substitute(getcwd(), '/$', '', '') . '/' . a:name ==# a:full
  return !here || (filereadable(a:full) && index(etcd#cmdline#last#words(), a:name) < 0)
endfunction

" The :source of a local file that came to us because of its name. (SourcePost comes twice: the editor fires it as well.)
function! s:local(full) abort
  let s:eventignore = &eventignore
  set eventignore+=SourceCmd
  " It is only for this one, and not for what the script itself runs.
  autocmd etcd SourcePre * ++once call etcd#buffer#file#heed()
  return 'try | source ' . fnameescape(a:full) . ' | finally | call etcd#buffer#file#heed() | endtry'
endfunction

" 'eventignore' is the user's again.
function! etcd#buffer#file#heed() abort
  if exists('s:eventignore')
    let &eventignore = s:eventignore
    unlet s:eventignore
  endif
endfunction

" The :write of a file that came to us because of its name, to that name: {range} of it, or all of it.
function! etcd#buffer#file#write(range, append) abort
  let event = a:append ? 'FileAppend' : a:range ==# '' ? 'BufWrite' : 'FileWrite'
  let write = a:range . 'write' . (v:cmdbang ? '!' : '') . ' ' . v:cmdarg . (a:append ? ' >>' : '')
  return printf("execute 'doautocmd %sPre' | execute 'noautocmd %s' | execute 'doautocmd %sPost'", event, write, event)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
