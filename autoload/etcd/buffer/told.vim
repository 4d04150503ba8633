" The last line of a write.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Says the result of a write. {done} is Node's answer. A document has its own words, `told`; if they are empty, nothing is said.
function! etcd#buffer#told#write(done) abort
  if get(a:done, 'told', ' ') ==# ''
    return
  endif
  call etcd#ui#message#info(has_key(a:done, 'told') ? a:done.told : a:done.unchanged
        \ ? printf('"%s" unchanged%s', a:done.address, s:since(a:done))
        \ : printf('"%s"%s %dB written, revision %s', a:done.address, a:done.created ? ' [New]' : '', a:done.bytes, a:done.mod_revision)
        \ . etcd#buffer#put#doubt(a:done))
endfunction

" What is known of a key to which nothing was sent.
function! s:since(done) abort
  let now = get(a:done, 'now_revision', '')
  if now ==# ''
    return ', nothing sent' . (has_key(a:done, 'unasked') ? '; etcd could not be asked: ' . a:done.unasked : '')
  endif
  return printf(' since revision %s; etcd %s', a:done.mod_revision,
        \ now ==# '0' ? 'has it no more (:w! writes it again)' : 'holds revision ' . now . ' since (:e! shows it)')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
