" Waiting for an answer, in both editors. Ctrl-C ends it, it has a time limit, and it does not stay silent for long.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" ms at the start of a wait in which Ctrl-C is not heard. Most answers come within them.
let s:unheard = 5
" In the first ms, so many, we look every ms, and even a completion waits, whatever is typed.
let s:patient = 50
let s:slice = 20
" ms after which the user is told what we wait for.
let s:quiet = 300
" The most ms that one turn of a wait counts. If it took longer, the clock jumped, or the editor was stopped.
let s:stride = 1000
" ms to read what is already in the pipe when the time is over.
let s:last = 200

" Waits until {Done} is true; callbacks and timers run meanwhile. {Limit} gives the ms after which to give up, and may give more later.
" {yields}: the next key ends it like Ctrl-C. {Text} gives what the user is told in a long wait. It is not called if nobody would see
" it.
" Returns 'done', 'late' or 'interrupted'.
function! etcd#host#wait#until(Done, Limit, yields, Text) abort
  " Keys that a macro, a mapping or a paste has put there before are not the next key. With -es the end of stdin would be a key, and it
  " would end Vim.
  let yields = a:yields && etcd#ui#person#present() && !getchar(1)
  let wait = {'Done': a:Done, 'Limit': a:Limit, 'yields': yields, 'Text': a:Text, 'told': a:yields, 'shown': 0}
  call etcd#host#pending#count(1)
  try
    return has('nvim') ? s:in_nvim(wait) : s:in_vim(wait)
  finally
    call etcd#host#pending#count(-1)
    if wait.shown
      call etcd#ui#message#waited()
    endif
  endtry
endfunction

" wait() gives 0 after Done, -1 after the time, -2 for Ctrl-C. After any error in any callback meanwhile it gives -3, even if the error
" was caught; that says nothing of the answer.
function! s:in_nvim(wait) abort
  let spent = 0
  while spent < a:wait.Limit()
    let turn = min([s:turn(a:wait, spent), a:wait.Limit() - spent])
    let began = reltime()
    let ended = wait(turn, a:wait.Done, s:slice)
    if ended == 0 || ended == -2
      return ended == 0 ? 'done' : 'interrupted'
    endif
    " A turn that ended by itself counts only as long as it was planned, however late we are: an editor that was stopped has not waited.
    let spent += ended == -1 ? turn : min([turn, float2nr(s:ms_since(began))])
    " We look between waits, because getchar() in the condition would swallow Ctrl-C.
    if a:wait.yields && spent >= s:patient && getchar(1)
      return 'interrupted'
    endif
    call s:tell(a:wait, spent)
  endwhile
  return wait(s:last, a:wait.Done, s:slice) == 0 ? 'done' : 'late'
endfunction

function! s:turn(wait, spent) abort
  if a:wait.yields
    return a:spent < s:patient ? s:patient - a:spent : s:slice
  endif
  return a:spent < s:quiet ? s:quiet - a:spent : s:stride
endfunction

function! s:in_vim(wait) abort
  let [spent, before] = [0.0, reltime()]
  try
    while !a:wait.Done()
      let turn = s:ms_since(before)
      let before = reltime()
      " If the clock was set back, the turn counts as 0.
      let spent += turn > s:stride ? s:stride : turn < 0 ? 0 : turn
      if spent > a:wait.Limit()
        return s:is_in_pipe(a:wait.Done) ? 'done' : 'late'
      elseif spent < s:unheard
        call etcd#host#job#listen(s:unheard)
      elseif spent < s:patient
        sleep 1m
      else
        sleep 5m
        call etcd#host#job#poll()
        if a:wait.yields && getchar(1)
          return 'interrupted'
        endif
        call s:tell(a:wait, spent)
      endif
    endwhile
  catch /^Vim:Interrupt$/
    return 'interrupted'
  endtry
  return 'done'
endfunction

function! s:is_in_pipe(Done) abort
  let began = reltime()
  while !a:Done() && s:ms_since(began) < s:last
    call etcd#host#job#listen(s:slice)
  endwhile
  return a:Done()
endfunction

function! s:ms_since(time) abort
  return reltimefloat(reltime(a:time)) * 1000
endfunction

" Once in each wait.
function! s:tell(wait, spent) abort
  if !a:wait.told && a:spent >= s:quiet
    let a:wait.told = 1
    let a:wait.shown = etcd#ui#message#waiting(a:wait.Text)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
