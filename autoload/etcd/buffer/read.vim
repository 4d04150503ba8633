" BufReadCmd: what an address opens, in the buffer that has its name (:h BufReadCmd).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:healing = 0

" Reads the address that is the name of buffer {bufnr}, the current one. Returns a command for :execute.
" Whatever happens, the buffer ends filled from etcd or locked, because a buffer that could not be read must not be written. Text that
" was in it before stays in sight.
function! etcd#buffer#read#read(bufnr) abort
  let here = etcd#buffer#here#note()
  let [arguments, bang] = [v:cmdarg, v:cmdbang]
  if !etcd#buffer#lock#take(a:bufnr, 'a read')
    return s:refused(etcd#buffer#lock#work(a:bufnr))
  endif
  " Text that a callback adds during the wait would be lost after it.
  let modifiable = &l:modifiable
  noautocmd setlocal nomodifiable
  try
    return s:read(here, etcd#buffer#name#of(a:bufnr), arguments, bang, modifiable)
  catch
    call s:lock_failed(a:bufnr, 'etcd: cannot read ' . bufname(a:bufnr) . ': ' . v:exception, 'internal')
    return etcd#ui#message#raise(getbufvar(a:bufnr, 'etcd').error)
  finally
    call etcd#buffer#lock#free(a:bufnr)
    call etcd#buffer#kept#drop(a:bufnr)
    if bufnr('%') != a:bufnr
      " After BufReadCmd the editor takes the current buffer for unmodified; or for modified, if that was set last, in any buffer.
      noautocmd let &l:modified = &modified
    endif
  endtry
endfunction

" Reads the current buffer again, if the editor has loaded it without us and nothing was typed since. An autocommand that is not nested
" and says :edit loads like that.
function! etcd#buffer#read#heal() abort
  let kind = get(get(b:, 'etcd', {}), 'kind', '')
  if kind !=# '' && &buftype ==# ''
    setlocal buftype=acwrite
  endif
  if kind =~# '^\%(key\|document\)$' && !s:healing && !&modified && etcd#buffer#lock#work(bufnr('%')) ==# '' && !etcd#buffer#proof#holds()
    let s:healing = 1
    try
      edit
    finally
      let s:healing = 0
    endtry
  endif
endfunction

function! s:read(here, name, arguments, bang, modifiable) abort
  call etcd#listing#stream#forget(a:here.buffer)
  let [failure, code] = ['', '']
  try
    let stream = etcd#listing#stream#waits(a:name) ? v:false : v:true
    let got = etcd#host#rpc#request('open', {'name': a:name, 'stream': stream}, 'read')
  catch /^etcd:\|^Vim:Interrupt/
    let [failure, code] = [v:exception =~# '^etcd:' ? v:exception : 'etcd: interrupted', etcd#host#rpc#code()]
  endtry
  noautocmd call setbufvar(a:here.buffer, '&modifiable', a:modifiable)
  if failure !=# ''
    return s:failed(a:here, a:name, failure, code)
  endif
  try
    if !etcd#buffer#here#back(a:here)
      return s:failed(a:here, a:name, printf('etcd: not shown: %s: the buffer was left during the wait; :e reads it', got.address), '')
    elseif !etcd#buffer#name#settle(got.address, a:bang)
      return got.kind ==# 'prefix' ? etcd#listing#view#again(got) : ''
    elseif etcd#buffer#lock#work(bufnr('%')) !=# '' && bufnr('%') != a:here.buffer
      " It is another name of a buffer that is being written, so its text is not touched.
      return s:refused(etcd#buffer#lock#work(bufnr('%')))
    endif
    return got.kind ==# 'prefix' ? etcd#listing#view#show(got) : got.kind ==# 'new' ? s:new(got) :
          \ got.kind ==# 'edit' ? etcd#edit#view#show(got) : s:value(got, a:arguments)
  catch
    " Whatever went wrong, a buffer that is filled only in part must not be written.
    let why = v:exception =~# '^etcd:' ? v:exception : 'etcd: cannot show ' . got.address . ': ' . v:exception
    return s:failed(etcd#buffer#here#note(), a:name, why, 'internal')
  finally
    if has_key(got, 'file')
      call delete(got.file)
    endif
  endtry
endfunction

function! s:value(got, arguments) abort
  call etcd#buffer#read#unlock()
  call etcd#buffer#read#prepare(a:got.address)
  let buffer = bufnr('%')
  call etcd#host#event#fire('BufReadPre', bufname('%'))
  if bufnr('%') != buffer
    call s:lock_failed(buffer, 'etcd: cannot show ' . a:got.address . ': E201', 'internal')
    return etcd#ui#message#raise('E201: *ReadPre autocommands must not change current buffer')
  endif
  call etcd#buffer#fill#value(a:got.file, a:got.plain, a:arguments)
  let is_document = a:got.kind ==# 'document'
  call etcd#buffer#kind#become(buffer, is_document ? 'document' : 'value', a:got)
  if is_document
    call etcd#buffer#document#keep_base(buffer, get(a:got, 'base', {}))
  endif
  call etcd#buffer#proof#give()
  call etcd#buffer#fill#read_anew()
  call s:lock(a:got)
  if a:got.stale
    call etcd#ui#message#warn(printf('etcd: %s [stale]: no quorum, so etcd may hold newer bytes; :e reads it again', a:got.address))
  elseif has_key(a:got, 'gone')
    call etcd#ui#message#info(printf('"%s" [%s]', a:got.address, a:got.gone))
  else
    call etcd#buffer#lease#tell(a:got, is_document ? etcd#buffer#document#summary(a:got)
          \ : printf('"%s" %dL, %dB, revision %s', a:got.address, line('$'), a:got.bytes, a:got.mod_revision))
  endif
  let state = etcd#buffer#fill#state(buffer)
  " From here on an autocommand may read it again.
  call etcd#buffer#lock#free(buffer)
  call etcd#host#event#fire('BufReadPost', bufname('%'))
  if bufnr('%') == buffer
    execute 'call' is_document ? 'etcd#buffer#document#filetype()' : 'etcd#buffer#filetype#detect()'
    if !is_document
      call etcd#buffer#keys#map()
    endif
    call etcd#host#event#user('EtcdReadPost')
  endif
  let field = is_document ? 'revision' : 'mod_revision'
  let is_ours = bufnr('%') == buffer && get(get(b:, 'etcd', {}), field) ==# get(a:got, field) && etcd#buffer#proof#holds()
  if is_ours && etcd#buffer#fill#state(buffer) !=# state && !etcd#buffer#fill#holds(a:got.file, '')
    " An autocommand has changed the text, or an option that its bytes depend on, and etcd does not hold that.
    setlocal modified
  endif
  return ''
endfunction

" A key that does not exist yet. Values are seldom lines, so a new one gets no final newline.
function! s:new(got) abort
  call etcd#buffer#read#unlock()
  call etcd#buffer#read#prepare(a:got.address)
  call etcd#buffer#fill#nothing()
  call etcd#buffer#kind#become(bufnr('%'), 'new', a:got)
  call etcd#buffer#proof#give()
  call etcd#buffer#fill#read_anew()
  call s:lock(a:got)
  call etcd#ui#message#info(printf('"%s" [New]%s', a:got.address,
        \ get(a:got, 'old_data', 0) ? etcd#ui#message#old_data() : etcd#cmdline#typed#doubt(a:got.address)))
  let [buffer, tick] = [bufnr('%'), b:changedtick]
  call etcd#buffer#lock#free(buffer)
  call etcd#host#event#fire('BufNewFile', bufname('%'))
  if bufnr('%') == buffer && b:changedtick != tick && get(get(b:, 'etcd', {}), 'mod_revision') ==# '0'
    setlocal modified
  endif
  return ''
endfunction

" If it may not be written, it can still be looked at.
function! s:lock(got) abort
  if get(a:got, 'past', 0)
    setlocal readonly nomodifiable
    call etcd#past#walk#map_keys()
  elseif a:got.readonly || a:got.stale
    setlocal readonly
  endif
endfunction

" Sets the options of the current buffer, whose address is {address}. They are set before it is filled, because what follows may read
" modelines, or write a swap file.
function! etcd#buffer#read#prepare(address) abort
  call etcd#buffer#kind#set_options(bufnr('%'), 'value', 'before')
  " Values may be secrets. What the user has set for this buffer stays.
  if !has_key(b:, 'etcd')
    setlocal noundofile
    if !etcd#host#profile#has(etcd#host#profile#of(a:address), 'swap')
      setlocal noswapfile
    endif
  endif
  " A key is in no directory, so the .editorconfig of the working directory is not about it (Neovim's own, and editorconfig-vim).
  let b:editorconfig = v:false
  let b:EditorConfig_disable = 1
endfunction

" {here}.buffer, called {name}, could not be read: {message} says why, and {code} is the error's code. The buffer is locked first,
" because what follows may fail as well.
function! s:failed(here, name, message, code) abort
  let buffer = a:here.buffer
  let kept = etcd#buffer#kept#has(buffer)
  call s:lock_failed(buffer, a:message, a:code)
  call etcd#ui#message#end()
  let is_here = etcd#buffer#here#back(a:here)
  if kept
    call etcd#buffer#kept#restore(buffer)
    call s:lock_failed(buffer, a:message, a:code)
  elseif is_here
    try
      if s:is_elsewhere(a:name)
        call etcd#ui#message#error(a:message)
        return ''
      endif
    catch
      " It keeps the name that was typed.
    endtry
  endif
  call etcd#ui#message#error(a:message . (kept ? '; its text is kept, locked' : ''))
  return ''
endfunction

" Even if etcd does not answer, the host may know which buffer has the key {name}. Returns 1 if another buffer has its text; that one is
" current then. Else the current buffer gets its canonical name.
function! s:is_elsewhere(name) abort
  let here = etcd#buffer#here#note()
  let address = etcd#host#rpc#request('canonical', {'name': a:name}, 'read').address
  if !etcd#buffer#here#back(here)
    return 0
  elseif etcd#buffer#name#buffer(address) > 0
    return address !=# a:name && !etcd#buffer#name#settle(address, 0)
  elseif a:name !~# '^etcd:\%(//[^/]*\)\=$' && win_gettype() !=# 'autocmd'
    " Neovim 0.7 takes etcd:/x/ for etcd:/x, and :cd moves it. (Only etcd can tell what `etcd:` alone means.)
    call etcd#buffer#name#adopt(address)
  endif
  return 0
endfunction

" Nothing can be written from {buffer}. This must not fail, so it needs no window and asks nobody.
function! s:lock_failed(buffer, message, code) abort
  silent! call etcd#buffer#kind#become(a:buffer, 'failed', {'error': a:message, 'code': a:code})
  silent! noautocmd call etcd#buffer#kind#set_options(a:buffer, 'failed', 'before')
endfunction

" {work} is under way in the current buffer, which :e has emptied. It gets its text back.
function! s:refused(work) abort
  if !etcd#buffer#kept#restore(bufnr('%'))
    call s:lock_failed(bufnr('%'), 'etcd: not read: ' . bufname('%'), '')
  elseif a:work ==# 'a read'
    " {work} will replace the text, so what a callback adds now would be lost.
    noautocmd setlocal nomodifiable
  endif
  call etcd#ui#message#error(printf('etcd: not read: %s: %s of this buffer is under way; :e reads it after that', bufname('%'), a:work))
  return ''
endfunction

" Unlocks what we have locked in the current buffer. What the user has locked (vim -M, :set nomodifiable) stays locked.
function! etcd#buffer#read#unlock() abort
  let known = get(b:, 'etcd', {})
  if get(known, 'kind', '') =~# '^\%(failed\|prefix\)$' || get(known, 'past', 0)
    setlocal modifiable< noreadonly
    call etcd#past#walk#unmap_keys()
    call etcd#buffer#kind#leave()
  elseif get(known, 'readonly', 0) || get(known, 'stale', 0) || get(known, 'foreign', 0)
    setlocal noreadonly
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
