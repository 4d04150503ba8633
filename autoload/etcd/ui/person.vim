" Whether somebody is there to be asked, and whether what is typed next would be the answer.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Events that only come from a command of the user, or from the start of the editor.
let s:commanded = ['BufReadCmd', 'FileReadCmd', 'SourceCmd', 'BufWriteCmd', 'FileWriteCmd', 'FileAppendCmd', 'BufWritePre', 'BufWritePost',
      \ 'FileWritePre', 'FileWritePost', 'QuitPre', 'ExitPre', 'VimLeavePre', 'VimEnter', 'User']
" How deep the editor nests autocommands, at most.
let s:nested = 10
let s:levels = 0

" Whether there is a screen and a keyboard. There is none with -es or --headless, nor if input or output is a pipe.
function! etcd#ui#person#present() abort
  if has('nvim')
    return etcd#ui#person#has_screen()
  endif
  " -es is in Ex mode, too.
  return has('gui_running') || (has('ttyin') && has('ttyout') && mode(1) !~# '^c[ve]')
endfunction

" Whether the editor draws. Neovim with --headless does not; Vim always does.
function! etcd#ui#person#has_screen() abort
  return !has('nvim') || !empty(nvim_list_uis())
endfunction

" Why nobody is to be asked; '' if the user has just given a command, and waits for its result. {typed} is what etcd#ui#person#typed()
" said before the first wait.
function! etcd#ui#person#refusal(typed) abort
  if !etcd#ui#person#present()
    return 'nobody is there'
  elseif mode(1) =~# '^i'
    return 'it came in Insert mode'
  elseif mode(1) !~# '^n\%(i.\|t.\=\)\=$'
    return 'it did not come in Normal mode'
  elseif reg_executing() !=# ''
    return 'a macro runs'
  elseif !a:typed || etcd#ui#answer#pending()
    return 'it came by itself, from a timer or a callback'
  endif
  let event = s:event()
  if event !=# ''
    return 'it came from an autocommand' . event
  endif
  call etcd#ui#answer#listen()
  return getchar(1) ? 'more keys were waiting' : ''
endfunction

" Whether a key has led to the command that runs. A wait can destroy that, so ask before it.
function! etcd#ui#person#typed() abort
  if exists('##SafeState')
    " "S": the editor has not been idle since; "c": a callback.
    return state('S') !=# '' && state('c') ==# ''
  endif
  return !v:vim_did_enter || luaeval('require("etcd.keys").typed()')
endfunction

" From now on etcd#ui#person#typed() knows. Only Neovim before 0.10 has to be told.
function! etcd#ui#person#watch() abort
  if !exists('##SafeState')
    call luaeval('require("etcd.keys").watch()')
  endif
endfunction

" ' for {event}' of an autocommand that no command has caused, if the editor says which; else ''.
function! s:event() abort
  let stack = expand('<stack>')
  if stack ==# ''
    return s:depth() > 1 ? ' inside of another one' : ''
  endif
  let [event, from, to] = matchstrpos(stack, '\w\+\ze Autocommands for "')
  while from >= 0 && index(s:commanded, event) >= 0
    let [event, from, to] = matchstrpos(stack, '\w\+\ze Autocommands for "', to)
  endwhile
  return from < 0 ? '' : ' for ' . event
endfunction

" How deep autocommands are nested: we count how many more the editor allows before it refuses one (E218).
function! s:depth() abort
  augroup etcd_depth
    autocmd!
    autocmd User EtcdDepth ++nested call s:deeper()
  augroup END
  let s:levels = 0
  try
    call s:deeper()
  catch /^Vim\%((\a\+)\)\=:E218/
  finally
    autocmd! etcd_depth
    augroup! etcd_depth
  endtry
  return s:nested - s:levels + 1
endfunction

function! s:deeper() abort
  let s:levels += 1
  doautocmd <nomodeline> User EtcdDepth
endfunction

let &cpoptions = s:cpo | unlet s:cpo
