" Questions to Node and their answers. Synchronous for the caller, interruptible by Ctrl-C, and never longer than the deadline.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:protocol = 1
let s:id = 0
" By id: v:null while waiting, then the reply; and after how many ms the editor gives up.
let [s:pending, s:limits] = [{}, {}]
let s:ignored = {}
let s:configured = {}
" The id of a `hello` that is not answered yet.
let s:greeting = 0
" By id: who takes the reply to a question that nobody waits for.
let s:takers = {}
let s:refusal = ''
let s:last_code = ''
" ms that Node has to keep its own deadline before the editor gives up on it.
let s:grace = 1000
" ms that connecting ahead of need may take.
let s:warm = 2000
" Methods in the words of the user.
let s:words = {'open': 'read', 'put': 'write', 'preview': 'write', 'theirs': 'compare'}
" Methods that Node answers alone.
let s:local = ['canonical', 'log', 'login']

" Asks and waits. {kind} says how long (etcd#settings#timeout()). Returns the result, a dict as src/rpc/protocol.ts says.
" Where a password is wanted, asks the user for it, and then once more. Not for a completion: one is typing something else.
" Throws the line for the user, 'etcd: …'; etcd#rpc#code() then is the error's code.
function! etcd#rpc#request(method, params, kind) abort
  let typed = etcd#person#typed()
  let reply = s:ask(a:method, a:params, a:kind)
  if has_key(get(reply, 'err', {}), 'wants') && a:kind !=# 'complete' && a:method !=# 'login' && etcd#secret#give(reply.err, typed)
    let reply = s:ask(a:method, a:params, a:kind)
  endif
  if has_key(reply, 'err')
    let s:last_code = reply.err.code
    throw reply.err.message
  endif
  return reply.ok
endfunction

function! s:ask(method, params, kind) abort
  let deadline = etcd#settings#timeout(a:kind)
  let id = s:start(a:method, a:params, deadline)
  let s:limits[id] = deadline + s:grace
  try
    let reply = s:wait(id, a:kind ==# 'complete', {-> s:waits_for(a:method, a:params)})
  finally
    let arrived = has_key(s:pending, id) ? remove(s:pending, id) : v:null
    if !exists('reply') && arrived isnot v:null
      " Ctrl-C came between the answer and us.
      call s:discard(arrived)
    endif
    call filter(s:limits, 'v:key != id')
  endtry
  if s:refusal !=# ''
    let s:last_code = 'unsupported'
    throw s:refusal
  endif
  return reply
endfunction

" Asks without waiting. {Taker} gets the reply, {'ok': …} or {'err': …}, in the middle of whatever goes on then. Throws like
" etcd#rpc#request() where the question cannot be sent.
function! etcd#rpc#ask(method, params, kind, Taker) abort
  call s:connect()
  let s:takers[s:send(a:method, a:params, etcd#settings#timeout(a:kind))] = a:Taker
endfunction

" Tells Node something that has no answer worth waiting for, if it runs.
function! etcd#rpc#tell(method, params) abort
  if etcd#job#status() !=# ''
    call s:send(a:method, a:params, 5000)
  endif
endfunction

" Starts Node if it does not run, so that it is ready when it is needed. Says nothing where it cannot.
function! etcd#rpc#prewarm() abort
  let ran = etcd#job#status() !=# ''
  try
    call s:connect()
    if !ran
      " The first request costs Node 20 ms (connecting, compiling): now is the time.
      call s:send('warm', {}, s:warm)
    endif
  catch /^etcd:/
  endtry
endfunction

" The code of the last error thrown by etcd#rpc#request(); a help tag, |etcd-errors|.
function! etcd#rpc#code() abort
  return s:last_code
endfunction

" Whether someone waits for an answer just now.
function! etcd#rpc#waiting() abort
  return !empty(s:pending)
endfunction

" A line from Node: a reply, or an event (id 0). Anything else is left out, so that what comes behind it is understood.
function! etcd#rpc#receive(line) abort
  try
    let [id, body] = json_decode(a:line)
  catch
    return
  endtry
  if type(id) != v:t_number || type(body) != v:t_dict
    return
  elseif id == 0
    call etcd#event#push(body)
  elseif !s:is_reply(body)
    return
  elseif has_key(s:ignored, id)
    call remove(s:ignored, id)
    call s:greeted(id, body)
    if has_key(body, 'err')
      let s:refusal = body.err.message
    endif
  elseif has_key(s:takers, id)
    call call(remove(s:takers, id), [body])
  elseif has_key(s:pending, id)
    let s:pending[id] = body
  else
    call s:discard(body)
  endif
endfunction

" An answer that nobody takes, because it came too late: the values in it go.
function! s:discard(body) abort
  let ok = s:result(a:body)
  for part in filter([ok, get(ok, 'theirs', 0), get(ok, 'base', 0)], 'type(v:val) == v:t_dict')
    call etcd#job#discard(get(part, 'file', ''))
  endfor
endfunction

function! s:greeted(id, body) abort
  if a:id == s:greeting
    let s:greeting = 0
    call etcd#job#settle(get(s:result(a:body), 'dir', ''))
  endif
endfunction

" The request {id} may take {ms}, from its beginning: only Node knows that a name is one of a listing.
function! etcd#rpc#allow(id, ms) abort
  if has_key(s:limits, a:id)
    let s:limits[a:id] = max([s:limits[a:id], a:ms + s:grace])
  endif
endfunction

function! s:result(body) abort
  let ok = get(a:body, 'ok', {})
  return type(ok) == v:t_dict ? ok : {}
endfunction

function! s:is_reply(body) abort
  let err = get(a:body, 'err', {})
  let fine = type(err) == v:t_dict && type(get(err, 'code', '')) == v:t_string && type(get(err, 'message', '')) == v:t_string
  return fine && (has_key(err, 'message') && has_key(err, 'code') || type(get(a:body, 'ok')) == v:t_dict)
endfunction

" The process is gone, {why}: everyone who waits is told, once. Returns the line that says so where nobody waits, else ''.
function! etcd#rpc#lost(why) abort
  let s:configured = {}
  let s:ignored = {}
  let s:greeting = 0
  let line = 'etcd: the host process ' . a:why . '; it starts again with the next command'
  let waiting = filter(keys(s:pending), 's:pending[v:val] is v:null')
  let lost = {'err': {'code': 'unavailable', 'message': line}}
  for id in waiting
    let s:pending[id] = lost
  endfor
  let takers = values(s:takers)
  let s:takers = {}
  for Taker in takers
    call call(Taker, [lost])
  endfor
  return empty(waiting) && empty(takers) ? line : ''
endfunction

function! s:start(method, params, deadline) abort
  let s:last_code = 'unavailable'
  call s:connect()
  let s:last_code = ''
  let id = s:send(a:method, a:params, a:deadline)
  let s:pending[id] = v:null
  return id
endfunction

" Runs, has been greeted, and knows the settings as they are now.
function! s:connect() abort
  call etcd#person#watch()
  let is_new = etcd#job#ensure()
  if is_new || (!s:greeting && !etcd#job#is_private())
    " A directory can go under a process that runs: $XDG_RUNTIME_DIR is emptied at the end of a login.
    let s:refusal = ''
    let s:configured = {}
    let s:greeting = s:send_ignored('hello', extend({'protocol': s:protocol}, etcd#job#owner()))
  endif
  let settings = extend({'profiles': etcd#settings#profiles(), 'use': etcd#profile#used()}, etcd#wire#letters())
  if settings !=# s:configured
    let s:refusal = ''
    call s:send_ignored('configure', settings)
    let s:configured = settings
  endif
endfunction

" Sent without waiting: answers come in order, so a refusal is here before the answer that someone waits for.
function! s:send_ignored(method, params) abort
  let id = s:send(a:method, a:params, 5000)
  let s:ignored[id] = 1
  return id
endfunction

function! s:send(method, params, deadline) abort
  let s:id += 1
  call etcd#job#send(json_encode([s:id, a:method, etcd#wire#exact(a:params), a:deadline]))
  return s:id
endfunction

" Callbacks and timers run meanwhile, and may ask themselves: all state is by id. {yields}: the next key ends it like Ctrl-C.
function! s:wait(id, yields, Text) abort
  let ended = etcd#wait#until({-> s:pending[a:id] isnot v:null}, {-> s:limits[a:id]}, a:yields, a:Text)
  if s:pending[a:id] isnot v:null
    return s:pending[a:id]
  endif
  call etcd#job#send(json_encode([0, 'cancel', {'id': a:id}]))
  return {'err': ended ==# 'interrupted'
        \ ? {'code': 'cancelled', 'message': 'etcd: interrupted'}
        \ : {'code': 'timeout', 'message': 'etcd: no answer from the host process within ' . s:limits[a:id] . ' ms; see :Etcd log'}}
endfunction

" What a long wait is for: the endpoints as they were set, because which one is in use only Node knows.
function! s:waits_for(method, params) abort
  if index(s:local, a:method) >= 0
    return 'etcd: waiting for Node.js; Ctrl-C stops'
  endif
  let name = get(a:params, 'name', '')
  let profile = get(a:params, 'profile', name ==# '' ? etcd#profile#used() : etcd#profile#of(name))
  let endpoints = get(get(etcd#settings#profiles(), profile, {}), 'endpoints', [])
  let more = len(endpoints) > 1 ? printf(' and %d more', len(endpoints) - 1) : ''
  return printf('etcd: waiting for %s%s (%s%s); Ctrl-C stops', get(endpoints, 0, 'etcd'), more, get(s:words, a:method, a:method),
        \ name ==# '' ? '' : ' ' . name)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
