" Text into and out of a buffer, byte for byte, with the editor's own reading and writing.
scriptencoding utf-8

" Fills the current, empty buffer with the bytes of {file}. {plain}: Node says it is UTF-8 that any editor shows as it is.
" Sets 'fileencoding', 'fileformat', 'bomb', 'endofline' and 'binary' as :edit does, by v:cmdarg ({arguments}).
function! etcd#fill#value(file, plain, arguments) abort
  call s:read(a:file, '++edit ++bad=keep ' . a:arguments)
  if getfsize(a:file) == 0
    setlocal noendofline
  endif
  if !(a:plain && s:shows_utf8() && a:arguments ==# '') && !s:comes_back(a:file, a:arguments)
    silent noautocmd keepjumps %delete _
    call s:read(a:file, '++edit ++bin')
  endif
endfunction

" Fills the current, empty buffer with the names in {file}, one a line.
function! etcd#fill#names(file) abort
  call s:read(a:file, '++enc=utf-8 ++ff=unix')
endfunction

" Writes the current buffer, or lines {range} of it ('1,3'), to {file}; {arguments} is v:cmdarg.
function! etcd#fill#write(file, range, arguments) abort
  call etcd#fill#unlisted('silent noautocmd keepalt ' . a:range . 'write! ' . a:arguments . ' ' . fnameescape(a:file))
endfunction

" Runs {command}, a :read or :write of a temporary file, without a buffer being made for that file (:h cpo-a, :h cpo-A).
function! etcd#fill#unlisted(command) abort
  let cpoptions = &cpoptions
  set cpoptions-=a cpoptions-=A
  try
    execute a:command
  finally
    let &cpoptions = cpoptions
  endtry
endfunction

function! s:read(file, arguments) abort
  let undolevels = &l:undolevels
  " Nothing to undo before the first read; a later one (:e!) can be undone, as for files.
  if undotree().seq_last == 0
    setlocal undolevels=-1
  endif
  try
    " Not empty, because in Ex mode :read itself removes an empty line.
    call setline(1, '-')
    call etcd#fill#unlisted('silent noautocmd keepalt keepjumps 1read ' . a:arguments . ' ' . fnameescape(a:file))
    silent noautocmd keepjumps 1delete _
  finally
    let &l:undolevels = undolevels
  endtry
  call cursor(1, 1)
endfunction

function! s:shows_utf8() abort
  return &encoding ==# 'utf-8' && &fileencodings =~? '^\%(ucs-bom,\)\=\%(utf-8\|utf8\|default\)\>'
endfunction

" Whether the buffer, written as it would be now, has the very bytes of {file}.
function! s:comes_back(file, arguments) abort
  let copy = a:file . '.back'
  try
    call etcd#fill#write(copy, '', a:arguments)
    return readfile(copy, 'b') ==# readfile(a:file, 'b')
  finally
    call delete(copy)
  endtry
endfunction
