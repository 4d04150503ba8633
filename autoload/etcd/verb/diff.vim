" :Etcd diff: what etcd holds beside what the buffer holds, and the value that both come from.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By the number of the buffer of a value or a document: the scratch buffers beside it.
let s:beside = {}

augroup etcd_diff
augroup END

" Opens them for the current buffer, or opens them anew. From then on a write compares with what is shown, so that is what it
" overwrites. If it throws 'etcd: …', the base is what it was.
function! etcd#verb#diff#run(given) abort
  let [here, known] = [etcd#buffer#here#note(), get(b:, 'etcd', {})]
  if index(['key', 'document'], get(known, 'kind', '')) < 0 || get(known, 'past', 0)
    throw 'etcd: only a value or a document has a diff; to compare with the past, :vertical diffsplit its address'
  elseif known.kind ==# 'key' && get(known, 'named', 0) && etcd#buffer#document#is(known.address)
    throw 'etcd: cannot compare ' . known.address . ': it was only named, and not read; :w shows what it would change'
  elseif !etcd#buffer#proof#holds()
    throw 'etcd: cannot compare ' . known.address . ': the editor loaded this buffer anew with autocommands off; :e! reads the key'
  elseif !etcd#buffer#lock#take(here.buffer, 'a diff')
    throw printf('etcd: cannot compare %s: %s of this buffer is under way', known.address, etcd#buffer#lock#work(here.buffer))
  endif
  try
    call etcd#verb#diff#close(here.buffer)
    call s:open(here, known)
  finally
    call etcd#buffer#lock#free(here.buffer)
  endtry
endfunction

function! s:open(here, known) abort
  let got = etcd#host#rpc#request('theirs', a:known.kind ==# 'document' ? s:of_document(a:known) : s:of_value(a:known), 'read')
  let [theirs, base] = [type(got.theirs) == v:t_dict ? got.theirs : {}, type(got.base) == v:t_dict ? got.base : {}]
  try
    if !etcd#buffer#here#back(a:here)
      throw 'etcd: cannot compare ' . a:known.address . ': the buffer was left during the wait'
    endif
    call s:compare(a:known, got.foreign, theirs, base)
  finally
    for file in filter([get(theirs, 'file', ''), get(get(theirs, 'base', {}), 'file', ''), get(base, 'file', '')], 'v:val !=# ""')
      call delete(file)
    endfor
  endtry
endfunction

" What `theirs` wants to know of a value (src/host/methods/theirs.ts).
function! s:of_value(known) abort
  let params = {'name': a:known.address}
  let known = etcd#buffer#merged#known(a:known)
  if !get(known, 'named', 0)
    let params.base = etcd#buffer#put#base(known, 0)
  endif
  " What was read stays the base, even if this is not the first look at theirs.
  let read_at = get(known, 'base_revision', known.mod_revision)
  return read_at ==# '0' ? params : extend(params, {'base_revision': read_at})
endfunction

" The same for a document.
function! s:of_document(known) abort
  return {'name': a:known.address, 'read_from': {'cluster_id': a:known.cluster_id, 'seen': a:known.seen}}
endfunction

" Closes what is beside buffer {bufnr}, and ends its diff mode.
function! etcd#verb#diff#close(bufnr) abort
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
  call s:unmap_keys(a:bufnr)
  for bufnr in filter(beside, 'bufexists(v:val)')
    execute 'bwipeout' str2nr(bufnr)
  endfor
endfunction

function! s:compare(known, foreign, theirs, base) abort
  if empty(a:theirs) && get(a:known, 'mod_revision', '') ==# '0' && !a:foreign
    return etcd#ui#message#info('etcd: ' . a:known.address . ': etcd has no such key, so there is nothing to compare with')
  endif
  if !empty(a:theirs) && etcd#buffer#fill#holds(a:theirs.file, '')
    if !a:foreign
      call etcd#verb#diff#adopt(a:theirs)
      call etcd#buffer#fill#unsaved()
      setlocal nomodified
    endif
    return etcd#ui#message#info(printf('etcd: no difference: etcd holds these bytes, at revision %s', s:revision(a:theirs)))
  endif
  let base = a:foreign || get(a:base, 'mod_revision', '') ==# s:revision(a:theirs) ? {} : a:base
  call s:show(a:theirs, base)
  " The next :w may only overwrite what is on the screen.
  if !a:foreign
    call etcd#buffer#fill#unsaved()
    call etcd#verb#diff#adopt(a:theirs)
  endif
  call s:tell(a:theirs, a:foreign)
endfunction

function! s:tell(theirs, foreign) abort
  let theirs = empty(a:theirs) ? 'the key is deleted' : 'theirs is revision ' . s:revision(a:theirs)
  let unseen = !empty(a:theirs) && getline(1, '$') ==# getbufline(s:beside[bufnr('%')][0], 1, '$')
  call etcd#ui#message#info('etcd: ' . theirs . (a:foreign ? ' in another cluster; :e! reads it'
        \ : unseen ? ' and differs only in the last newline, line ends or encoding' : '; :w writes yours, :e! takes theirs'))
endfunction

" The revision of {theirs}; '' for a key that does not exist.
function! s:revision(theirs) abort
  return get(a:theirs, 'mod_revision', get(a:theirs, 'revision', ''))
endfunction

" The next write of the current buffer compares with {theirs}, a value or a document of Node; {} is a key that does not exist.
function! etcd#verb#diff#adopt(theirs) abort
  if b:etcd.kind ==# 'document'
    let fresh = filter(copy(a:theirs), 'index(["keys", "revision", "cluster_id", "seen", "scoped"], v:key) >= 0')
    call etcd#buffer#document#keep_base(bufnr('%'), get(a:theirs, 'base', {}))
    call etcd#buffer#kind#change(bufnr('%'), fresh, ['newer'])
    return
  endif
  let gone = {'mod_revision': '0', 'digest': ''}
  let fresh = empty(a:theirs) ? gone : filter(copy(a:theirs), 'v:key !=# "file" && v:key !=# "plain"')
  let known = etcd#buffer#merged#known(b:etcd)
  let read_at = {'base_revision': get(known, 'base_revision', known.mod_revision)}
  call etcd#buffer#kind#change(bufnr('%'), extend(fresh, read_at), ['create_revision', 'version', 'lease', 'named', 'seen', 'merged'])
endfunction

" If a side cannot be shown, it throws, and leaves nothing beside.
function! s:show(theirs, base) abort
  let [ours, here] = [bufnr('%'), etcd#buffer#here#note()]
  " They are read as ours was, so that differences in the bytes are seen (:h ++opt).
  let encoding = &fileencoding ==# '' ? '' : ' ++enc=' . fnameescape(&fileencoding)
  let reading = &binary ? '++bin' : '++ff=' . fnameescape(&fileformat) . encoding
  let s:beside[ours] = []
  let windows = map(range(1, winnr('$')), 'win_getid(v:val)')
  try
    diffthis
    call s:open_side('rightbelow', empty(a:theirs) ? 'theirs deleted' : 'theirs rev ' . s:revision(a:theirs), a:theirs, reading, here)
    if !empty(a:base)
      call s:open_side('leftabove', 'base rev ' . a:base.mod_revision, a:base, reading, here)
    endif
  catch
    let why = v:exception
    call etcd#verb#diff#close(ours)
    for window in filter(map(range(1, winnr('$')), 'win_getid(v:val)'), 'index(windows, v:val) < 0')
      call win_execute(window, 'close!')
    endfor
    call etcd#buffer#here#back(here)
    throw printf('etcd: cannot show both sides of %s: %s; :w still compares with what was read', bufname(ours), why)
  endtry
  diffupdate
  call s:map_keys(!empty(a:base))
  augroup etcd_diff
    " If it was written, read again, or is no longer shown, there is nothing to compare any more.
    autocmd BufWritePost,BufReadPost <buffer> if !&modified | call etcd#verb#diff#close(str2nr(expand('<abuf>'))) | endif
    autocmd QuitPre <buffer> if !&modified | call etcd#verb#diff#close(str2nr(expand('<abuf>'))) | endif
    autocmd BufWinLeave <buffer> call s:close_soon(str2nr(expand('<abuf>')))
  augroup END
endfunction

" Opens one {side} of the diff in a window {at} that of {here}, read with {reading}; {} is a key that does not exist. Comes back.
function! s:open_side(at, name, side, reading, here) abort
  execute a:at 'vertical new'
  let window = win_getid()
  if window == a:here.window || bufnr('%') == a:here.buffer
    throw 'an autocommand has left the new window'
  endif
  call add(s:beside[a:here.buffer], bufnr('%'))
  call etcd#ui#scratch#become(a:name)
  if !empty(a:side)
    call etcd#buffer#fill#value(a:side.file, v:false, a:reading)
  endif
  " It is listed, because :diffget finds no unlisted buffer by a part of its name (E94).
  setlocal nomodified nomodifiable buflisted
  let &l:filetype = getbufvar(a:here.buffer, '&filetype')
  if win_getid() != window
    throw 'an autocommand has left the new window'
  endif
  diffthis
  augroup etcd_diff
    autocmd BufWipeout <buffer> call s:close_soon(s:owner(str2nr(expand('<abuf>'))))
  augroup END
  if !etcd#buffer#here#back(a:here)
    throw 'an autocommand has closed the window of the value'
  endif
endfunction

" In the value or document |do| takes theirs, because with three buffers it would be E101. So does |d3o|, and |d2o| takes what was read.
" Maps of the user stay.
function! s:map_keys(has_base) abort
  for [key, side] in [['do', 'theirs'], ['d3o', 'theirs']] + (a:has_base ? [['d2o', 'base']] : [])
    if maparg(key, 'n') ==# ''
      execute printf('nnoremap <special> <buffer> <silent> <nowait> %s :<C-U>execute etcd#verb#diff#take(%s)<CR>', key, string(side))
    endif
  endfor
endfunction

function! s:unmap_keys(bufnr) abort
  if bufnr('%') != a:bufnr
    return
  endif
  for key in ['do', 'd2o', 'd3o']
    if maparg(key, 'n') =~# 'etcd#verb#diff#take('
      execute 'nunmap <special> <buffer>' key
    endif
  endfor
endfunction

" The command that takes the difference under the cursor from a {side} of the current buffer, 'theirs' or 'base', into it.
function! etcd#verb#diff#take(side) abort
  for bufnr in get(s:beside, bufnr('%'), [])
    if bufname(bufnr) =~# '^\[' . a:side . ' '
      return 'diffget ' . bufnr
    endif
  endfor
  return 'diffget'
endfunction

" The buffer that the scratch buffer {bufnr} is a side of; 0 if it no longer is.
function! s:owner(bufnr) abort
  return str2nr(get(filter(keys(s:beside), 'index(s:beside[v:val], a:bufnr) >= 0'), 0, '0'))
endfunction

" Windows cannot be closed while one is being closed.
function! s:close_soon(ours) abort
  call timer_start(0, {-> etcd#verb#diff#close(a:ours)})
endfunction

let &cpoptions = s:cpo | unlet s:cpo
