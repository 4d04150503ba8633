" Text into and out of a buffer, byte for byte, with the editor's own reading and writing.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Fills the current, empty buffer with the bytes of {file}. {plain}: Node says it is UTF-8 that any editor shows as it is. Sets
" 'fileencoding', 'fileformat', 'bomb', 'endofline' and 'binary' as :edit does, by v:cmdarg ({arguments}). But if a file would lose
" bytes without being asked to, 'binary' keeps them.
function! etcd#buffer#fill#value(file, plain, arguments) abort
  call s:forget()
  call s:read(a:file, '++edit ++bad=keep ' . a:arguments)
  if s:is_sealed(a:file)
    let b:etcd_binary = 1
  elseif !(a:plain && a:arguments ==# '' && s:shows_utf8()) && !etcd#buffer#fill#holds(a:file, a:arguments)
    call s:read(a:file, '++edit ++bin')
    let b:etcd_binary = 1
  endif
endfunction

" Resets 'binary' if we have set it for the value before.
function! s:forget() abort
  if get(b:, 'etcd_binary', 0)
    setlocal nobinary
    unlet b:etcd_binary
  endif
endfunction

" Empties the current buffer, because the key of its text does not exist any more.
function! etcd#buffer#fill#nothing() abort
  call s:forget()
  if line('$') > 1 || getline(1) !=# ''
    setlocal modifiable
    silent noautocmd keepjumps %delete _
  endif
  setlocal noendofline
endfunction

" The text of the current buffer is now what etcd holds, or the key does not exist. If a buffer is opened again by another of its names,
" the editor does not load it anew. Undo would then take the old text for what etcd holds.
function! etcd#buffer#fill#read_anew() abort
  if !empty(undotree().entries)
    call etcd#buffer#fill#unsaved()
  endif
  setlocal nomodified
endfunction

" Fills the current, empty buffer with the names in {file}, one on each line.
function! etcd#buffer#fill#names(file) abort
  call s:read(a:file, '++enc=utf-8 ++ff=unix')
endfunction

" Writes the current buffer, or lines {range} of it ('1,3'), to {file}, which is new. {arguments} is v:cmdarg. Throws if that would lose
" characters, unless the user gave a !: the editor would only warn, but a key has no backup.
function! etcd#buffer#fill#write(file, range, arguments) abort
  call s:drop_key()
  if !v:cmdbang
    call s:check_letters(a:range, a:arguments)
  endif
  let write = v:cmdbang ? 'write! ' : 'write '
  call s:unlisted('silent noautocmd keepalt ' . a:range . write . a:arguments . ' ' . fnameescape(a:file))
endfunction

" What the bytes of buffer {bufnr} depend on: 'changedtick', and the options that a write obeys.
function! etcd#buffer#fill#state(bufnr) abort
  let options = ['&fileformat', '&fileencoding', '&bomb', '&binary', '&endofline', '&fixendofline']
  return [getbufvar(a:bufnr, 'changedtick')] + map(options, 'getbufvar(a:bufnr, v:val)')
endfunction

" Whether the current buffer, written as it would be now, has exactly the bytes of {file}. {arguments}, the v:cmdarg of the read, may
" have asked for other bytes.
function! etcd#buffer#fill#holds(file, arguments) abort
  if a:arguments =~# '++bad='
    return 1
  endif
  let mine = a:file . '.mine'
  try
    call etcd#buffer#fill#write(mine, '', '')
    return s:content(mine, a:arguments) ==# s:content(a:file, a:arguments)
  catch /^etcd:\|^Vim\%((\a\+)\)\=:E/
    return 0
  finally
    call delete(mine)
  endtry
endfunction

" From now on no state that undo can bring back counts as what etcd holds. Each of them is 'modified', and so is the text of the current
" buffer. A :write does that to the undo tree, if 'cpoptions' makes it take the buffer for written (:h cpo-+).
function! etcd#buffer#fill#unsaved() abort
  let [file, cpoptions] = ['', &cpoptions]
  set cpoptions-=a cpoptions-=A cpoptions-=f cpoptions-=F cpoptions+=+
  try
    let file = etcd#host#body#dir() . '/u' . bufnr('%')
    execute 'silent noautocmd keepalt write! ++bin' fnameescape(file)
  catch /^etcd:\|^Vim\%((\a\+)\)\=:E/
    " Then undo may still say that etcd holds it.
  finally
    let &cpoptions = cpoptions
    if file !=# ''
      call delete(file)
    endif
  endtry
  setlocal modified
endfunction

" Runs {command}, a :read or :write of a temporary file. No buffer is made for that file or gets its name, and the buffer does not count
" as written (:h cpo-a, cpo-A, cpo-f, cpo-F, cpo-+).
function! s:unlisted(command) abort
  let cpoptions = &cpoptions
  set cpoptions-=a cpoptions-=A cpoptions-=f cpoptions-=F cpoptions-=+
  try
    execute a:command
  finally
    let &cpoptions = cpoptions
  endtry
endfunction

" Inserts {file}, which holds a value or names, below line {below}, like `:read {arguments}`, but never asks for a key. Vim takes what
" begins with "VimCrypt~" for encrypted, and stores what a wrong key makes of it. {mods} are command modifiers for it.
function! etcd#buffer#fill#insert(file, below, arguments, mods) abort
  if !s:is_sealed(a:file)
    call s:unlisted('silent noautocmd keepalt ' . a:mods . ' ' . a:below . 'read ' . a:arguments . ' ' . fnameescape(a:file))
    return
  endif
  let lines = readfile(a:file, 'b')
  let ends = lines[-1] ==# ''
  if a:arguments =~# '++enc=utf-8' && &encoding !=# 'utf-8'
    call map(lines, 'iconv(v:val, "utf-8", &encoding)')
  endif
  execute a:mods 'call append(a:below, ends ? lines[:-2] : lines)'
  call cursor(a:below + 1, 1)
  if a:arguments =~# '++edit'
    setlocal binary fileencoding= fileformat=unix nobomb
    let &l:endofline = ends
  endif
endfunction

function! s:is_sealed(file) abort
  return has('cryptv') && get(readfile(a:file, 'b', 1), 0, '')[:8] ==# 'VimCrypt~'
endfunction

" 'key' is for files. Nobody can read it, so it cannot be put back. So a buffer that is not ours keeps it, and is not written.
function! s:drop_key() abort
  if !has('cryptv') || &l:key ==# ''
    return
  elseif !exists('b:etcd')
    throw "etcd: not written: 'key' encrypts this buffer, and a value is stored as it is; :setlocal key= first, or write the text"
          \ . ' from another buffer'
  endif
  setlocal key=
  call etcd#ui#message#warn("etcd: 'key' does not encrypt values, and is off in this buffer; see :help etcd-encryption")
endfunction

function! s:check_letters(range, arguments) abort
  let encoding = substitute(matchstr(a:arguments, '.*++enc=\zs\S\+'), '^$', &fileencoding, '')
  let binary = a:arguments =~# '++bin' || (&binary && a:arguments !~# '++nobin')
  " Unicode has all characters.
  if encoding =~? '^$\|^u\%(tf\|cs\)' || binary
    return
  endif
  let [first, last] = a:range ==# '' ? [1, '$'] : split(a:range, ',')
  let text = join(getline(first, last), "\n")
  let there = iconv(text, &encoding, encoding)
  " If nothing at all comes back, nobody knows the encoding, and :write will say so (E213).
  if there !=# '' && iconv(there, encoding, &encoding) !=# text
    throw 'etcd: not written: ' . encoding . ' does not have all characters of the text (E513);'
          \ . ' :set fileencoding=utf-8 keeps them, :w! does not'
  endif
endfunction

function! s:read(file, arguments) abort
  let [undolevels, modifiable] = [&l:undolevels, &l:modifiable]
  setlocal modifiable
  if has('cryptv')
    setlocal key=
  endif
  " Before the first read there is nothing to undo, and after :bdelete the next read is the first. A later read (:e!) can be undone, as
  " for files.
  if empty(undotree().entries)
    setlocal undolevels=-1
  endif
  try
    silent noautocmd keepjumps lockmarks %delete _
    " lockmarks: marks and quickfix entries are about the text, not about how it comes in. The line is not empty, because in Ex mode
    " :read itself removes an empty line.
    call setline(1, '-')
    call etcd#buffer#fill#insert(a:file, 1, a:arguments, 'keepjumps lockmarks')
    if line('$') == 1
      " The value has no line, at most a byte order mark. Text that is typed now gets no final newline, like a new key.
      setlocal noendofline
    endif
    " Not by :delete: if a closed fold begins there, it takes the whole fold.
    silent noautocmd keepjumps lockmarks call deletebufline('%', 1)
  finally
    let &l:undolevels = undolevels
    let &l:modifiable = modifiable
  endtry
  call cursor(1, 1)
endfunction

" Whether the editor would read any UTF-8 as UTF-8, and only a newline as the end of a line.
function! s:shows_utf8() abort
  return &encoding ==# 'utf-8' && &fileencodings =~? '^\%(ucs-bom,\)\=utf-\=8\%(,\|$\)' && &fileformats =~# 'unix'
endfunction

" :e ++ff=dos is a way to give every line the same end. So differences in line ends (and, in UTF-16, NUL) do not count.
function! s:content(file, arguments) abort
  let lines = readfile(a:file, 'b')
  return a:arguments =~# '++ff=dos' ? substitute(join(lines, "\n"), '[\r\n]', '', 'g') : lines
endfunction

let &cpoptions = s:cpo | unlet s:cpo
