" The buffer and window that a command was given in. Callbacks and timers run during a wait and may go elsewhere, so whoever
" has waited comes back before the current buffer is touched. The linter asks for it.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Where we are: a dict for etcd#buffer#here#back().
function! etcd#buffer#here#note() abort
  return {'buffer': bufnr('%'), 'window': win_getid()}
endfunction

" Goes back to {here}: to its window, else to any window that shows its buffer. 1 if its buffer is current now, 0 if none shows it.
function! etcd#buffer#here#back(here) abort
  if bufnr('%') == a:here.buffer && win_getid() == a:here.window
    return 1
  endif
  for window in [a:here.window] + win_findbuf(a:here.buffer)
    let [tab, number] = win_id2tabwin(window)
    if tab > 0 && get(tabpagebuflist(tab), number - 1) == a:here.buffer
      noautocmd call win_gotoid(window)
    endif
    if bufnr('%') == a:here.buffer
      return 1
    endif
  endfor
  return bufnr('%') == a:here.buffer
endfunction

" Calls {Work} in buffer {bufnr}, which is loaded, whether or not a window shows it: where we are stays as it is.
function! etcd#buffer#here#visit(bufnr, Work) abort
  if bufnr('%') == a:bufnr
    call a:Work()
    return
  endif
  let s:visit = {'buffer': a:bufnr, 'work': a:Work}
  autocmd etcd User EtcdVisit if bufnr('%') == s:visit.buffer | call s:visit.work() | endif
  try
    " It goes to each buffer that is loaded.
    silent doautoall <nomodeline> etcd User EtcdVisit
  finally
    autocmd! etcd User EtcdVisit
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
