" :Etcd watch: a buffer in which each change is a line, the newest last.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The most lines of a buffer. Then the oldest are dropped.
let s:most = 10000
" The buffer of each stream, by the stream's number; the streams that have more; and the changes that have come.
let [s:buffers, s:due, s:come] = [{}, {}, {}]

augroup etcd_tail
augroup END

" Opens a window for the changes of {address}, from revision {from} on; '': from now on. Throws 'etcd: …'.
function! etcd#live#tail#open(address, from) abort
  let here = etcd#buffer#here#note()
  call etcd#host#event#listen('tail', function('s:hear'))
  let got = etcd#host#rpc#request('tail', extend({'name': a:address}, a:from ==# '' ? {} : {'from': a:from}), 'read')
  if !etcd#buffer#here#back(here)
    call etcd#host#rpc#tell('tail_stop', {'stream': got.stream})
    throw printf('etcd: not shown: what changes in %s: the window was left during the wait', got.address)
  endif
  botright new
  call etcd#ui#scratch#become('etcd-watch ' . got.address)
  setlocal nowrap nomodifiable undolevels=-1
  let s:buffers[got.stream] = bufnr('%')
  let b:etcd_stream = got.stream
  nnoremap <special> <buffer> <silent> <nowait> <CR> :<C-U>call etcd#live#tail#enter(0)<CR>
  nnoremap <special> <buffer> <silent> <nowait> = :<C-U>call etcd#live#tail#enter(1)<CR>
  autocmd etcd_tail BufWipeout <buffer> call s:close(getbufvar(str2nr(expand('<abuf>')), 'etcd_stream'))
  call etcd#ui#message#info(printf('etcd: watching %s; :q ends it', got.address))
  " Takes what came before the buffer existed.
  call s:hear({'event': 'watched', 'id': got.stream})
endfunction

" Opens the key of the line at the revision of the line, in another window. {compares}: beside what was there before.
function! etcd#live#tail#enter(compares) abort
  let address = matchstr(getline('.'), 'etcd:\S\+')
  if address ==# ''
    return
  endif
  execute 'aboveleft split' fnameescape(address)
  if a:compares
    call etcd#past#walk#diff()
  endif
endfunction

function! s:close(stream) abort
  if has_key(s:buffers, a:stream)
    call remove(s:buffers, a:stream)
    call etcd#host#rpc#tell('tail_stop', {'stream': a:stream})
  endif
endfunction

function! s:hear(event) abort
  if a:event.event ==# 'lost'
    for stream in keys(s:buffers)
      let s:come[stream] = {'lines': [], 'ended': 'Node.js has ended'}
    endfor
  elseif a:event.event ==# 'watched' && has_key(s:buffers, a:event.id)
    let s:due[a:event.id] = 1
  else
    return
  endif
  call etcd#live#idle#call('tail', function('s:turn'))
endfunction

function! s:turn() abort
  let [due, s:due, come, s:come] = [keys(s:due), {}, s:come, {}]
  for [stream, got] in items(come)
    call s:show(stream, got)
  endfor
  for stream in due
    try
      call etcd#host#rpc#ask('tail_more', {'stream': str2nr(stream)}, function('s:arrived', [stream]))
    catch /^etcd:/
      let s:come[stream] = {'lines': [], 'ended': v:exception}
    endtry
  endfor
endfunction

" The reply comes in the middle of something else.
function! s:arrived(stream, reply) abort
  let before = get(get(s:come, a:stream, {}), 'lines', [])
  let got = get(a:reply, 'ok', {'lines': [], 'ended': get(get(a:reply, 'err', {}), 'message', '')})
  let s:come[a:stream] = extend(copy(got), {'lines': before + got.lines})
  call etcd#live#idle#call('tail', function('s:turn'))
endfunction

function! s:show(stream, got) abort
  let bufnr = get(s:buffers, a:stream, 0)
  if !bufloaded(bufnr)
    return
  endif
  let lines = a:got.lines + (has_key(a:got, 'ended') ? ['no more comes: ' . etcd#ui#message#line(a:got.ended)] : [])
  let followed = filter(win_findbuf(bufnr), 'line(".", v:val) == line("$", v:val)')
  call setbufvar(bufnr, '&modifiable', 1)
  let is_first = getbufline(bufnr, 1, '$') ==# ['']
  silent call appendbufline(bufnr, '$', lines)
  let excess = getbufinfo(bufnr)[0].linecount - s:most
  if is_first || excess > 0
    silent call deletebufline(bufnr, 1, is_first ? max([1, excess]) : excess)
  endif
  call setbufvar(bufnr, '&modifiable', 0)
  call setbufvar(bufnr, '&modified', 0)
  for window in followed
    call win_execute(window, 'call cursor(line("$"), 1)')
  endfor
  if has_key(a:got, 'ended')
    call remove(s:buffers, a:stream)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
