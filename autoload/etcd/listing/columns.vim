" Columns after the names of a listing, for the lines in sight. They are asked for after the names are shown, in one request, and kept
" until the listing is read anew. They are not in the text.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" ms without a movement before the lines in sight are looked at.
let s:calm = 40
" ms between two questions about a listing that changes all the time.
let s:pause = 1000
" The most lines of a window. More of them are in a fold.
let s:most = 300
" The sets of columns that "gc" goes through, after what the user has set.
let s:sets = [['value'], ['size', 'revision', 'version', 'ttl', 'age'], ['value', 'size', 'revision', 'version', 'ttl', 'age'], []]
" Which columns are shown; v:null: those of g:etcd.columns.
let s:shown = v:null
" By buffer: rows by name; for each name the number of the last question about it; the lines that were shown last and those that are
" next; when etcd was asked last; a timer; and a number that says which reading of the listing it belongs to.
let s:states = {}
let s:serial = 0

function! s:columns() abort
  return s:shown is v:null ? etcd#host#settings#get('columns', []) : s:shown
endfunction

" The current buffer has just been filled with names. What was known of them is forgotten, and the columns are asked for.
function! etcd#listing#columns#begin() abort
  let bufnr = bufnr('%')
  call etcd#listing#columns#forget(bufnr)
  if empty(s:columns()) || !etcd#ui#beside#can()
    return
  endif
  let s:serial += 1
  let s:states[bufnr] = {'rows': {}, 'asked': {}, 'seen': [], 'aim': [], 'time': [], 'timer': 0, 'serial': s:serial}
  augroup etcd_columns
    autocmd! * <buffer>
    autocmd CursorMoved,WinScrolled,VimResized,BufWinEnter,WinEnter <buffer> call etcd#listing#columns#moved(str2nr(expand('<abuf>')))
    autocmd BufUnload,BufWipeout <buffer> call etcd#listing#columns#forget(str2nr(expand('<abuf>')))
    " All windows of a tab page come into sight at once.
    autocmd! TabEnter *
    autocmd TabEnter * call s:enter_tab()
  augroup END
  call etcd#listing#columns#moved(bufnr)
endfunction

" Whether listing {bufnr} has columns.
function! etcd#listing#columns#are_shown(bufnr) abort
  return has_key(s:states, a:bufnr)
endfunction

" Lines of {bufnr} have come and gone. What is known of {names}, or of all names if that is empty, is asked for again as soon as it is
" in sight. It stays until the answer is there.
function! etcd#listing#columns#renew(bufnr, names) abort
  let state = get(s:states, a:bufnr, {})
  if empty(state)
    return
  endif
  call s:drop(state.asked, empty(a:names) ? keys(state.asked) : a:names)
  if empty(timer_info(state.timer))
    call s:plan(a:bufnr, state, max([s:calm, s:pause - s:since(state.time)]))
  endif
endfunction

function! s:drop(known, names) abort
  for name in a:names
    if has_key(a:known, name)
      call remove(a:known, name)
    endif
  endfor
endfunction

" ms since {time}, from reltime(); more than any pause if it is [].
function! s:since(time) abort
  return empty(a:time) ? s:pause : float2nr(reltimefloat(reltime(a:time)) * 1000)
endfunction

" Removes the columns of {bufnr}.
function! etcd#listing#columns#forget(bufnr) abort
  if has_key(s:states, a:bufnr)
    call timer_stop(remove(s:states, a:bufnr).timer)
    execute 'autocmd! etcd_columns * <buffer=' . str2nr(a:bufnr) . '>'
    if bufloaded(a:bufnr)
      call etcd#ui#beside#clear(a:bufnr)
    endif
  endif
endfunction

" Shows the next set of columns, in every listing.
function! etcd#listing#columns#cycle() abort
  if !etcd#ui#beside#can()
    return etcd#ui#message#error('etcd: columns need Vim 9.0.0067 or newer; K tells all of the key under the cursor')
  endif
  let own = etcd#host#settings#get('columns', [])
  let sets = empty(own) ? s:sets : [own] + filter(copy(s:sets), 'v:val !=# own')
  let s:shown = sets[(index(sets, s:columns()) + 1) % len(sets)]
  for bufnr in filter(range(1, bufnr('$')), 'bufloaded(v:val) && get(getbufvar(v:val, "etcd", {}), "kind", "") ==# "prefix"')
    call etcd#buffer#here#visit(bufnr, function('etcd#listing#columns#begin'))
  endfor
  call etcd#ui#message#info('etcd: columns: ' . (empty(s:shown) ? 'none' : join(s:shown, ', ')))
endfunction

" The cursor or the window has moved. Once that is over, the lines in sight are looked at. This costs next to nothing, because it may
" come with each key.
function! etcd#listing#columns#moved(bufnr) abort
  let state = get(s:states, a:bufnr, {})
  if empty(state)
    return
  endif
  let aim = s:in_sight(a:bufnr)
  " Names that come below what is in sight must not delay it for ever.
  if aim !=# state.aim
    let state.aim = aim
    call s:plan(a:bufnr, state, empty(state.time) ? 0 : s:calm)
  endif
endfunction

function! s:enter_tab() abort
  for bufnr in keys(s:states)
    call etcd#listing#columns#moved(str2nr(bufnr))
  endfor
endfunction

" Looks at what is in sight after {wait} ms, and not before.
function! s:plan(bufnr, state, wait) abort
  call timer_stop(a:state.timer)
  let a:state.timer = timer_start(a:wait, {-> s:look(a:bufnr, a:state.serial)})
endfunction

" [first line, last line, cells of text] of each window that shows the buffer. The widest comes last: if two windows show a line, it has
" the columns of the wider one, and the editor cuts them in the other.
function! s:in_sight(bufnr) abort
  let windows = filter(win_findbuf(a:bufnr), 'win_id2win(v:val) > 0')
  call map(windows, '[line("w0", v:val), min([line("w$", v:val), line("w0", v:val) + s:most]), s:cells(v:val)]')
  return sort(windows, {one, other -> one[2] - other[2]})
endfunction

" The cells of {window} that numbers, signs and folds do not take.
function! s:cells(window) abort
  return winwidth(a:window) - get(get(getwininfo(a:window), 0, {}), 'textoff', 0)
endfunction

" Shows what is known of the lines in sight, and asks for the rest.
function! s:look(bufnr, serial) abort
  let state = get(s:states, a:bufnr, {})
  if get(state, 'serial') != a:serial || !bufloaded(a:bufnr)
    return
  endif
  let state.aim = s:in_sight(a:bufnr)
  if empty(state.aim)
    " As soon as it is shown again, moved() is called.
    return
  endif
  let state.seen = state.aim
  let unknown = {}
  for [first, last, _] in state.seen
    for name in getbufline(a:bufnr, first, last)
      if name !=# '' && !has_key(state.asked, name)
        let unknown[name] = 1
      endif
    endfor
  endfor
  call s:show(a:bufnr, state)
  if !empty(unknown)
    call s:ask(a:bufnr, state, keys(unknown))
  endif
endfunction

function! s:ask(bufnr, state, names) abort
  let address = getbufvar(a:bufnr, 'etcd').address
  let s:serial += 1
  let a:state.time = reltime()
  for name in a:names
    let a:state.asked[name] = s:serial
  endfor
  let params = {'addresses': map(copy(a:names), 'etcd#listing#path#child(address, v:val)'), 'columns': s:columns()}
  try
    call etcd#host#rpc#ask('describe', params, function('s:arrived', [a:bufnr, a:state.serial, s:serial, a:names]))
  catch /^etcd:/
    " The listing itself says so the next time.
  endtry
endfunction

" An answer comes in the middle of something else, so it is shown after that.
function! s:arrived(bufnr, serial, question, names, reply) abort
  let state = get(s:states, a:bufnr, {})
  if get(state, 'serial') != a:serial
    return
  endif
  " Names that were asked for again since then are not known yet.
  let own = filter(range(len(a:names)), 'get(state.asked, a:names[v:val]) == a:question')
  if has_key(a:reply, 'ok')
    let time = reltime()
    for i in own
      let state.rows[a:names[i]] = extend(a:reply.ok.rows[i], {'time': time})
    endfor
  else
    call s:fail(state, map(own, 'a:names[v:val]'))
  endif
  call timer_start(0, {-> s:settle(a:bufnr, a:serial)})
endfunction

" What is known of {names} may be old, and is not shown. It is asked for again as soon as the cursor moves or anything changes.
function! s:fail(state, names) abort
  call s:drop(a:state.asked, a:names)
  call s:drop(a:state.rows, a:names)
  let a:state.aim = []
endfunction

function! s:settle(bufnr, serial) abort
  let state = get(s:states, a:bufnr, {})
  if get(state, 'serial') == a:serial && bufloaded(a:bufnr)
    call s:show(a:bufnr, state)
  endif
endfunction

function! s:show(bufnr, state) abort
  let beside = {}
  for [first, last, width] in a:state.seen
    let names = getbufline(a:bufnr, first, last)
    let texts = etcd#listing#cells#lines(names, a:state.rows, s:columns(), width)
    for i in filter(range(len(names)), 'texts[v:val] !=# ""')
      let beside[first + i] = texts[i]
    endfor
  endfor
  call etcd#ui#beside#show(a:bufnr, beside)
  if s:counts(a:bufnr, a:state)
    call etcd#ui#clock#run('columns', function('s:tick'))
  endif
endfunction

" Whether a TTL of the buffer is in sight.
function! s:counts(bufnr, state) abort
  let names = []
  for [first, last, _] in index(s:columns(), 'ttl') < 0 ? [] : s:in_sight(a:bufnr)
    call extend(names, getbufline(a:bufnr, first, last))
  endfor
  return !empty(filter(names, 'has_key(get(a:state.rows, v:val, {}), "ttl")'))
endfunction

" Runs once a second as long as a TTL is in sight. Each TTL in sight goes down by a second.
function! s:tick() abort
  " A buffer that nobody sees is drawn again, and counts again, as soon as it is in sight.
  call map(filter(copy(s:states), 'empty(s:in_sight(str2nr(v:key)))'), 'extend(v:val, {"aim": []})')
  let counting = filter(copy(s:states), 'bufloaded(str2nr(v:key)) && s:counts(str2nr(v:key), v:val)')
  for [bufnr, state] in items(counting)
    call s:show(str2nr(bufnr), state)
  endfor
  return !empty(counting)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
