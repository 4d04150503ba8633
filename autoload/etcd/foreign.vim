" Plugins of the editor that claim names by their ending (*.tar, *.zip, *.gz, *.shada, ...): an address is none of theirs.
" gzip would rename local files behind a write, tar and zip empty the buffer.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:groups = ['tar', 'zip', 'gzip', 'Vimball', 'ShaDaCommands', 'nvim.shada']
let s:guarded = {}

" Gives the autocommands of those plugins a condition, once for each: the name is no address.
function! etcd#foreign#guard() abort
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
    " Restricted mode (vim -Z): nothing can be put back, so nothing is taken away. No address can be opened either.
    return
  endtry
  let autocmds = autocmd_get({'group': a:group})
  execute 'autocmd!' a:group
  for autocmd in autocmds
    let autocmd.cmd = 'if expand("<amatch>") !~# "\\<etcd:" | execute ' . string(autocmd.cmd) . ' | endif'
  endfor
  call autocmd_add(autocmds)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
