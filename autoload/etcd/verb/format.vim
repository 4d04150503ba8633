" :Etcd format: JSON with other white space, as a change of the buffer that can be undone. Numbers, strings and the order of names stay.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Formats the current buffer, or the lines that were given. If it throws 'etcd: …', the cursor is on the fault.
function! etcd#verb#format#run(given) abort
  if !&modifiable
    throw 'etcd: cannot format: the buffer cannot be changed (E21)'
  endif
  let [here, tick, file] = [etcd#buffer#here#note(), b:changedtick, etcd#buffer#put#file()]
  let params = extend({'file': file}, s:indent())
  if !empty(a:given.range)
    let params.lines = a:given.range
  endif
  call writefile(etcd#verb#format#recoded(getline(1, '$'), &encoding, 'utf-8'), file, 'b')
  try
    let got = etcd#host#rpc#request('format', params, 'read')
    let lines = etcd#verb#format#recoded(readfile(got.file, 'b'), 'utf-8', &encoding)
    call delete(got.file)
  catch /^etcd:/
    if etcd#buffer#here#back(here) && !empty(etcd#host#rpc#place())
      call cursor(etcd#host#rpc#place())
    endif
    throw v:exception
  finally
    call delete(file)
  endtry
  if !etcd#buffer#here#back(here) || b:changedtick != tick
    throw 'etcd: not formatted: the text was changed during the wait'
  endif
  " Not by :delete and the like: if a line is in a closed fold, they take the whole fold.
  call etcd#buffer#lines#become(bufnr('%'), lines)
endfunction

" The indent of the text, which is that of its first indented line. If it has none, the user's; if the user has set none, two spaces.
function! s:indent() abort
  let own = matchstr(matchstr(getline(1, '$'), '^\s\+\S'), '^\s\+')
  if own =~# '^\t'
    return {'size': &tabstop, 'spaces': v:false}
  elseif own !=# ''
    return {'size': strlen(own), 'spaces': v:true}
  endif
  let is_set = &expandtab || &shiftwidth != 8
  return {'size': is_set ? shiftwidth() : 2, 'spaces': !is_set || &expandtab ? v:true : v:false}
endfunction

" {lines}, which are in encoding {from}, in encoding {to}.
function! etcd#verb#format#recoded(lines, from, to) abort
  return a:from ==# a:to ? a:lines : map(copy(a:lines), 'iconv(v:val, a:from, a:to)')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
