" 'cpoptions' for key notation that is used while a function runs. At that time it is the user's (:h cpo-<).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The result of {Do}(), called with Vim's default 'cpoptions'.
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
