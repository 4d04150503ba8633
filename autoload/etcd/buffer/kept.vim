" The text of a buffer that is read again. The editor empties a buffer before BufReadCmd (:h BufReadCmd), so a read that fails would
" lose it all.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By buffer: lines, options, modified, etcd (the base), and whether the proof held.
let s:kept = {}
" The options that the bytes of the text depend on.
let s:options = ['&fileencoding', '&fileformat', '&bomb', '&binary', '&endofline', '&fixendofline']

" BufUnload of {bufnr}: keeps its text until the next read is done. If no read follows, nothing is kept.
function! etcd#buffer#kept#note(bufnr) abort
  let known = getbufvar(a:bufnr, 'etcd', {})
  if has('nvim-0.11')
    " The editor forgets the marks and jumps of an 'acwrite' buffer that it unloads, so it is reset here. The next read sets it again,
    " and so does BufEnter.
    noautocmd call setbufvar(a:bufnr, '&buftype', '')
  endif
  if etcd#buffer#lock#work(a:bufnr) ==# 'a read' || index(['key', 'document', 'failed'], get(known, 'kind', '')) < 0
    return
  endif
  let s:kept[a:bufnr] = {
        \ 'lines': getbufline(a:bufnr, 1, '$'),
        \ 'options': map(copy(s:options), '[v:val, getbufvar(a:bufnr, v:val)]'),
        \ 'modified': getbufvar(a:bufnr, '&modified'),
        \ 'etcd': copy(known),
        \ 'held': a:bufnr == bufnr('%') && get(known, 'kind', '') =~# '^\%(key\|document\)$' && etcd#buffer#proof#held(),
        \ }
  " BufReadCmd follows at once, or not at all.
  call timer_start(0, {-> etcd#buffer#lock#work(a:bufnr) ==# '' ? etcd#buffer#kept#drop(a:bufnr) : 0})
endfunction

" Whether the kept text of {bufnr}, if there is any, is worth keeping.
function! etcd#buffer#kept#has(bufnr) abort
  return has_key(s:kept, a:bufnr) && (s:kept[a:bufnr].modified || s:kept[a:bufnr].lines !=# [''])
endfunction

" Puts the text of {bufnr} back as it was, with 'modified' and b:etcd. The buffer is empty, and need not be shown. Returns 0 if nothing
" is kept.
function! etcd#buffer#kept#restore(bufnr) abort
  let kept = get(s:kept, a:bufnr, {})
  if empty(kept)
    return 0
  endif
  call remove(s:kept, a:bufnr)
  noautocmd call setbufvar(a:bufnr, '&buftype', 'acwrite')
  noautocmd call setbufvar(a:bufnr, '&modifiable', 1)
  noautocmd call setbufvar(a:bufnr, '&readonly', 0)
  noautocmd call setbufline(a:bufnr, 1, kept.lines)
  for [name, value] in kept.options
    noautocmd call setbufvar(a:bufnr, name, value)
  endfor
  call etcd#buffer#kind#put_back(a:bufnr, kept.etcd)
  if kept.held && a:bufnr == bufnr('%')
    call etcd#buffer#proof#give()
  endif
  " After BufReadCmd the editor takes a buffer for unmodified, except if an autocommand has set it so.
  call setbufvar(a:bufnr, '&modified', kept.modified)
  return 1
endfunction

" Forgets what is kept of {bufnr}.
function! etcd#buffer#kept#drop(bufnr) abort
  if has_key(s:kept, a:bufnr)
    call remove(s:kept, a:bufnr)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
