" Buffers that are only for looking.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The lines of the buffer that is being read again.
let s:lines = []

" Shows {lines} in a window of its own called [{name}]. If one is open already, it is filled again.
function! etcd#ui#scratch#show(name, lines) abort
  let window = bufwinid(etcd#buffer#name#buffer('[' . a:name . ']'))
  if window > 0
    call win_gotoid(window)
    setlocal modifiable
    silent keepjumps %delete _
  else
    botright new
    call etcd#ui#scratch#become(a:name)
  endif
  call setline(1, map(copy(a:lines), 'etcd#ui#message#line(v:val)'))
  setlocal nomodifiable nowrap
endfunction

" Makes the current, empty buffer a scratch buffer called [{name}]. It is deleted with its window.
function! etcd#ui#scratch#become(name) abort
  call etcd#buffer#kind#set_options(bufnr('%'), 'scratch', 'before')
  let [name, others] = ['[' . a:name . ']', 1]
  while etcd#buffer#name#buffer(name) > 0
    let others += 1
    let name = printf('[%s (%d)]', a:name, others)
  endwhile
  execute 'silent noautocmd keepalt file' fnameescape(name)
  augroup etcd_scratch
    autocmd! * <buffer>
    autocmd BufUnload <buffer> let s:lines = getbufline(str2nr(expand('<abuf>')), 1, '$')
    autocmd BufReadCmd <buffer> call s:refill()
  augroup END
endfunction

" :e would leave it empty, because there is no file to read. (BufUnload comes right before.)
function! s:refill() abort
  setlocal modifiable
  call setline(1, s:lines)
  setlocal nomodifiable nomodified
endfunction

" For 'foldtext': says how much is folded, and shows nothing of it.
function! etcd#ui#scratch#folded() abort
  let lines = v:foldend - v:foldstart + 1
  let characters = strchars(trim(getline(v:foldstart)))
  return printf('  %s (zo shows)', lines > 1 ? lines . ' lines' : characters . ' characters')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
