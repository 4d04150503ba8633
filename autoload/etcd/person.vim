" Whether someone is there to be asked.
scriptencoding utf-8

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
  return etcd#person#present() && reg_executing() ==# '' && state('mc') ==# '' && !getchar(1)
endfunction
