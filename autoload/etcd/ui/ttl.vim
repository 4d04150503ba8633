" The TTL of values in the status line. Whoever shows it asks for it, once for each lease, and then it is counted down.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Seconds after which a failed question is asked again.
let s:pause = 5
" By profile and lease: {} while it is asked for; 'ttl', in seconds, and 'time', when it was read; or only the time, if that failed.
let s:known = {}
" The questions to ask (src/host/methods/lease.ts), by profile and lease.
let s:wanted = {}
" Whether a status line has shown one since the last tick.
let s:is_shown = 0

" Seconds that the value whose b:etcd is {known} has left; -1 if it has no lease, or it is not known yet.
function! etcd#ui#ttl#of(known) abort
  if get(a:known, 'kind', '') !=# 'key' || get(a:known, 'past', 0) || get(a:known, 'lease', '0') ==# '0'
    return -1
  endif
  let id = etcd#host#profile#of(a:known.address) . ' ' . a:known.lease
  if !has_key(s:known, id) || s:has_failed(s:known[id])
    let [s:known[id], s:wanted[id]] = [{}, {'name': a:known.address, 'lease': a:known.lease}]
    call timer_start(0, {-> s:ask()})
  endif
  let row = s:known[id]
  if !has_key(row, 'ttl')
    return -1
  endif
  let s:is_shown = 1
  call etcd#ui#clock#run('ttl', function('s:tick'))
  let left = etcd#ui#clock#left(row.ttl, row.time)
  if !left && reltimefloat(reltime(row.time)) >= 1
    " Somebody may have kept it alive.
    call remove(s:known, id)
  endif
  return left
endfunction

" Whether {row} is from a question that failed so long ago that it is asked again.
function! s:has_failed(row) abort
  return has_key(a:row, 'time') && !has_key(a:row, 'ttl') && reltimefloat(reltime(a:row.time)) > s:pause
endfunction

function! s:ask() abort
  let [wanted, s:wanted] = [s:wanted, {}]
  for [id, params] in items(wanted)
    try
      call etcd#host#rpc#ask('lease', params, function('s:arrived', [id]))
    catch /^etcd:/
      call s:arrived(id, {})
    endtry
  endfor
endfunction

function! s:arrived(id, reply) abort
  let s:known[a:id] = extend(filter(copy(get(a:reply, 'ok', {})), 'v:key ==# "ttl" && v:val >= 0'), {'time': reltime()})
  call timer_start(has_key(s:known[a:id], 'ttl') ? 0 : (s:pause + 1) * 1000, {-> s:redraw()})
endfunction

function! s:redraw() abort
  if !etcd#ui#idle#busy()
    redrawstatus!
  endif
endfunction

" If no status line has shown one since the last tick, nobody looks.
function! s:tick() abort
  let [is_shown, s:is_shown] = [s:is_shown, 0]
  if is_shown
    redrawstatus!
  endif
  return is_shown
endfunction

let &cpoptions = s:cpo | unlet s:cpo
