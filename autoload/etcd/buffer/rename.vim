" :file and :saveas: a buffer gets another name, and etcd does not hold its text under that name (BufFilePost).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By buffer: its name before the last :file or :saveas.
let s:was = {}

" Before :file and :saveas (BufFilePre): buffer {bufnr} may have to get its name back.
function! etcd#buffer#rename#begin(bufnr) abort
  let s:was[a:bufnr] = bufname(a:bufnr)
endfunction

" The name of buffer {bufnr} before this :file. It is given once: before a :file of a local file nothing is noted, and an older name
" would be wrong.
function! s:taken(bufnr) abort
  return has_key(s:was, a:bufnr) ? remove(s:was, a:bufnr) : ''
endfunction

" After :file and :saveas: the new name becomes canonical (BufFilePost). A session names an empty buffer that way, and then means the
" key's own value (:h :mksession, 'buftype' acwrite). If the buffer may not have that name, it gets its own back. Returns a command for
" :execute: nothing, or the error, which ends :saveas.
function! etcd#buffer#rename#to_address(bufnr) abort
  if a:bufnr != bufnr('%')
    return ''
  endif
  let [here, was] = [etcd#buffer#here#note(), s:taken(a:bufnr)]
  if etcd#buffer#lock#work(a:bufnr) !=# ''
    return s:refused(a:bufnr, was)
  endif
  if exists('g:SessionLoad') && !&modified && !has_key(b:, 'etcd') && line('$') == 1 && getline(1) ==# ''
    " The session has removed F, and puts it back at its end. Without F, :file says more than one line.
    set shortmess+=F
    return etcd#buffer#read#read(a:bufnr)
  endif
  try
    let address = etcd#buffer#name#canonical(etcd#buffer#name#meant(etcd#buffer#name#of(a:bufnr)))
    if !etcd#buffer#here#back(here)
      return ''
    endif
    let known = get(b:, 'etcd', {})
    if get(known, 'kind', '') ==# 'edit' && known.address !=# address
      throw printf('etcd: cannot name it %s: its numbers are about %s; :edit opens the other one', address, known.address)
    endif
    let other = etcd#buffer#name#buffer(address)
    if other > 0 && other != a:bufnr && bufloaded(other)
      throw printf('etcd: cannot name it %s: buffer %d has this key (E139); :buffer %d goes there', address, other, other)
    endif
    call etcd#buffer#name#adopt(address)
    call s:begin_new(address)
    return ''
  catch /^etcd: cannot \%(tell\|name it\)/
    return s:back(get(get(b:, 'etcd', {}), 'address', was), v:exception)
  catch /^etcd:/
    call etcd#ui#message#error(v:exception)
    return ''
  endtry
endfunction

" A callback has given the current buffer another name while it is being read or written. The result would be shown, or written, under a
" name that it is not about. So the buffer keeps its own name.
function! s:refused(bufnr, was) abort
  return s:back(a:was, printf('etcd: cannot name it %s: %s of %s is under way; :file does it after that', bufname(a:bufnr),
        \ etcd#buffer#lock#work(a:bufnr), a:was))
endfunction

" The current buffer is called {name} again, if that is known, because of {error}.
function! s:back(name, error) abort
  if a:name !=# ''
    call etcd#buffer#name#adopt(a:name)
  endif
  return etcd#ui#message#raise(a:error)
endfunction

" After :file and :saveas to a local name (BufFilePost): buffer {bufnr} is an ordinary one again. Returns a command for :execute:
" nothing, or the error.
function! etcd#buffer#rename#to_file(bufnr) abort
  let [name, was] = [bufname(a:bufnr), s:taken(a:bufnr)]
  " A relative name may have been made absolute. Any other name with "etcd:" in it is that of a file.
  let is_ours = name =~# '^etcd:' || stridx(name, substitute(getcwd(), '/$', '', '') . '/etcd:') == 0
  if a:bufnr == bufnr('%') && !is_ours && &buftype =~# '^\%(acwrite\)\=$'
    if etcd#buffer#lock#work(a:bufnr) !=# ''
      return s:refused(a:bufnr, was)
    endif
    call etcd#buffer#read#unlock()
    setlocal buftype= swapfile< undofile< modeline< fixendofline<
    call etcd#buffer#kind#leave()
    unlet! b:editorconfig b:EditorConfig_disable
  endif
  return ''
endfunction

" The current buffer has just been called {address}, by :file or :saveas. As far as we know etcd does not hold its text under that name.
" So it is 'modified', and it is only written if there is no such key. A listing, or a buffer that could not be read, stays what it is.
function! s:begin_new(address) abort
  let known = get(b:, 'etcd', {})
  let kind = get(known, 'kind', 'key')
  " Text that was kept after a failed read can be rescued like this.
  let is_kept = kind ==# 'failed' && (line('$') > 1 || getline(1) !=# '')
  if (kind !=# 'key' && !is_kept) || get(known, 'address', '') ==# a:address
    return
  elseif is_kept || get(known, 'past', 0)
    call etcd#buffer#read#unlock()
  endif
  call etcd#buffer#read#prepare(a:address)
  call etcd#buffer#kind#become(bufnr('%'), 'named', {'address': a:address})
  call etcd#buffer#proof#give()
  call etcd#buffer#fill#unsaved()
endfunction

let &cpoptions = s:cpo | unlet s:cpo
