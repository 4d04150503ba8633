" Plugins of the editor that claim names by their ending (*.tar, *.zip, *.gz, *.shada, ...), or because a directory has that name
" (netrw). An address belongs to none of them. gzip would rename local files after a write, and tar, zip and netrw would empty the buffer.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:groups = ['tar', 'zip', 'gzip', 'Vimball', 'FileExplorer', 'ShaDaCommands', 'nvim.shada']
let s:guarded = {}

" Adds a condition to the autocommands of those plugins, once to each: the name must be no address.
function! etcd#buffer#foreign#guard() abort
  for group in s:groups
    if has_key(s:guarded, group) || !exists('#' . group)
      continue
    endif
    let s:guarded[group] = 1
    if has('nvim')
      call luaeval('require("etcd.foreign").guard(_A)', group)
    else
      call s:guard(group)
    endif
  endfor
endfunction

function! s:guard(group) abort
  try
    call autocmd_add([])
  catch /^Vim\%((\a\+)\)\=:E145/
    " Restricted mode (vim -Z) cannot put anything back, so nothing is taken away. No address can be opened there either.
    return
  endtry
  let autocmds = autocmd_get({'group': a:group})
  execute 'autocmd!' a:group
  for autocmd in autocmds
    let autocmd.cmd = etcd#buffer#foreign#guarded(autocmd.event, autocmd.cmd)
  endfor
  call autocmd_add(autocmds)
endfunction

" {command} of an autocommand for {event}, with the condition. The functions of its script get their whole names, because the
" autocommand is ours now.
function! etcd#buffer#foreign#guarded(event, command) abort
  let command = string(substitute(a:command, '\<s:\(\h\w*\)(', '\=s:whole(submatch(1)) . "("', 'g'))
  return a:event ==# 'VimEnter'
        \ ? 'call etcd#buffer#foreign#start() | try | execute ' . command . ' | finally | call etcd#buffer#foreign#started() | endtry'
        \ : printf('if !etcd#buffer#foreign#is_address("%s", str2nr(expand("<abuf>")), expand("<amatch>")) | execute %s | endif',
        \ a:event, command)
endfunction

function! s:whole(name) abort
  for script in reverse(split(execute('scriptnames'), "\n"))
    let whole = '<SNR>' . matchstr(script, '\d\+') . '_' . a:name
    if script =~# 'netrw' && exists('*' . whole)
      return whole
    endif
  endfor
  return 's:' . a:name
endfunction

" Whether an autocommand for {event}, <abuf> ({bufnr}) and <amatch> is about an address. In some editors a short address is a full name
" there. If the buffer has gone meanwhile, it was ours, because another buffer has its key. <afile> is short for any name, so for :read
" and :write only the disk tells.
function! etcd#buffer#foreign#is_address(event, bufnr, amatch) abort
  if a:amatch =~# '^etcd:'
    return 1
  elseif a:event =~# '^Buf'
    return !bufexists(a:bufnr) || bufname(a:bufnr) =~# '^etcd:'
  endif
  return a:event =~# '^\%(File\%(Read\|Write\|Append\)\|Source\)' && expand('<afile>') =~# '^etcd:' && !filereadable(a:amatch)
endfunction

" netrw's VimEnter looks at all windows of the tab page, whatever the current one shows. If a directory here has the same name as an
" address, that address gets a tab page of its own, until etcd#buffer#foreign#started().
function! etcd#buffer#foreign#start() abort
  let s:windows = map(range(1, winnr('$')), 'win_getid(v:val)')
  let s:empty = 0
  if !empty(filter(copy(s:windows), "s:name(v:val) =~# '^etcd:' && isdirectory(s:name(v:val))"))
    noautocmd tabnew
    let s:empty = bufnr('%')
  endif
endfunction

" After that netrw looks at the other windows.
function! etcd#buffer#foreign#started() abort
  if s:empty
    execute 'noautocmd bwipeout' s:empty
    for window in filter(s:windows, "s:name(v:val) !~# '^etcd:'")
      call win_execute(window, 'doautocmd <nomodeline> FileExplorer BufEnter')
    endfor
  endif
endfunction

function! s:name(window) abort
  return bufname(winbufnr(a:window))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
