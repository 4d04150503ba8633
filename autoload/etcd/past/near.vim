" Which entries of a long history have a buffer: the newest, the oldest, and those near the cursor.
"
" An entry of a location list that one can go to makes a buffer, and the editors compare the name of a new buffer with the names of all
" others. 10,000 versions take 12 s in Vim, and each later :edit is slower. So the other entries are lines without a buffer, until one comes
" near.
"
" The context of such a list has `etcd_history`: entries (all of them), and buffers, by the id of the list: the blocks that have buffers, as
" the keys of a dict. A window that is split gets a copy of the list, with an id of its own and the same context.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" How many of the newest have a buffer at once; and how many entries a block has, which get their buffers together.
let [s:newest, s:block] = [1000, 100]
" A block is near if it is at most this many entries away.
let s:near = 50

" Adds {entries} of a history to the location list {list} (its id) of {window}. {all} are the entries before them; it gets them, too.
" Returns 0, or -1 if the list is gone.
function! etcd#past#near#add(window, list, all, entries) abort
  let known = s:known(getloclist(a:window, {'id': a:list, 'title': 0, 'context': 0}))
  let blocks = get(get(known, 'buffers', {}), a:list, {})
  let before = len(a:all)
  let HasBuffer = {at -> at < s:newest || has_key(blocks, at / s:block)}
  let items = map(copy(a:entries), {at, entry -> HasBuffer(before + at) ? s:real(entry) : s:bare(entry)})
  noautocmd let gone = setloclist(a:window, [], 'a', {'id': a:list, 'items': items})
  call extend(a:all, a:entries)
  if !gone && len(a:all) > s:newest && empty(known)
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

" What the context of {list}, as getloclist() gives it, has of a long history; {} if it is another list. A script that fills the list with
" something else gives it another title, too.
function! s:known(list) abort
  let context = get(a:list, 'context', '')
  let is_ours = type(context) == v:t_dict && get(a:list, 'title', '') =~# '^:Etcd history '
  return is_ours ? get(context, 'etcd_history', {}) : {}
endfunction

function! s:begin(window, list, all) abort
  let context = {'etcd_history': {'entries': a:all, 'buffers': {}}}
  noautocmd call setloclist(a:window, [], 'a', {'id': a:list, 'context': context})
  augroup etcd_history
    autocmd!
    " In the middle of :lnext the list may not be changed (E926), and the version is read in the middle of it.
    autocmd BufEnter etcd:*{/,}* call etcd#live#idle#call('past', function('etcd#past#near#here'))
    autocmd CmdlineLeave : call s:before_command()
  augroup END
endfunction

" Gives the oldest entry of the list {list} of {window} a buffer too, so that :llast goes there.
function! etcd#past#near#whole(window, list) abort
  let oldest = getloclist(a:window, {'id': a:list, 'size': 0}).size
  call s:fill(a:window, a:list, oldest, oldest)
endfunction

" Gives buffers to the entries near the line of the list's window, and near the entry that the current window shows.
function! etcd#past#near#here() abort
  let now = getloclist(0, {'id': 0, 'idx': 0})
  let nr = &buftype ==# 'quickfix' ? line('.') : now.idx
  call s:fill(0, now.id, nr, nr)
endfunction

" A typed command, or one of a macro, comes next. If it is :ll or :lnext with a number, or if there is no time before the one after it, what
" it may go to gets its buffers now.
function! s:before_command() abort
  let parts = matchlist(getcmdline(), '^[: ]*\(\d*\)\(l\a*\)!\= *\(\d*\) *$')
  if empty(parts) || (parts[1] . parts[3] ==# '' && reg_executing() ==# '')
    return etcd#live#idle#call('past', function('etcd#past#near#here'))
  endif
  let now = getloclist(0, {'id': 0, 'idx': 0})
  let number = str2nr(parts[1] . parts[3])
  let steps = min([number, s:newest])
  let [first, last] = parts[2] ==# 'll' && number > 0 ? [number, number] : [now.idx - steps, now.idx + steps]
  call s:fill(0, now.id, first, last)
endfunction

" In the list's window: opens the change on the line.
function! etcd#past#near#go() abort
  call etcd#past#near#here()
  execute line('.') . 'll'
endfunction

" Gives buffers to the blocks from entry {first} of {list} to {last}, and to those near them. Both count from 1.
function! s:fill(window, list, first, last) abort
  let list = getloclist(a:window, {'id': a:list, 'idx': 0, 'size': 0, 'title': 0, 'context': 0})
  let known = s:known(list)
  if empty(known)
    return
  endif
  let blocks = s:blocks(a:window, a:list, known)
  let size = min([len(known.entries), list.size])
  let BlockOf = {nr -> (max([1, min([nr, size])]) - 1) / s:block}
  let missing = filter(range(BlockOf(a:first - s:near), BlockOf(a:last + s:near)), {_, block -> !has_key(blocks, block)})
  if empty(missing)
    return
  endif
  let was_there = has_key(blocks, (list.idx - 1) / s:block)
  for block in missing
    let blocks[block] = 1
  endfor
  call s:replace(a:window, a:list, known.entries, blocks)
  if !was_there && has_key(blocks, (list.idx - 1) / s:block)
    call etcd#live#idle#call('past :ll', function('s:jump', [a:list, list.idx]))
  endif
endfunction

" The blocks of {list} that have buffers. Of a list that is a copy its items tell.
function! s:blocks(window, list, known) abort
  if !has_key(a:known.buffers, a:list)
    let items = getloclist(a:window, {'id': a:list, 'items': 0}).items
    let first = filter(range(0, len(items) - 1, s:block), {_, at -> at < s:newest || items[at].bufnr > 0})
    let a:known.buffers[a:list] = {}
    for at in first
      let a:known.buffers[a:list][at / s:block] = 1
    endfor
  endif
  return a:known.buffers[a:list]
endfunction

" Replaces the list, so that all of {blocks} have buffers, also those whose buffer was wiped out. The list's window would go to the current
" entry, so the view is put back.
function! s:replace(window, list, entries, blocks) abort
  let list = getloclist(a:window, {'id': a:list, 'items': 0, 'idx': 0, 'winid': 0})
  for block in keys(a:blocks)
    for at in range(block * s:block, min([(block + 1) * s:block, len(list.items), len(a:entries)]) - 1)
      if list.items[at].bufnr == 0
        let list.items[at] = s:real(a:entries[at])
      endif
    endfor
  endfor
  let view = {}
  call win_execute(list.winid, 'let view = winsaveview()')
  noautocmd call setloclist(a:window, [], 'r', {'id': a:list, 'items': list.items, 'idx': list.idx})
  call win_execute(list.winid, 'noautocmd call winrestview(view)')
endfunction

" :ll has made {idx} the current entry of {list} before it had a buffer. Now one can go there.
function! s:jump(list, idx) abort
  let now = getloclist(0, {'id': 0, 'idx': 0})
  if [now.id, now.idx] == [a:list, a:idx]
    execute str2nr(now.idx) . 'll'
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
