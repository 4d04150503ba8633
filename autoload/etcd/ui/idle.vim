" Whether the editor has time for what comes by itself, and whether anyone watches it come.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" In the middle of a command, a macro, a mapping, typing, a script that sleeps or waits for a key, an answer that someone waits for: any
" other time is better.
function! etcd#ui#idle#busy() abort
  " Neovim 0.7 has no state(), but runs no timer in the middle of a mapping.
  let within = exists('*state') ? state('moxsaS') : ''
  return mode(1) !~# '^nt\=$' || within !=# '' || reg_executing() !=# '' || etcd#ui#answer#pending()
endfunction

" Whether an answer that can come in parts is wanted whole: it was set so, or nobody looks (:h -es, --headless, :vimgrep).
function! etcd#ui#idle#whole() abort
  let set = etcd#host#settings#get('wait', -1)
  return set == 1 || (set != 0 && (mode(1) =~# '^c[ve]' || win_gettype() ==# 'autocmd' || !etcd#ui#person#has_screen()))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
