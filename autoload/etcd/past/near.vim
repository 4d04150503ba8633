" Which entries of a long history have a buffer: the newest, the oldest, and those near the cursor.
"
" An entry of a location list that one can go to makes a buffer, and the editors compare the name of a new buffer with the names of all
" others. 10,000 versions take 12 s in Vim, and each later :edit is slower. So the other entries are lines without a buffer, until one comes
" near.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" How many of the newest have a buffer at once; and how many entries a block has, which get their buffers together.
let [s:newest, s:block] = [1000, 100]
" A block is near if it is at most this many entries away.
let s:near = 50
" By the id of a location list: window (its owner), entries (all of them), and blocks (which have buffers, as the keys of a dict).
let s:long = {}

" Adds {entries} of a history to the location list {list} (its id) of {window}. {all} are the entries before them; it gets them, too.
" Returns 0, or -1 if the list is gone.
function! etcd#past#near#add(window, list, all, entries) abort
  let real = max([0, min([len(a:entries), s:newest - len(a:all)])])
  let items = map(copy(a:entries), {at, entry -> at < real ? s:real(entry) : s:bare(entry)})
  noautocmd let gone = setloclist(a:window, [], 'a', {'id': a:list, 'items': items})
  call extend(a:all, a:entries)
  if !gone && real < len(items) && !has_key(s:long, a:list)
    call s:begin(a:window, a:list, a:all)
  endif
  return gone
endfunction

" An entry that one can go to.
function! s:real(entry) abort
  return {'filename': a:entry.address, 'lnum': 1, 'text': a:entry.text, 'valid': 1}
endfunction

" An entry that looks the same, and has no buffer.
function! s:bare(entry) abort
  return {'module': a:entry.address, 'lnum': 1, 'text': a:entry.text, 'valid': 0}
endfunction

function! s:begin(window, list, all) abort
  call filter(s:long, {id, one -> get(getloclist(one.window, {'id': id}), 'id', 0) == id})
  let blocks = {}
  for block in range(s:newest / s:block)
    let blocks[block] = 1
  endfor
  let s:long[a:list] = {'window': a:window, 'entries': a:all, 'blocks': blocks}
  augroup etcd_history
    autocmd!
    " In the middle of :lnext the list may not be changed (E926), and the version is read in the middle of it.
    autocmd BufEnter etcd:*{/,}* call etcd#live#idle#call('past', function('etcd#past#near#here'))
  augroup END
endfunction

" Gives the oldest entry of the list {list} of {window} a buffer too, so that :llast goes there.
function! etcd#past#near#whole(window, list) abort
  if has_key(s:long, a:list)
    call s:fill(a:window, a:list, len(s:long[a:list].entries))
  endif
endfunction

" Gives buffers to the entries near the line of the list's window, and near the entry that the current window shows.
function! etcd#past#near#here() abort
  let now = getloclist(0, {'id': 0, 'idx': 0})
  if has_key(s:long, get(now, 'id', 0))
    call s:fill(0, now.id, &buftype ==# 'quickfix' ? line('.') : now.idx)
  endif
endfunction

" In the list's window: opens the change on the line.
function! etcd#past#near#go() abort
  call etcd#past#near#here()
  execute line('.') . 'll'
endfunction

" Gives buffers to the blocks around entry {nr} of {list}. {nr} counts from 1.
function! s:fill(window, list, nr) abort
  let known = s:long[a:list]
  let last = len(known.entries) - 1
  let around = map([a:nr - s:near, a:nr, a:nr + s:near], {_, nr -> max([0, min([nr - 1, last])]) / s:block})
  let missing = filter(uniq(around), {_, block -> !has_key(known.blocks, block)})
  let list = empty(missing) ? {} : getloclist(a:window, {'id': a:list, 'items': 0, 'idx': 0, 'winid': 0})
  if !has_key(list, 'items')
    return
  endif
  for block in missing
    let known.blocks[block] = 1
    for at in range(block * s:block, min([(block + 1) * s:block - 1, last]))
      let list.items[at] = s:real(known.entries[at])
    endfor
  endfor
  call s:replace(a:window, list)
endfunction

" Replaces the list. Its window would go to the current entry, so the view is put back.
function! s:replace(window, list) abort
  let view = {}
  call win_execute(a:list.winid, 'let view = winsaveview()')
  noautocmd call setloclist(a:window, [], 'r', {'id': a:list.id, 'items': a:list.items, 'idx': a:list.idx})
  call win_execute(a:list.winid, 'noautocmd call winrestview(view)')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
