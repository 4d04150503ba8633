" The soak's hand inside the editor. It runs a step, in a timer if wanted, and keeps each text that there was when a command began.
scriptencoding utf-8

" under_way: timers that have not ended. about: buffers in which a command was run. texts: what buffers of addresses held when a command
" began or had ended, each as [buffer, name, text]. done: what the writes that said nothing named.
let g:soak = {'under_way': 0, 'about': [], 'texts': [], 'done': [], 'thrown': []}

augroup soak
augroup END

" Keeps the texts of all buffers of addresses.
function! SoakLook() abort
  for buffer in filter(getbufinfo({'bufloaded': 1}), {_, it -> bufname(it.bufnr) =~# '^etcd:'})
    call add(g:soak.texts, [buffer.bufnr, bufname(buffer.bufnr), join(getbufline(buffer.bufnr, 1, '$'), "\n")])
  endfor
endfunction

" Goes to a window of an address, or opens {fallback}, because what follows is about the text of a value. A buffer that cannot be written is
" read again now and then, because little can happen to it.
function! SoakGo(fallback) abort
  for window in range(winnr('$'))
    if bufname('%') =~# '^etcd:' && &buftype =~# '^\%(acwrite\)\=$'
      let known = get(b:, 'etcd', {})
      let b:soak_stuck = get(known, 'kind', '') !=# 'key' || get(known, 'torn', 0) ? get(b:, 'soak_stuck', 0) + 1 : 0
      if b:soak_stuck > 2
        silent! edit!
      endif
      return
    endif
    wincmd w
  endfor
  execute 'edit' a:fallback
endfunction

" Runs {command}, and keeps what it throws. {guarded}: not if the current buffer has no address.
function! SoakRun(command, guarded) abort
  if a:guarded && (bufname('%') !~# '^etcd:' || &buftype !~# '^\%(acwrite\)\=$')
    return
  endif
  let [buffer, modified] = [bufnr('%'), &modified]
  call add(g:soak.about, buffer)
  call SoakLook()
  try
    execute a:command
    if index(['write', 'write!'], a:command) >= 0 || (modified && a:command ==# 'update')
      call add(g:soak.done, [buffer, copy(getbufvar(buffer, 'etcd', {}))])
    endif
  catch
    call add(g:soak.thrown, v:exception)
  finally
    call SoakLook()
  endtry
endfunction

" The same in a timer, as soon as the editor runs one: in the middle of a wait.
function! SoakTimer(command, guarded) abort
  let g:soak.under_way += 1
  call timer_start(0, {-> s:timer(a:command, a:guarded)})
endfunction

" Neovim (0.10, 0.12) loses a window, and hangs in getbufinfo(), if one splits the window in which it runs autocommands for a hidden buffer
" (:wall). So actions that leave a buffer are not done there.
function! s:timer(command, guarded) abort
  try
    if a:guarded || !has('nvim') || win_gettype() !=# 'autocmd'
      call SoakRun(a:command, a:guarded)
    endif
  finally
    let g:soak.under_way -= 1
  endtry
endfunction

" Types {keys}, as if they were the current buffer's own.
function! SoakType(keys) abort
  call add(g:soak.about, bufnr('%'))
  call SoakLook()
  call feedkeys(a:keys, 't')
endfunction

" The number of another listed buffer of an address, or of the current one.
function! SoakOther() abort
  let others = filter(range(1, bufnr('$')), {_, it -> buflisted(it) && it != bufnr('%') && bufname(it) =~# '^etcd:'})
  return empty(others) ? bufnr('%') : others[0]
endfunction

" A float that takes the focus.
function! SoakFloat() abort
  if has('nvim')
    call nvim_open_win(nvim_create_buf(v:false, v:true), v:true, {'relative': 'editor', 'row': 1, 'col': 1, 'width': 9, 'height': 2})
  else
    call popup_create('float', {})
  endif
endfunction

" Removes what a step has opened or set. Two windows stay, with buffers that have a text of their own.
function! SoakTidy() abort
  set hidden eventignore=
  autocmd! soak
  if !has('nvim')
    call popup_clear(1)
  endif
  silent! tabonly
  for window in reverse(range(1, winnr('$')))
    if winnr('$') > 1 && (winnr('$') > 2 || getwinvar(window, '&buftype') !~# '^\%(acwrite\)\=$')
      execute window . 'wincmd w'
      silent! close
    endif
  endfor
endfunction

" Goes to the text that belongs only to the user.
function! SoakNote() abort
  botright split
  execute 'buffer' g:soak.note
endfunction

" Runs {command} for each loaded buffer of an address, like :bufdo.
function! SoakAll(command) abort
  let buffer = bufnr('%')
  execute "bufdo if bufname('%') =~# '^etcd:' && &buftype =~# '^\%(acwrite\)\=$' |" a:command '| endif'
  execute 'buffer' buffer
endfunction

" Every text in the undo tree of buffer {bufnr}. After that the buffer is as before.
function! SoakUndone(bufnr) abort
  let texts = []
  noautocmd botright new
  setlocal bufhidden=wipe
  execute 'noautocmd hide buffer' a:bufnr
  let [modifiable, modified, now] = [&l:modifiable, &l:modified, undotree().seq_cur]
  setlocal modifiable
  for number in [0] + s:numbers(undotree().entries)
    try
      execute 'silent noautocmd undo' number
      call add(texts, join(getline(1, '$'), "\n"))
    catch /E830/
    endtry
  endfor
  execute 'silent! noautocmd undo' now
  let [&l:modifiable, &l:modified] = [modifiable, modified]
  noautocmd close
  return texts
endfunction

function! s:numbers(entries) abort
  let numbers = []
  for entry in a:entries
    let numbers += [entry.seq] + s:numbers(get(entry, 'alt', []))
  endfor
  return numbers
endfunction
