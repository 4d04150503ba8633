" What the user is told of a change that their text does not follow: one line, once.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By buffer: what it was read at, and whether the last word was that it is changed, deleted or of another cluster.
let s:told = {}

" Whether the revision {one} is later than {other}. They are int64, which not every editor has as numbers.
function! etcd#live#told#is_newer(one, other) abort
  return len(a:one) != len(a:other) ? len(a:one) > len(a:other) : a:one ># a:other
endfunction

" Buffer {bufnr}, which does not follow, is not what etcd holds below its prefix any more. A listing says so in its status line alone.
function! etcd#live#told#below(bufnr, event) abort
  let known = getbufvar(a:bufnr, 'etcd')
  if known.kind ==# 'prefix'
    call etcd#buffer#kind#change(a:bufnr, {'newer': a:event.revision}, [])
    redrawstatus!
  else
    call etcd#live#told#once(a:bufnr, a:event, 'changed', printf('changed at revision %s; :e! reads it again', a:event.revision))
  endif
  call etcd#live#told#fire(a:bufnr, a:event, 0)
endfunction

" A write of buffer {bufnr} was refused because etcd holds something newer, and that was said: it is not said again in other words.
function! etcd#live#told#refused(bufnr) abort
  let s:told[a:bufnr] = [getbufvar(a:bufnr, 'etcd').mod_revision, 'refused']
endfunction

" Says '{address} {words}' of buffer {bufnr}, unless {what} was the last word about what is in it.
function! etcd#live#told#once(bufnr, event, what, words) abort
  let line = etcd#live#told#line(a:bufnr, a:event, a:what, a:words)
  if line !=# ''
    call etcd#ui#message#warn('etcd: ' . line)
    redrawstatus!
  endif
endfunction

" What etcd#live#told#once() says; '' if there is nothing to say. Whoever asks says it.
function! etcd#live#told#line(bufnr, event, what, words) abort
  let known = getbufvar(a:bufnr, 'etcd')
  let word = [get(known, 'mod_revision', get(known, 'revision', '')), a:what]
  call etcd#buffer#kind#change(a:bufnr, {'newer': a:event.revision}, [])
  if index([word, [word[0], 'refused']], get(s:told, a:bufnr, [])) >= 0
    return ''
  endif
  let s:told[a:bufnr] = word
  return printf('%s %s', known.address, a:words)
endfunction

" Fires `User EtcdChanged`; g:etcd_event tells of what. {follows}: whether the text is what etcd holds now.
function! etcd#live#told#fire(bufnr, event, follows) abort
  let g:etcd_event = extend({'buffer': a:bufnr, 'follows': a:follows}, a:event)
  call etcd#host#event#user('EtcdChanged')
  unlet! g:etcd_event
endfunction

let &cpoptions = s:cpo | unlet s:cpo
