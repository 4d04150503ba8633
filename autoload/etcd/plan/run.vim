" A plan (src/host/plans.ts): made, shown, asked about, applied.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" ms that Node may take. It keeps the time of each request itself, and Ctrl-C works.
let s:longest = 86400000

" Asks Node for a plan by {method}, shows it, asks unless {bang}, applies it, and says what was done. Returns the same as
" etcd#plan#run#apply(); {} if nothing was done. Throws 'etcd: …'.
function! etcd#plan#run#do(method, params, bang) abort
  let shown = etcd#plan#run#make(a:method, a:params)
  return etcd#plan#run#ask(shown, a:bang) ? etcd#plan#run#apply(shown) : {}
endfunction

" The plan that Node makes by {method}: a PlanShown (src/host/plan-shown.ts). Throws 'etcd: …'.
function! etcd#plan#run#make(method, params) abort
  " After a wait, nothing tells any more whether a key has led here.
  let typed = etcd#ui#person#typed()
  return extend(etcd#host#rpc#request(a:method, a:params, 'read'), {'typed': typed})
endfunction

" Returns 1 if the plan {shown} may be applied. With {bang} there is no question, if no profile wants one or nobody is there. If it may
" not, this says why. Throws 'etcd: …' if nobody can be asked.
function! etcd#plan#run#ask(shown, bang) abort
  if !a:shown.plan
    call etcd#ui#message#info(join(['etcd: ' . a:shown.title . ': nothing to do'] + a:shown.lines, '; '))
    return 0
  elseif a:bang && !(a:shown.confirm && etcd#ui#person#present())
    let a:shown.asked = v:true
    return 1
  endif
  let answer = 'no'
  try
    let why = etcd#ui#confirm#refusal(get(a:shown, 'typed', 1), a:shown.title)
    if why !=# ''
      throw printf('etcd: not done: %s: nobody was asked: %s%s', a:shown.title, why,
            \ a:shown.confirm && etcd#ui#person#present() ? '' : '; :Etcd! and :w! ask nothing')
    endif
    let answer = s:answer(a:shown)
  finally
    if answer !=# 'yes'
      call etcd#host#rpc#tell('forget', {'plan': a:shown.plan})
    endif
  endtry
  if answer !=# 'yes'
    call etcd#ui#message#info(printf('etcd: not done: %s: %s', a:shown.title, answer ==# 'burst'
          \ ? 'more than one key came as the answer, as in a paste' : 'you have not said yes'))
  endif
  let a:shown.asked = answer ==# 'yes' ? v:true : v:false
  return answer ==# 'yes'
endfunction

function! s:answer(shown) abort
  if a:shown.ask ==# 'line'
    call inputsave()
    try
      return etcd#ui#answer#of([], etcd#ui#message#line(a:shown.question))
    catch /^Vim:Interrupt$/
      return 'no'
    finally
      call inputrestore()
      redraw
    endtry
  endif
  return etcd#ui#confirm#ask('etcd-plan ' . a:shown.cluster, a:shown.lines, a:shown.all, 'more lines', a:shown.question, 'etcdplan')
endfunction

" Applies the plan {shown}. Buffers that show changed keys are brought up to date. Ctrl-C ends it after the current request. `own` of
" {shown}: the buffers whose texts the plan is about, if there are any. Returns a PlanDone (src/host/plan-done.ts). Throws 'etcd: …',
" also if it was only done in part; then a window has the account.
function! etcd#plan#run#apply(shown) abort
  let here = etcd#buffer#here#note()
  call s:offer(a:shown)
  let job = {}
  let params = {'plan': a:shown.plan, 'open': etcd#plan#buffers#open(), 'asked': get(a:shown, 'asked', v:false)}
  call etcd#host#rpc#ask('apply', params, {reply -> extend(job, reply)})
  let ended = s:wait(a:shown, job)
  call etcd#ui#message#plan_ended(has_key(job, 'ok') ? 'success' : 'failed')
  if has_key(job, 'err')
    throw job.err.message
  elseif !has_key(job, 'ok')
    throw printf('etcd: do not know what became of it: %s: %s; look before you do it again', a:shown.title, ended)
  endif
  call etcd#buffer#here#back(here)
  let lines = etcd#plan#buffers#settle(job.ok.fates, get(a:shown, 'own', []))
  try
    call s:fire('EtcdPlanPost', a:shown)
  catch
    " The plan is done, even if an autocommand fails.
    call etcd#ui#message#error(v:exception)
  endtry
  if !empty(job.ok.done)
    call etcd#ui#scratch#show('etcd-plan', [a:shown.title] + job.ok.done + lines)
    throw printf('etcd: done in part: %s: %s', a:shown.title, substitute(job.ok.done[0], '^stopped: ', '', ''))
  endif
  call etcd#plan#run#tell(a:shown.title, job.ok, lines)
  return job.ok
endfunction

" Says that {what} is {done}, a PlanDone, and says {lines} of etcd#plan#buffers#settle(). It is one message, because a second one would
" replace the first. The user knows {what}, so it is shortened first.
function! etcd#plan#run#tell(what, done, lines) abort
  let keys = printf('%d key%s, revision %s', a:done.keys, a:done.keys == 1 ? '' : 's', a:done.revision)
  if empty(a:lines)
    return etcd#ui#message#info(printf('etcd: %s: %s', a:what, keys))
  endif
  let more = len(a:lines) > 1 ? printf(' (and %d more)', len(a:lines) - 1) : ''
  call etcd#ui#message#warn(printf('etcd: %s, but%s %s', keys, more, a:lines[0]))
endfunction

" Waits for the answer of {job}. The first Ctrl-C stops the job, and we wait for what was done. The next one ends the wait.
function! s:wait(shown, job) abort
  let [Done, Limit] = [{-> !empty(a:job)}, {-> s:longest}]
  let ended = etcd#host#wait#until(Done, Limit, 0, {-> a:shown.title . ' (Ctrl-C stops)'})
  if ended ==# 'interrupted'
    call etcd#host#rpc#tell('halt', {'plan': a:shown.plan})
    let ended = etcd#host#wait#until(Done, Limit, 0, {-> 'stopping: ' . a:shown.title})
  endif
  return ended
endfunction

" Fires EtcdPlanPre. If an autocommand throws, that ends the plan, and the message is like that of any other refusal.
function! s:offer(shown) abort
  try
    call s:fire('EtcdPlanPre', a:shown)
  catch /^\%(Vim:Interrupt$\)\@!/
    throw printf('etcd: not done: %s: %s', a:shown.title, substitute(v:exception, '^etcd: ', '', ''))
  endtry
endfunction

" Fires `User {event}` with the plan in g:etcd_plan. If an autocommand throws, that goes to the caller.
function! s:fire(event, shown) abort
  if !exists('#User#' . a:event)
    return
  endif
  let g:etcd_plan = {'title': a:shown.title, 'cluster': a:shown.cluster, 'lines': a:shown.lines, 'keys': a:shown.keys,
        \ 'counts': a:shown.counts}
  let refused = 1
  try
    call etcd#host#event#before('User', a:event)
    let refused = 0
  finally
    unlet! g:etcd_plan
    if refused
      call etcd#host#rpc#tell('forget', {'plan': a:shown.plan})
    endif
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
