" Questions to Node and their answers. They are synchronous for the caller. Ctrl-C interrupts them, and none takes longer than its deadline.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:protocol = 1
let s:id = 0
" By id: v:null while waiting, then the reply; after how many ms the editor gives up; and the puts that send nothing.
let [s:pending, s:limits, s:unsent] = [etcd#host#pending#table(), {}, {}]
let s:ignored = {}
let s:configured = {}
" The id of a `hello` that is not answered yet.
let s:greeting = 0
" By id: who takes the reply to a question that nobody waits for.
let s:takers = {}
" Why `hello` was refused. (If the settings are wrong, every answer says so.)
let s:refusal = ''
let s:last_code = ''
let [s:last_place, s:last_unasked] = [[], v:null]
" After Node's own deadline, the editor waits for it this many ms longer.
let s:grace = 1000

" Asks and waits. Node knows how long {method} may take (src/host/methods/). {kind} (etcd#host#settings#timeout()) is how long the
" editor waits for a Node that does not say so. Returns the result, a dict as the method's file says. If a password is wanted, it asks
" the user for it, and then Node once more; but not for a completion, because then one is typing something else. Throws the line for the
" user, 'etcd: …'; then etcd#host#rpc#code() is the error's code.
function! etcd#host#rpc#request(method, params, kind) abort
  let typed = etcd#ui#person#typed()
  let reply = s:ask(a:method, a:params, a:kind)
  if has_key(get(reply, 'err', {}), 'wants') && a:kind !=# 'complete' && a:method !=# 'login' && s:login(reply.err, typed)
    let reply = s:ask(a:method, a:params, a:kind)
  endif
  if has_key(reply, 'err')
    let s:last_code = reply.err.code
    let s:last_place = has_key(reply.err, 'line') ? [reply.err.line, reply.err.column] : []
    let s:last_unasked = get(reply.err, 'unasked', v:null)
    throw reply.err.message
  endif
  return reply.ok
endfunction

" Asks the user for what {err} wants, and logs in. Returns 1 after that, 0 if the user gave nothing. Throws 'etcd: …' if it is wrong.
function! s:login(err, typed) abort
  let secret = etcd#host#secret#ask(a:err, a:typed)
  if secret !=# ''
    call etcd#host#rpc#request('login', {'profile': a:err.profile, 'secret': secret, 'what': a:err.wants}, 'read')
  endif
  return secret !=# ''
endfunction

function! s:ask(method, params, kind) abort
  let id = s:start(a:method, a:params)
  let s:limits[id] = etcd#host#settings#timeout(a:kind) + s:grace
  try
    let reply = s:wait(id, a:kind ==# 'complete', {-> etcd#host#pending#words(a:method, a:params)})
  finally
    let arrived = has_key(s:pending, id) ? remove(s:pending, id) : v:null
    if !exists('reply') && arrived isnot v:null
      " Ctrl-C came after the answer, before we could take it.
      call etcd#host#rpc#discard(arrived)
    endif
    call filter(s:limits, 'v:key != id')
    call filter(s:unsent, 'v:key != id')
  endtry
  if s:refusal !=# ''
    let s:last_code = 'unsupported'
    throw s:refusal
  endif
  return reply
endfunction

" Asks without waiting. {Taker} gets the reply, {'ok': …} or {'err': …}, whatever is going on then. Throws like etcd#host#rpc#request().
function! etcd#host#rpc#ask(method, params, Taker) abort
  call etcd#host#job#stay()
  call s:connect()
  let s:takers[s:send(a:method, a:params)] = a:Taker
endfunction

" Tells Node something, if it runs. The answer is of no interest.
function! etcd#host#rpc#tell(method, params) abort
  if etcd#host#job#status() !=# ''
    call s:send(a:method, a:params)
  endif
endfunction

" Starts Node if it does not run, so that it is ready when it is needed. If it cannot, it says nothing.
function! etcd#host#rpc#prewarm() abort
  let ran = etcd#host#job#status() !=# ''
  try
    call s:connect()
    if !ran
      " The first request costs Node 20 ms (connecting, compiling), and now is the time for it.
      call s:send('warm', {})
    endif
  catch /^etcd:/
  endtry
endfunction

" The code of the last error thrown by etcd#host#rpc#request(); a help tag, |etcd-errors|.
function! etcd#host#rpc#code() abort
  return s:last_code
endfunction

" If a value was refused: [line, column] of the fault; [] if it is at no place.
function! etcd#host#rpc#place() abort
  return s:last_place
endfunction

" Lines to show with the question that must be asked before Node does what it has refused. v:null if it was refused for another reason.
function! etcd#host#rpc#unasked() abort
  return s:last_unasked
endfunction

" A line from Node: a reply, or an event (id 0). Anything else is ignored, so that what comes after it is understood.
function! s:receive(line) abort
  try
    let [id, body] = json_decode(a:line)
  catch
    return
  endtry
  if type(id) != v:t_number || type(body) != v:t_dict
    return
  elseif id == 0
    call etcd#host#event#push(body, function('s:hear'))
  elseif !s:is_reply(body)
    return
  elseif has_key(s:ignored, id)
    call remove(s:ignored, id)
    call s:taken(id, body)
  elseif has_key(s:takers, id)
    call call(remove(s:takers, id), [body])
  elseif has_key(s:pending, id)
    let s:pending[id] = body
  else
    call etcd#host#rpc#discard(body)
  endif
endfunction

" Nobody takes, or needs, the reply {body}. The values in it are deleted.
function! etcd#host#rpc#discard(body) abort
  let ok = s:result(a:body)
  let theirs = get(ok, 'theirs', 0)
  for part in filter([ok, theirs, get(ok, 'base', 0), type(theirs) == v:t_dict ? get(theirs, 'base', 0) : 0], 'type(v:val) == v:t_dict')
    call etcd#host#directory#discard(get(part, 'file', ''))
  endfor
endfunction

function! s:taken(id, body) abort
  let ok = s:result(a:body)
  if a:id == s:greeting
    let s:greeting = 0
    let s:refusal = get(get(a:body, 'err', {}), 'message', '')
    call etcd#host#directory#settle(get(ok, 'dir', ''))
  elseif has_key(ok, 'profiles')
    call etcd#host#profile#tell(ok.profiles)
  endif
endfunction

" Takes an event about a request that somebody waits for. 'deadline': it may take so many ms from its beginning, because only Node knows
" that a name is that of a listing. 'unsent': the put sends nothing.
function! s:hear(event) abort
  if has_key(s:limits, a:event.id) && a:event.event ==# 'unsent'
    let s:unsent[a:event.id] = 1
  elseif has_key(s:limits, a:event.id)
    let s:limits[a:event.id] = max([s:limits[a:event.id], a:event.ms + s:grace])
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

" The process is gone, {why}. Everybody who waits is told, once. Returns the line that says so if nobody waits, else ''.
function! s:lost(why) abort
  let s:configured = {}
  let s:ignored = {}
  let s:greeting = 0
  let line = 'etcd: the host process ' . a:why . '; it starts again with the next command'
  let waiting = filter(keys(s:pending), 's:pending[v:val] is v:null')
  let lost = {'err': {'code': 'unavailable', 'message': line}}
  for id in waiting
    let s:pending[id] = lost
  endfor
  call etcd#host#event#push({'event': 'lost'}, function('s:hear'))
  let takers = values(s:takers)
  let s:takers = {}
  for Taker in takers
    call call(Taker, [lost])
  endfor
  return empty(waiting) && empty(takers) ? line : ''
endfunction

function! s:start(method, params) abort
  let [s:last_code, s:last_unasked] = ['unavailable', v:null]
  call s:connect()
  let s:last_code = ''
  let id = s:send(a:method, a:params)
  let s:pending[id] = v:null
  return id
endfunction

" Makes sure that Node runs, has been greeted, and knows the settings as they are now.
function! s:connect() abort
  call etcd#ui#person#watch()
  let is_new = etcd#host#job#ensure(function('s:receive'), function('s:lost'))
  if is_new || (!s:greeting && !etcd#host#directory#is_private())
    " A directory can vanish while its process runs: $XDG_RUNTIME_DIR is emptied when a login ends.
    let s:refusal = ''
    let s:configured = {}
    let s:greeting = s:send_ignored('hello', extend({'protocol': s:protocol}, etcd#host#directory#owner()))
  endif
  let settings = extend(extend({'use': etcd#host#profile#used()}, etcd#host#settings#written()), etcd#host#wire#letters())
  if settings !=# s:configured
    call s:send_ignored('configure', settings)
    let s:configured = settings
  endif
endfunction

" Sends without waiting. Answers come in order, so a refusal comes before the answer that somebody waits for.
function! s:send_ignored(method, params) abort
  let id = s:send(a:method, a:params)
  let s:ignored[id] = 1
  return id
endfunction

function! s:send(method, params) abort
  let s:id += 1
  call etcd#host#job#send(json_encode([s:id, a:method, etcd#host#wire#exact(a:params)]))
  return s:id
endfunction

" Callbacks and timers run meanwhile, and may ask questions themselves, so all state is by id. {yields}: the next key ends it like Ctrl-C.
function! s:wait(id, yields, Text) abort
  let ended = etcd#host#wait#until({-> s:pending[a:id] isnot v:null}, {-> s:limits[a:id]}, a:yields, a:Text)
  if s:pending[a:id] isnot v:null
    return s:pending[a:id]
  endif
  call etcd#host#job#send(json_encode([0, 'cancel', {'id': a:id}]))
  return {'err': ended ==# 'interrupted'
        \ ? {'code': 'cancelled', 'message': 'etcd: interrupted' . (has_key(s:unsent, a:id) ? ' before anything was sent' : '')}
        \ : {'code': 'timeout', 'message': 'etcd: no answer from the host process within ' . s:limits[a:id] . ' ms; see :Etcd log'}}
endfunction

let &cpoptions = s:cpo | unlet s:cpo
