" Whether the editor has time for work that comes by itself, and whether anybody watches.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Busy is: in the middle of a command, a macro, a mapping or typing; a script that sleeps or waits for a key; an answer that somebody
" waits for. At such a time our work waits.
function! etcd#ui#idle#busy() abort
  " Neovim 0.7 has no state(), but runs no timer in the middle of a mapping.
  let within = exists('*state') ? state('moxsaS') : ''
  return mode(1) !~# '^nt\=$' || within !=# '' || reg_executing() !=# '' || etcd#ui#answer#pending()
endfunction

" Whether an answer that could come in parts is wanted whole: it is set so, or nobody looks (:h -es, --headless, :vimgrep).
function! etcd#ui#idle#whole() abort
  let set = etcd#host#settings#get('wait', -1)
  return set == 1 || (set != 0 && (mode(1) =~# '^c[ve]' || win_gettype() ==# 'autocmd' || !etcd#ui#person#has_screen()))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
