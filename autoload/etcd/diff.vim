" :Etcd diff: what etcd holds beside what the buffer holds, and the value that both come from.
scriptencoding utf-8

" By the number of a value's buffer: the scratch buffers beside it.
let s:beside = {}

" Opens them for the current buffer, or opens them anew. From then on a write compares with what is shown, so that is what it
" overwrites. Throws 'etcd: …'.
function! etcd#diff#open() abort
  let known = get(b:, 'etcd', {})
  if get(known, 'kind', '') !=# 'key' || get(known, 'past', 0)
    throw 'etcd: only a value has a diff; to compare with the past, :vertical diffsplit its address'
  endif
  call etcd#diff#close(bufnr('%'))
  let params = {'name': known.address}
  " What was read stays the base, also when this is not the first look at theirs.
  let read_at = get(known, 'base_revision', known.mod_revision)
  if read_at !=# '0'
    let params.base_revision = read_at
  endif
  let got = etcd#rpc#request('theirs', params, 'read')
  let [theirs, base] = [type(got.theirs) == v:t_dict ? got.theirs : {}, type(got.base) == v:t_dict ? got.base : {}]
  try
    call s:compare(known, got.cluster_id, theirs, base)
  finally
    for side in filter([theirs, base], '!empty(v:val)')
      call delete(side.file)
    endfor
  endtry
endfunction

" Closes what is beside buffer {bufnr}, and ends its diff mode.
function! etcd#diff#close(bufnr) abort
  if !has_key(s:beside, a:bufnr)
    return
  endif
  let beside = remove(s:beside, a:bufnr)
  if bufexists(a:bufnr)
    execute 'autocmd! etcd_diff * <buffer=' . str2nr(a:bufnr) . '>'
  endif
  for window in win_findbuf(a:bufnr)
    call win_execute(window, 'diffoff')
  endfor
  for bufnr in filter(beside, 'bufexists(v:val)')
    execute 'bwipeout' str2nr(bufnr)
  endfor
endfunction

function! s:compare(known, cluster_id, theirs, base) abort
  let foreign = a:cluster_id !=# a:known.cluster_id
  if empty(a:theirs) && a:known.mod_revision ==# '0' && !foreign
    return etcd#message#info('etcd: ' . a:known.address . ': etcd has no such key, so there is nothing to compare with')
  endif
  let same = !empty(a:theirs) && s:holds(a:theirs.file)
  if !foreign
    call s:adopt(a:theirs)
    let &l:modified = !same
  endif
  if same
    return etcd#message#info(printf('etcd: no difference: etcd holds these bytes, at revision %s', a:theirs.mod_revision))
  endif
  let base = foreign || get(a:base, 'mod_revision', '') ==# get(a:theirs, 'mod_revision', '') ? {} : a:base
  call s:show(a:theirs, base)
  call s:tell(a:theirs, foreign)
endfunction

function! s:tell(theirs, foreign) abort
  let theirs = empty(a:theirs) ? 'the key is deleted' : 'theirs is revision ' . a:theirs.mod_revision
  let unseen = !empty(a:theirs) && getline(1, '$') ==# getbufline(s:beside[bufnr('%')][0], 1, '$')
  call etcd#message#info('etcd: ' . theirs . (a:foreign ? ' in another cluster; :e! reads it'
        \ : unseen ? ' and differs only in the last newline, line ends or encoding' : '; :w writes yours, :e! takes theirs'))
endfunction

" Whether the buffer has the very bytes of {file}.
function! s:holds(file) abort
  let mine = a:file . '.mine'
  try
    call etcd#fill#write(mine, '', '')
    return readfile(mine, 'b') ==# readfile(a:file, 'b')
  catch /^etcd:\|^Vim\%((\a\+)\)\=:E/
    return 0
  finally
    call delete(mine)
  endtry
endfunction

" What is shown is what the next write compares with.
function! s:adopt(theirs) abort
  let gone = {'mod_revision': '0', 'digest': ''}
  let fresh = empty(a:theirs) ? gone : filter(copy(a:theirs), 'v:key !=# "file" && v:key !=# "plain"')
  let b:etcd.base_revision = get(b:etcd, 'base_revision', b:etcd.mod_revision)
  call filter(b:etcd, 'index(["create_revision", "version", "lease"], v:key) < 0')
  call extend(b:etcd, fresh)
endfunction

function! s:show(theirs, base) abort
  let [ours, window] = [bufnr('%'), win_getid()]
  " As ours is read, so that what differs in the bytes is seen (:h ++opt).
  let encoding = &fileencoding ==# '' ? '' : ' ++enc=' . fnameescape(&fileencoding)
  let reading = &binary ? '++bin' : '++ff=' . fnameescape(&fileformat) . encoding
  let s:beside[ours] = []
  diffthis
  rightbelow vertical new
  call s:open_side(empty(a:theirs) ? 'theirs deleted' : 'theirs rev ' . a:theirs.mod_revision, a:theirs, reading, ours)
  call win_gotoid(window)
  if !empty(a:base)
    leftabove vertical new
    call s:open_side('base rev ' . a:base.mod_revision, a:base, reading, ours)
    call win_gotoid(window)
  endif
  diffupdate
  augroup etcd_diff
    " Written, read again, or no longer shown: there is nothing to compare any more.
    autocmd BufWritePost,BufReadPost <buffer> if !&modified | call etcd#diff#close(str2nr(expand('<abuf>'))) | endif
    autocmd QuitPre <buffer> if !&modified | call etcd#diff#close(str2nr(expand('<abuf>'))) | endif
    autocmd BufWinLeave <buffer> call s:close_soon(str2nr(expand('<abuf>')))
  augroup END
endfunction

" Fills the current, new window with one {side} of the diff with buffer {ours}, read with {reading}; {} is a key that is not there.
function! s:open_side(name, side, reading, ours) abort
  call etcd#scratch#become(a:name)
  if !empty(a:side)
    call etcd#fill#value(a:side.file, v:false, a:reading)
  endif
  let &l:filetype = getbufvar(a:ours, '&filetype')
  setlocal nomodified nomodifiable
  diffthis
  call add(s:beside[a:ours], bufnr('%'))
  augroup etcd_diff
    autocmd BufWipeout <buffer> call s:close_soon(s:owner(str2nr(expand('<abuf>'))))
  augroup END
endfunction

" Whose side the scratch buffer {bufnr} is; 0 where it is none any more.
function! s:owner(bufnr) abort
  return str2nr(get(filter(keys(s:beside), 'index(s:beside[v:val], a:bufnr) >= 0'), 0, '0'))
endfunction

" Windows cannot be closed while one is being closed.
function! s:close_soon(ours) abort
  call timer_start(0, {-> etcd#diff#close(a:ours)})
endfunction
