" The buffer and window in which a command was given. Callbacks and timers run during a wait and may go elsewhere. So after a wait, come
" back here before you touch the current buffer. The linter demands it.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Notes where we are: a dict for etcd#buffer#here#back().
function! etcd#buffer#here#note() abort
  return {'buffer': bufnr('%'), 'window': win_getid()}
endfunction

" Goes back to {here}: to its window, else to any window that shows its buffer. Returns 1 if its buffer is current now, 0 if no window
" shows it.
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

" Calls {Work} in buffer {bufnr}, which is loaded, whether or not a window shows it. We stay where we are.
function! etcd#buffer#here#visit(bufnr, Work) abort
  if bufnr('%') == a:bufnr
    call a:Work()
    return
  endif
  let s:visit = {'buffer': a:bufnr, 'work': a:Work}
  autocmd etcd User EtcdVisit if bufnr('%') == s:visit.buffer | call s:visit.work() | endif
  try
    " :doautoall goes to each loaded buffer.
    silent doautoall <nomodeline> etcd User EtcdVisit
  finally
    autocmd! etcd User EtcdVisit
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
