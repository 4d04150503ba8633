" What Node tells without being asked. Queued, and handled outside of any other work.
scriptencoding utf-8

let s:queue = []
let s:timer = 0

" Takes one event, a dict with 'event' and 'address' (src/rpc/protocol.ts, PushedEvent).
function! etcd#event#push(event) abort
  if type(a:event) != v:t_dict || !has_key(a:event, 'event')
    return
  endif
  call add(s:queue, a:event)
  if !s:timer
    let s:timer = timer_start(0, {-> s:drain()})
  endif
endfunction

function! s:drain() abort
  let s:timer = 0
  let queue = s:queue
  let s:queue = []
  for event in queue
    if event.event ==# 'progress'
      call etcd#message#progress(printf('etcd: %s: %d names so far (Ctrl-C stops)', event.address, event.count))
    elseif exists('#User#EtcdChanged')
      let g:etcd_event = event
      doautocmd <nomodeline> User EtcdChanged
      unlet! g:etcd_event
    endif
  endfor
endfunction
