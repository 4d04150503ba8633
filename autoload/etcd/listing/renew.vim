" Adds names to a listing and removes others while somebody looks at it. What is in sight stays where it is, and the cursor stays on its
" name.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Changes the lines of the listing {bufnr} by {hunks} (etcd#listing#hunks#between()). This cannot be undone. Returns how many names it
" then has.
function! etcd#listing#renew#lines(bufnr, hunks) abort
  let places = map(win_findbuf(a:bufnr), '[v:val, line(".", v:val), getwininfo(v:val)[0].topline]')
  let names = getbufvar(a:bufnr, 'etcd').count
  noautocmd call etcd#buffer#kind#set_options(a:bufnr, 'listing', 'more')
  noautocmd call etcd#buffer#undo#off(a:bufnr)
  try
    for hunk in reverse(copy(a:hunks))
      call s:change(a:bufnr, hunk)
      let names += len(hunk.come) - hunk.gone
    endfor
    " A buffer has a line even if it has no name.
    if names && getbufline(a:bufnr, '$') ==# ['']
      noautocmd silent call deletebufline(a:bufnr, names + 1)
    endif
  finally
    noautocmd call etcd#buffer#undo#on(a:bufnr)
    noautocmd call etcd#buffer#kind#set_options(a:bufnr, 'listing', 'after')
  endtry
  for [window, line, topline] in places
    call s:place(window, etcd#listing#hunks#moved(a:hunks, line), topline > 1 ? etcd#listing#hunks#moved(a:hunks, topline) : 1)
  endfor
  return names
endfunction

function! s:change(bufnr, hunk) abort
  if a:hunk.gone
    noautocmd silent call deletebufline(a:bufnr, a:hunk.line, a:hunk.line + a:hunk.gone - 1)
  endif
  if !empty(a:hunk.come)
    noautocmd silent call appendbufline(a:bufnr, a:hunk.line - 1, a:hunk.come)
  endif
endfunction

" The editors move the cursor and the view of some windows themselves, but not of others.
function! s:place(window, line, topline) abort
  let last = line('$', a:window)
  let place = {'lnum': max([1, min([a:line, last])]), 'topline': max([1, min([a:topline, last])])}
  if [line('.', a:window), getwininfo(a:window)[0].topline] !=# [place.lnum, place.topline]
    call win_execute(a:window, 'noautocmd call winrestview(' . string(place) . ')')
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
