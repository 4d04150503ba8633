" BufReadCmd: what an address opens, in the buffer that has its name (:h BufReadCmd).
scriptencoding utf-8

" Bytes of a line that tell what a value is.
let s:sample = 1000

" Reads the address that buffer {bufnr} is called. Returns a command for :execute.
" A failed read leaves the buffer empty, unmodifiable and without a base, so that nothing can be written from it.
function! etcd#buffer#read(bufnr) abort
  let name = etcd#name#of(a:bufnr)
  let arguments = v:cmdarg
  call s:unlock()
  call etcd#stream#forget(a:bufnr)
  try
    let stream = etcd#stream#waits(name) ? v:false : v:true
    let got = etcd#rpc#request('open', {'name': name, 'stream': stream}, name =~# '/\%(?.*\)\=$\|:$' ? 'list' : 'read')
  catch /^etcd:\|^Vim:Interrupt/
    return s:failed(name, v:exception =~# '^etcd:' ? v:exception : 'etcd: interrupted')
  endtry
  try
    if !etcd#name#settle(got.address)
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
  call s:prepare()
  call etcd#event#fire('BufReadPre', bufname('%'))
  call etcd#fill#value(a:got.file, a:got.plain, a:arguments)
  let b:etcd = s:base(a:got)
  setlocal nomodified
  if a:got.past
    setlocal readonly nomodifiable
  endif
  if &shortmess !~# 'F'
    call etcd#message#info(printf('"%s" %dL, %dB, revision %s', a:got.address, line('$'), a:got.bytes, a:got.mod_revision))
  endif
  call etcd#event#fire('BufReadPost', bufname('%'))
  call s:detect()
  call etcd#event#user('EtcdReadPost')
  return ''
endfunction

" A key that is not there yet. Values are rarely lines, so a new one gets no final newline.
function! s:new(got) abort
  call s:prepare()
  setlocal noendofline
  let b:etcd = {'kind': 'key', 'address': a:got.address, 'mod_revision': '0', 'digest': '', 'cluster_id': a:got.cluster_id}
  setlocal nomodified
  call etcd#message#info(printf('"%s" [New]', a:got.address))
  call etcd#event#fire('BufNewFile', bufname('%'))
  return ''
endfunction

" Options go first: what follows may read modelines, or write a swap file.
function! s:prepare() abort
  setlocal buftype= noswapfile noundofile nomodeline nofixendofline
  " A key is in no directory: the .editorconfig of the working directory is not about it (Neovim's own, and editorconfig-vim).
  let b:editorconfig = v:false
  let b:EditorConfig_disable = 1
endfunction

function! s:failed(name, message) abort
  " The host may know which buffer has this key even where etcd does not answer: text that is there already stays in sight.
  try
    let address = etcd#rpc#request('canonical', {'name': a:name}, 'read').address
    if address !=# a:name && etcd#name#buffer(address) > 0 && !etcd#name#settle(address)
      call etcd#message#error(a:message)
      return ''
    endif
  catch /^etcd:/
  endtry
  call s:prepare()
  setlocal nomodified readonly nomodifiable
  let b:etcd = {'kind': 'failed', 'error': a:message}
  call etcd#message#error(a:message)
  return ''
endfunction

" What a failed read locked, :e opens again.
function! s:unlock() abort
  if get(get(b:, 'etcd', {}), 'kind', '') =~# '^\%(failed\|prefix\)$'
    setlocal modifiable noreadonly
    unlet b:etcd
  else
    setlocal modifiable
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

" Keys rarely have an extension: where the name said nothing, the content may.
function! s:detect() abort
  if &filetype !=# ''
    return
  endif
  " Of a line of a megabyte the ends are enough, and all of it is seconds of matching.
  let first = strpart(getline(nextnonblank(1)), 0, s:sample)
  let last = getline(prevnonblank('$'))
  let last = strpart(last, max([0, strlen(last) - s:sample]))
  let kind = first =~# '^\s*[{[]' && last =~# '[]}]\s*$' ? 'json'
        \ : first =~# '^---\s*$\|^[[:alnum:]_.-]\+:\%(\s.*\)\=$' && line('$') > 1 ? 'yaml'
        \ : first =~# '^<?xml\|^<!DOCTYPE' ? 'xml'
        \ : first =~# '^\[[^]]*\]\s*$' ? 'dosini'
        \ : ''
  if kind !=# ''
    execute 'setfiletype' kind
  endif
endfunction
