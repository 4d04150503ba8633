" 'cpoptions' for what is said in key notation while a function runs: then they are the user's (:h cpo-<).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" What {Do}() gives, called with Vim's own 'cpoptions'.
function! etcd#cmdline#cpo#default(Do) abort
  let cpoptions = &cpoptions
  set cpoptions&vim
  try
    return a:Do()
  finally
    let &cpoptions = cpoptions
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
