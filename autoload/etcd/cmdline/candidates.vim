" The addresses that continue what was typed.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Addresses that continue {text}. A prefix ends in '/'. Empty if etcd does not answer.
function! etcd#cmdline#candidates#of(text) abort
  try
    let found = etcd#host#rpc#request('complete', {'text': a:text, 'max': 1000}, 'complete')
  catch /^etcd:/
    return []
  endtry
  return map(found.names, 'found.stem . v:val')
endfunction

" Addresses that begin with {lead}. If {lead} is without etcd:, so are they.
function! etcd#cmdline#candidates#bare(lead) abort
  let bare = a:lead !~# '^etcd:'
  let found = etcd#cmdline#candidates#of(bare ? 'etcd:' . a:lead : a:lead)
  " Without a slash it would be taken for a verb.
  return map(found, 'bare && v:val =~# "/" ? v:val[5:] : v:val')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
