" :Etcd merge: merges what somebody else has changed since the value was read into the text of the buffer; JSON or YAML, field by field.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Merges into the current buffer. From then on a write compares with what was merged. If it throws 'etcd: …', with the names of the
" fields that both sides have changed, nothing is changed.
function! etcd#verb#merge#run(given) abort
  let [here, known] = [etcd#buffer#here#note(), get(b:, 'etcd', {})]
  if get(known, 'kind', '') !=# 'key' || get(known, 'past', 0) || get(known, 'named', 0)
    throw 'etcd: only a value that was read can be merged'
  elseif !etcd#buffer#proof#holds()
    throw 'etcd: cannot merge ' . known.address . ': the editor loaded this buffer anew with autocommands off; :e! reads the key'
  elseif !&modifiable
    throw 'etcd: cannot merge: the buffer cannot be changed (E21)'
  elseif !etcd#buffer#lock#take(here.buffer, 'a merge')
    throw printf('etcd: cannot merge %s: %s of this buffer is under way', known.address, etcd#buffer#lock#work(here.buffer))
  endif
  try
    call s:merge(here, known)
  finally
    call etcd#buffer#lock#free(here.buffer)
  endtry
endfunction

function! s:merge(here, known) abort
  let [tick, file] = [b:changedtick, etcd#buffer#put#file()]
  let known = etcd#buffer#merged#known(a:known)
  let read_at = get(known, 'base_revision', known.mod_revision)
  let params = {'name': a:known.address, 'file': file, 'base': etcd#buffer#put#base(known, 0), 'base_revision': read_at}
  call writefile(etcd#verb#format#recoded(getline(1, '$'), &encoding, 'utf-8'), file, 'b')
  try
    let got = etcd#host#rpc#request('merge', params, 'read')
    let lines = etcd#verb#format#recoded(readfile(got.file, 'b'), 'utf-8', &encoding)
    call delete(got.file)
    call delete(got.theirs.file)
  catch /^etcd:/
    if etcd#buffer#here#back(a:here) && !empty(etcd#host#rpc#place())
      call cursor(etcd#host#rpc#place())
    endif
    throw v:exception
  finally
    call delete(file)
  endtry
  if !etcd#buffer#here#back(a:here) || b:changedtick != tick
    throw 'etcd: not merged: the text was changed during the wait'
  endif
  call s:take(got.theirs, lines, read_at)
endfunction

" The text becomes {lines}, which include {theirs}. The next write compares with that, and may overwrite it.
function! s:take(theirs, lines, read_at) abort
  if a:theirs.mod_revision ==# a:read_at
    return etcd#ui#message#info('etcd: nothing to merge: etcd holds what was read, revision ' . a:read_at)
  endif
  call etcd#buffer#lines#become(bufnr('%'), a:lines)
  call etcd#buffer#fill#unsaved()
  let before = copy(etcd#buffer#merged#known(b:etcd))
  call etcd#verb#diff#adopt(a:theirs)
  call etcd#buffer#kind#change(bufnr('%'), {}, ['base_revision'])
  call etcd#buffer#merged#note(before)
  call etcd#ui#message#info(printf('etcd: merged with revision %s; :w writes both', a:theirs.mod_revision))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
