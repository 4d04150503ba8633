" :Etcd blame: after each key of a document, the revision that changed it last.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

augroup etcd_blame
augroup END

" Shows it in the current buffer. If it is already shown, or with !, removes it. Throws 'etcd: …'.
function! etcd#verb#blame#run(given) abort
  if get(get(b:, 'etcd', {}), 'kind', '') !=# 'document'
    throw 'etcd: only a document has keys on its lines: :e etcd:/app/?yaml, and :Etcd blame there; :Etcd history is for a key'
  elseif !etcd#ui#beside#can()
    throw 'etcd: blame needs Vim 9.0.0067 or newer; :Etcd history tells of a key'
  elseif exists('#etcd_blame#BufReadPost#<buffer>') || a:given.bang
    return s:end()
  endif
  call s:show()
  augroup etcd_blame
    autocmd! * <buffer>
    autocmd BufReadPost,BufWritePost <buffer> call etcd#verb#blame#again(str2nr(expand('<abuf>')))
    autocmd BufDelete,BufWipeout,BufFilePost <buffer> call etcd#verb#blame#forget(str2nr(expand('<abuf>')))
  augroup END
endfunction

" Buffer {bufnr}, in which it is shown, was read or written, so it is shown anew. In another buffer than the current one it is removed.
function! etcd#verb#blame#again(bufnr) abort
  try
    if bufnr('%') == a:bufnr
      return s:show()
    endif
  catch /^etcd:/
    call etcd#ui#message#error(v:exception)
  endtry
  call etcd#verb#blame#forget(a:bufnr)
endfunction

" It is no longer shown in buffer {bufnr}.
function! etcd#verb#blame#forget(bufnr) abort
  execute printf('autocmd! etcd_blame * <buffer=%d>', a:bufnr)
  if bufloaded(a:bufnr)
    call etcd#ui#beside#clear(a:bufnr)
  endif
endfunction

function! s:end() abort
  call etcd#verb#blame#forget(bufnr('%'))
endfunction

function! s:show() abort
  let [here, tick, file] = [etcd#buffer#here#note(), b:changedtick, etcd#buffer#put#file()]
  let params = {'name': b:etcd.address, 'file': file, 'revision': b:etcd.revision}
  call writefile(etcd#verb#format#recoded(getline(1, '$'), &encoding, 'utf-8') + [''], file, 'b')
  try
    if etcd#buffer#document#has_base(here.buffer)
      let params.base = file . '.base'
      call etcd#buffer#document#give_base(here.buffer, params.base)
    endif
    let got = etcd#host#rpc#request('blame', params, 'list')
  finally
    call delete(file)
    call delete(file . '.base')
  endtry
  if !etcd#buffer#here#back(here) || b:changedtick != tick
    throw printf('etcd: not shown: which revisions changed the keys of %s: the text was changed during the wait', params.name)
  endif
  call etcd#ui#beside#show(here.buffer, s:beside(got.keys))
endfunction

" By line: what to say of its keys. YAML and JSON can have several on one line.
function! s:beside(keys) abort
  let texts = {}
  for key in a:keys
    let words = key.revision ==# '0' ? 'not in etcd' : 'revision ' . key.revision . (key.isChanged ? ', changed here' : '')
    let texts[key.line] = get(texts, key.line, []) + [words]
  endfor
  return map(texts, 'join(v:val, "; ")')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
