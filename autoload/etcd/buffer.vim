" BufReadCmd: what an address opens, in the buffer that has its name (:h BufReadCmd).
scriptencoding utf-8

" Reads the address that buffer {bufnr} is called. Returns a command for :execute.
" A failed read leaves the buffer empty, unmodifiable and without a base, so that nothing can be written from it.
function! etcd#buffer#read(bufnr) abort
  let name = etcd#name#of(a:bufnr)
  let [arguments, bang] = [v:cmdarg, v:cmdbang]
  call etcd#stream#forget(a:bufnr)
  try
    let stream = etcd#stream#waits(name) ? v:false : v:true
    let got = etcd#rpc#request('open', {'name': name, 'stream': stream}, name =~# '/\%(?.*\)\=$\|:$' ? 'list' : 'read')
  catch /^etcd:\|^Vim:Interrupt/
    return s:failed(name, v:exception =~# '^etcd:' ? v:exception : 'etcd: interrupted')
  endtry
  try
    if !etcd#name#settle(got.address, bang)
      return got.kind ==# 'prefix' ? etcd#listing#again(got) : ''
    elseif got.kind ==# 'prefix'
      return etcd#listing#show(got)
    elseif got.kind ==# 'new'
      return s:new(got)
    endif
    return s:value(got, arguments)
  catch
    " Whatever it was: a buffer that is filled in part must not be written.
    return s:failed(name, 'etcd: cannot show ' . got.address . ': ' . v:exception)
  finally
    if has_key(got, 'file')
      call delete(got.file)
    endif
  endtry
endfunction

function! s:value(got, arguments) abort
  call s:unlock()
  call s:prepare()
  let buffer = bufnr('%')
  call etcd#event#fire('BufReadPre', bufname('%'))
  if bufnr('%') != buffer
    call s:abandon(buffer, a:got.address)
    return etcd#message#raise('E201: *ReadPre autocommands must not change current buffer')
  endif
  call etcd#fill#value(a:got.file, a:got.plain, a:arguments)
  let b:etcd = s:base(a:got)
  setlocal nomodified
  call s:lock(a:got)
  if a:got.stale
    call etcd#message#warn(printf('etcd: %s [stale]: no quorum, so etcd may hold newer bytes; :e reads it again', a:got.address))
  elseif &shortmess !~# 'F'
    call etcd#message#info(printf('"%s" %dL, %dB, revision %s', a:got.address, line('$'), a:got.bytes, a:got.mod_revision))
  endif
  call etcd#event#fire('BufReadPost', bufname('%'))
  call etcd#filetype#detect()
  call etcd#event#user('EtcdReadPost')
  return ''
endfunction

" A key that is not there yet. Values are rarely lines, so a new one gets no final newline.
function! s:new(got) abort
  call s:unlock()
  call s:prepare()
  call etcd#fill#forget()
  setlocal noendofline
  let b:etcd = {'kind': 'key', 'address': a:got.address, 'mod_revision': '0', 'digest': '', 'cluster_id': a:got.cluster_id,
        \ 'readonly': a:got.readonly, 'stale': a:got.stale}
  setlocal nomodified
  call s:lock(a:got)
  call etcd#message#info(printf('"%s" [New]', a:got.address))
  call etcd#event#fire('BufNewFile', bufname('%'))
  return ''
endfunction

" What may not be written can still be looked at.
function! s:lock(got) abort
  if get(a:got, 'past', 0)
    setlocal readonly nomodifiable
  elseif a:got.readonly || a:got.stale
    setlocal readonly
  endif
endfunction

" Options go first: what follows may read modelines, or write a swap file.
function! s:prepare() abort
  setlocal buftype= noswapfile noundofile nomodeline nofixendofline
  " A key is in no directory: the .editorconfig of the working directory is not about it (Neovim's own, and editorconfig-vim).
  let b:editorconfig = v:false
  let b:EditorConfig_disable = 1
endfunction

function! s:failed(name, message) abort
  let code = etcd#rpc#code()
  call etcd#message#end()
  " The host may know which buffer has this key even where etcd does not answer: text that is there already stays in sight.
  try
    let address = etcd#rpc#request('canonical', {'name': a:name}, 'read').address
    if etcd#name#buffer(address) > 0
      if address !=# a:name && !etcd#name#settle(address, 0)
        call etcd#message#error(a:message)
        return ''
      endif
    elseif a:name !~# '^etcd:\%(//[^/]*\)\=$' && win_gettype() !=# 'autocmd'
      " Neovim 0.7 takes etcd:/x/ for etcd:/x, and :cd moves it. (What `etcd:` alone means, etcd has to tell.)
      call etcd#name#adopt(address)
    endif
  catch /^etcd:/
  endtry
  call s:prepare()
  setlocal nomodified readonly nomodifiable
  let b:etcd = {'kind': 'failed', 'error': a:message, 'code': code}
  call etcd#message#error(a:message)
  return ''
endfunction

" {buffer} stays empty, and nothing can be written from it.
function! s:abandon(buffer, address) abort
  call setbufvar(a:buffer, '&modifiable', 0)
  call setbufvar(a:buffer, '&readonly', 1)
  call setbufvar(a:buffer, 'etcd', {'kind': 'failed', 'error': 'etcd: cannot show ' . a:address . ': E201', 'code': 'internal'})
endfunction

" What we have locked, :e opens again; what the user has locked (vim -M, :set nomodifiable) stays so.
function! s:unlock() abort
  let known = get(b:, 'etcd', {})
  if get(known, 'kind', '') =~# '^\%(failed\|prefix\)$' || get(known, 'past', 0)
    setlocal modifiable< noreadonly
    unlet b:etcd
  elseif get(known, 'readonly', 0) || get(known, 'stale', 0) || get(known, 'foreign', 0)
    setlocal noreadonly
  endif
endfunction

" b:etcd of a value: what a write compares with, and what a statusline may show.
function! s:base(got) abort
  let base = copy(a:got)
  for field in ['file', 'plain']
    call remove(base, field)
  endfor
  return base
endfunction
