" Text after lines that is not in the buffer (virtual text): Neovim's extmarks, Vim's text properties.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:type = 'etcdBeside'
let s:space = has('nvim') ? nvim_create_namespace('etcd_beside') : 0

highlight default link etcdBeside Comment

" Whether this editor has that.
function! etcd#ui#beside#can() abort
  return has('nvim') || has('patch-9.0.0067')
endfunction

" Shows the texts {beside}, by line number, after the lines of buffer {bufnr}. What was shown there before is removed.
function! etcd#ui#beside#show(bufnr, beside) abort
  call etcd#ui#beside#clear(a:bufnr)
  for [line, text] in items(a:beside)
    if has('nvim')
      call nvim_buf_set_extmark(a:bufnr, s:space, line - 1, 0, {'virt_text': [[text, s:type]], 'virt_text_pos': 'eol'})
    else
      call prop_add(line, 0, {'bufnr': a:bufnr, 'type': s:type, 'text': ' ' . text, 'text_wrap': 'truncate'})
    endif
  endfor
endfunction

" Removes all of it from buffer {bufnr}.
function! etcd#ui#beside#clear(bufnr) abort
  if has('nvim')
    call nvim_buf_clear_namespace(a:bufnr, s:space, 0, -1)
    return
  endif
  if empty(prop_type_get(s:type))
    call prop_type_add(s:type, {'highlight': s:type})
  endif
  call prop_remove({'type': s:type, 'bufnr': a:bufnr, 'all': 1})
endfunction

let &cpoptions = s:cpo | unlet s:cpo
