" :file and :saveas: a buffer gets another name, and its text is not what etcd holds under it (BufFilePost).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" After :file and :saveas: the new name becomes canonical (BufFilePost). A session names an empty buffer that way, and means what the
" name has (:h :mksession, 'buftype' acwrite).
" Where it must not be, the buffer gets its own back. Returns a command for :execute: nothing, or the error, which ends :saveas.
function! etcd#rename#to_address(bufnr) abort
  if a:bufnr != bufnr('%')
    return ''
  endif
  let here = etcd#here#note()
  if exists('g:SessionLoad') && !&modified && !has_key(b:, 'etcd') && line('$') == 1 && getline(1) ==# ''
    " The session has taken F away, and puts it back at its end; without it :file says more than one line.
    set shortmess+=F
    return etcd#buffer#read(a:bufnr)
  endif
  try
    let address = etcd#name#canonical(etcd#name#meant(etcd#name#of(a:bufnr)))
    if !etcd#here#back(here)
      return ''
    endif
    let other = etcd#name#buffer(address)
    if other > 0 && other != a:bufnr && bufloaded(other)
      throw printf('etcd: cannot name it %s: buffer %d has this key (E139); :buffer %d goes there', address, other, other)
    endif
    call etcd#name#adopt(address)
    call s:begin_new(address)
    return ''
  catch /^etcd: cannot \%(tell\|name it\)/
    if !has_key(get(b:, 'etcd', {}), 'address')
      return etcd#message#raise(v:exception)
    endif
    call etcd#name#adopt(b:etcd.address)
    return etcd#message#raise(v:exception)
  catch /^etcd:/
    call etcd#message#error(v:exception)
    return ''
  endtry
endfunction

" After :file and :saveas to a local name (BufFilePost): buffer {bufnr} is an ordinary one again.
function! etcd#rename#to_file(bufnr) abort
  let name = bufname(a:bufnr)
  " A relative name may have been made absolute; any other one with "etcd:" in it is that of a file.
  let is_ours = name =~# '^etcd:' || stridx(name, substitute(getcwd(), '/$', '', '') . '/etcd:') == 0
  if a:bufnr == bufnr('%') && !is_ours
    call etcd#buffer#unlock()
    setlocal buftype= swapfile< undofile< modeline< fixendofline<
    unlet! b:etcd b:editorconfig b:EditorConfig_disable
  endif
endfunction

" The current buffer has just been called {address}, by :file or :saveas. Etcd does not hold its text under that name, as far as one
" knows, so it is 'modified', and is written only if there is no such key. A listing, and what could not be read, stays what it is.
function! s:begin_new(address) abort
  let known = get(b:, 'etcd', {})
  let kind = get(known, 'kind', 'key')
  " Text that was kept where a read failed can be rescued so.
  let is_kept = kind ==# 'failed' && (line('$') > 1 || getline(1) !=# '')
  if (kind !=# 'key' && !is_kept) || get(known, 'address', '') ==# a:address
    return
  elseif is_kept || get(known, 'past', 0)
    call etcd#buffer#unlock()
  endif
  call etcd#buffer#prepare(a:address)
  let b:etcd = {'kind': 'key', 'address': a:address, 'mod_revision': '0', 'digest': '', 'cluster_id': '', 'named': 1}
  call etcd#proof#give()
  setlocal modified
endfunction

let &cpoptions = s:cpo | unlet s:cpo
