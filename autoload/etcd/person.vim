" Whether someone is there to be asked.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" A screen and a keyboard: not with -es or --headless, nor where input or output is a pipe.
function! etcd#person#present() abort
  if has('nvim')
    return !empty(nvim_list_uis())
  endif
  " Ex mode is what -es has too.
  return has('gui_running') || (has('ttyin') && has('ttyout') && mode(1) !~# '^c[ve]')
endfunction

" Present, and what is typed next would be the answer: no macro, mapping, callback or key typed ahead is in between.
function! etcd#person#listens() abort
  " Neovim 0.7 has no state(); there the keys that a mapping still has to give tell.
  let between = exists('*state') ? state('mc') : ''
  return etcd#person#present() && reg_executing() ==# '' && between ==# '' && !getchar(1)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
