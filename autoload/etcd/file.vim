" FileReadCmd and SourceCmd: :read and :source of an address.
scriptencoding utf-8

" Inserts the value of the address that the autocommand gives below line '[ . Returns a command for :execute.
function! etcd#file#read(afile, amatch) abort
  let name = etcd#name#given(a:afile, a:amatch)
  let arguments = v:cmdarg
  " '[ is 1 for :0read as for :1read; only the typed command line tells.
  let below = etcd#cmdline#last() =~# '^\s*:*\s*0\s*r\%[ead]\>' ? 0 : line("'[")
  try
    let got = etcd#rpc#request('read', {'name': name}, 'read')
  catch /^etcd:/
    return etcd#message#raise(v:exception)
  endtry
  try
    call etcd#event#fire('FileReadPre', name)
    call etcd#fill#unlisted('silent noautocmd keepalt ' . below . 'read ' . arguments . ' ' . fnameescape(got.file))
    call etcd#event#fire('FileReadPost', name)
  finally
    call delete(got.file)
  endtry
  return ''
endfunction

" Runs the value of the address that the autocommand gives as a script.
function! etcd#file#source(afile, amatch) abort
  let name = etcd#name#given(a:afile, a:amatch)
  try
    let got = etcd#rpc#request('read', {'name': name}, 'read')
  catch /^etcd:/
    return etcd#message#raise(v:exception)
  endtry
  try
    " SourcePost the editor fires itself, behind SourceCmd.
    call etcd#event#fire('SourcePre', name)
    execute 'noautocmd source' fnameescape(got.file)
  finally
    call delete(got.file)
  endtry
  return ''
endfunction
