" Things in sight that count down. One timer serves all of them, once a second, and there is none while nothing counts.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By name.
let s:works = {}
let s:timer = 0

" Calls {Work} once a second while the editor is idle, until it returns 0. {name} distinguishes it from others.
function! etcd#ui#clock#run(name, Work) abort
  let s:works[a:name] = a:Work
  if !s:timer
    let s:timer = timer_start(1000, {-> s:tick()}, {'repeat': -1})
  endif
endfunction

" What is left of {ttl} seconds that were left at {time}, from reltime().
function! etcd#ui#clock#left(ttl, time) abort
  return max([0, a:ttl - float2nr(reltimefloat(reltime(a:time)))])
endfunction

function! s:tick() abort
  if etcd#ui#idle#busy()
    return
  endif
  for [name, Work] in items(s:works)
    try
      let goes_on = Work()
    catch
      let goes_on = 0
      call etcd#ui#message#error(v:exception)
    endtry
    if !goes_on
      call remove(s:works, name)
    endif
  endfor
  if empty(s:works)
    call timer_stop(s:timer)
    let s:timer = 0
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
