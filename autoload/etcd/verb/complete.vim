" Completion of :Etcd's own arguments (:h command-completion-customlist).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Verbs and addresses that begin with {lead}; after a verb, what its row gives.
function! etcd#verb#complete#command(lead, line, position) abort
  let before = strpart(a:line, 0, a:position - strlen(a:lead))
  let verb = matchstr(before, '\<Etcd!\=\s\+\zs\l\+\ze!\=\s')
  if verb !=# '' && get(get(etcd#verb#table#rows(), verb, {}), 'part', 0)
    return etcd#verb#table#rows()[verb].complete(a:lead, before)
  elseif verb !=# ''
    let lead = s:written(verb, a:lead)
    return filter(s:arguments(verb, lead), 'stridx(v:val, lead) == 0')
  endif
  let verbs = filter(etcd#verb#table#verbs(), 'stridx(v:val, a:lead) == 0')
  return verbs + etcd#verb#complete#address(a:lead, a:line, a:position)
endfunction

" Addresses that begin with {lead}. If {lead} is without etcd:, so are they (:h command-completion-customlist).
function! etcd#verb#complete#address(lead, line, position) abort
  return etcd#cmdline#candidates#bare(a:lead)
endfunction

" {lead} as completion wants it. If {verb} takes names, a blank is written as in an address.
function! s:written(verb, lead) abort
  return get(get(etcd#verb#table#rows(), a:verb, {}), 'complete', '') is# 'names' ? substitute(a:lead, '\\ ', '%20', 'g') : a:lead
endfunction

function! s:arguments(verb, lead) abort
  let row = get(etcd#verb#table#rows(), a:verb, {'complete': v:null})
  try
    if type(row.complete) == v:t_string
      return etcd#verb#complete#address(a:lead, '', 0)
    endif
    return row.complete is v:null ? [] : row.complete()
  catch /^etcd:/
    return []
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
