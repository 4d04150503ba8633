" What others have changed. It is heard at any time, and looked at and shown when the editor is idle.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By address: what was heard and not looked at yet, and what etcd has answered and was not shown yet.
let [s:heard, s:answers] = [{}, {}]
" ms after which a buffer that is being read or written is looked at again.
let s:soon = 200

" Takes {event} from Node (src/host/protocol.ts): 'changed', 'deleted' or 'resync', with 'address' and 'revision'.
function! etcd#live#hear#event(event) abort
  let s:heard[a:event.address] = a:event
  call etcd#live#idle#call('open', function('s:turn'))
endfunction

" Looks again at what was put off, because a listing is complete now.
function! etcd#live#hear#again() abort
  if !empty(s:heard)
    call etcd#live#idle#call('open', function('s:turn'))
  endif
endfunction

function! s:turn() abort
  let [heard, s:heard, answers, s:answers] = [s:heard, {}, s:answers, {}]
  for event in values(heard)
    call s:look(event)
  endfor
  for [address, answer] in items(answers)
    call s:settle(address, answer.event, answer.reply)
  endfor
endfunction

function! s:look(event) abort
  let [bufnr, known] = s:open(a:event.address)
  let kind = get(known, 'kind', '')
  if kind ==# '' || !etcd#live#wanted#of(a:event.address)
    return s:done(a:event.address)
  elseif a:event.event !=# 'resync' && !etcd#live#told#is_newer(a:event.revision, get(known, 'mod_revision', get(known, 'revision', '0')))
    " It was our own put, or was read since.
    return s:done(a:event.address)
  elseif get(known, 'filling', 0)
    " etcd#live#hear#again()
    let s:heard[a:event.address] = a:event
    return
  elseif index(['key', 'prefix'], kind) < 0 || get(known, 'partial', 0)
    call etcd#live#told#below(bufnr, a:event)
    return s:done(a:event.address)
  endif
  let [method, params] = kind ==# 'prefix' ? ['names', etcd#live#names#params(known)]
        \ : ['theirs', {'name': a:event.address, 'base': etcd#buffer#put#base(known, 0)}]
  try
    call etcd#host#rpc#ask(method, params, {reply -> s:arrived(a:event, reply)})
  catch /^etcd:/
    call s:done(a:event.address)
  endtry
endfunction

" The reply comes in the middle of something else.
function! s:arrived(event, reply) abort
  let s:answers[a:event.address] = {'event': a:event, 'reply': a:reply}
  call etcd#live#idle#call('open', function('s:turn'))
endfunction

function! s:settle(address, event, reply) abort
  let [bufnr, known] = s:open(a:address)
  let kind = get(known, 'kind', '')
  let is_locked = etcd#buffer#lock#work(bufnr) !=# ''
  if is_locked || (kind ==# 'key' && has_key(a:reply, 'err'))
    if is_locked
      call timer_start(s:soon, {-> etcd#live#hear#event(a:event)})
    endif
    " If etcd could not say, Node tells it again later.
    return etcd#host#rpc#discard(a:reply)
  endif
  let got = get(a:reply, 'ok', {})
  try
    if kind ==# 'prefix' && !get(known, 'partial', 0)
      call etcd#live#names#settle(bufnr, a:event, got)
    elseif has_key(got, 'theirs') && kind ==# 'key'
      call etcd#live#follow#value(bufnr, a:event, got)
    endif
  catch /^\%(Vim:Interrupt$\)\@!/
    call etcd#ui#message#error(v:exception)
  finally
    call etcd#host#rpc#discard(a:reply)
  endtry
  " If Ctrl-C ended it, Node tells it again.
  call s:done(a:address)
endfunction

" [number, b:etcd] of the buffer that has {address}; [0, {}] if there is none.
function! s:open(address) abort
  let bufnr = etcd#buffer#name#buffer(a:address)
  let known = bufnr > 0 && bufloaded(bufnr) ? getbufvar(bufnr, 'etcd', {}) : {}
  return get(known, 'address', '') ==# a:address ? [bufnr, known] : [0, {}]
endfunction

" Node may tell newer changes now.
function! s:done(address) abort
  call etcd#host#rpc#tell('heard', {'names': [a:address]})
endfunction

let &cpoptions = s:cpo | unlet s:cpo
