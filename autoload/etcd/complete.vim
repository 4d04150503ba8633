" Completion of :Etcd's own arguments (:h command-completion-customlist).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Verbs and addresses that begin with {lead}; behind a verb, what it takes.
function! etcd#complete#command(lead, line, position) abort
  let verb = matchstr(strpart(a:line, 0, a:position), '\<Etcd!\=\s\+\zs\S\+\ze\s')
  if verb !=# ''
    return filter(s:arguments(verb), 'stridx(v:val, a:lead) == 0')
  endif
  let verbs = filter(etcd#command#verbs(), 'stridx(v:val, a:lead) == 0')
  let bare = a:lead !~# '^etcd:'
  let found = etcd#complete#address(bare ? 'etcd:' . a:lead : a:lead)
  " Without a slash it would be taken for a verb.
  return verbs + map(found, 'bare && v:val =~# "/" ? v:val[5:] : v:val')
endfunction

function! s:arguments(verb) abort
  try
    return etcd#command#arguments(a:verb)
  catch /^etcd:/
    return []
  endtry
endfunction

" Addresses that continue {text}; a prefix ends in '/'. Empty where etcd does not answer.
function! etcd#complete#address(text) abort
  try
    let found = etcd#rpc#request('complete', {'text': a:text, 'max': 1000}, 'complete')
  catch /^etcd:/
    return []
  endtry
  return map(found.names, 'found.stem . v:val')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
