" What the user is told of a change that their text does not follow: one line, once.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By buffer: the revision that it was read at, and whether the last message was that it is changed, deleted or of another cluster.
let s:told = {}

" Whether the revision {one} is later than {other}. Revisions are int64, and not every editor has such numbers.
function! etcd#live#told#is_newer(one, other) abort
  return len(a:one) != len(a:other) ? len(a:one) > len(a:other) : a:one ># a:other
endfunction

" What etcd holds below the prefix of buffer {bufnr} has changed, and the buffer does not follow. A listing only says so in its status line.
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

" A write of buffer {bufnr} was refused because etcd holds something newer. The user was told, and is not told again in other words.
function! etcd#live#told#refused(bufnr) abort
  let s:told[a:bufnr] = [getbufvar(a:bufnr, 'etcd').mod_revision, 'refused']
endfunction

" Says '{address} {words}' about buffer {bufnr}, unless {what} was the last message about its text.
function! etcd#live#told#once(bufnr, event, what, words) abort
  let line = etcd#live#told#line(a:bufnr, a:event, a:what, a:words)
  if line !=# ''
    call etcd#ui#message#warn('etcd: ' . line)
    redrawstatus!
  endif
endfunction

" The line that etcd#live#told#once() says; '' if there is nothing to say. The caller says it.
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

" Fires `User EtcdChanged`; g:etcd_event has the details. {follows}: whether the text is now what etcd holds.
function! etcd#live#told#fire(bufnr, event, follows) abort
  let g:etcd_event = extend({'buffer': a:bufnr, 'follows': a:follows}, a:event)
  call etcd#host#event#user('EtcdChanged')
  unlet! g:etcd_event
endfunction

let &cpoptions = s:cpo | unlet s:cpo
