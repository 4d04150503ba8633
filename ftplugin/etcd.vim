" Listings: <Plug> maps, each gives way to a map that the user has made to the same <Plug>.
scriptencoding utf-8
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal nowrap
let b:undo_ftplugin = 'setlocal wrap<'

for [s:key, s:plug, s:modes] in [
      \ ['<CR>', 'open', 'nx'], ['-', 'up', 'n'], ['o', 'split', 'nx'], ['v', 'vsplit', 'nx'],
      \ ['t', 'tab', 'nx'], ['p', 'preview', 'n'], ['R', 'refresh', 'n'], ['g?', 'help', 'n'],
      \ ['gf', 'open', 'n'], ['<C-W>f', 'split', 'n']]
  for s:mode in split(s:modes, '\zs')
    " gf is Vim's own word for it, and stays whatever else is mapped.
    if !hasmapto('<Plug>(etcd-' . s:plug . ')', s:mode) || s:key =~? 'f$'
      execute s:mode . 'map <buffer> <nowait>' s:key '<Plug>(etcd-' . s:plug . ')'
      let b:undo_ftplugin .= '|silent! execute "' . s:mode . 'unmap <buffer> ' . substitute(s:key, '<', '\\<lt>', '') . '"'
    endif
  endfor
endfor
unlet s:key s:plug s:modes s:mode
