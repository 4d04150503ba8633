" Which keys answer a question: one that a person presses, and not a piece of a paste.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" ms. If another key comes within this time, neither is an answer. The keys of a paste come close together, also through tmux and ssh.
let s:apart = 200
" ms between two looks.
let s:look = 10
let [s:above, s:question] = [[], '']
let s:awaited = 0

" Asks {question} below the lines {above}, and waits for one key. Returns 'yes' after a "y" that comes alone, 'no' after another key,
" and 'burst' after more than one key, or a paste. Keys that come before the question is shown do not count.
function! etcd#ui#answer#of(above, question) abort
  call s:begin()
  try
    call s:drain()
    let [s:above, s:question] = [a:above, a:question . ' (Y)es, [N]o: ']
    call s:show()
    let key = s:key()
    if s:is_quiet()
      return key ==? 'y' ? 'yes' : 'no'
    endif
    " The rest of a paste must not reach the editor either.
    call s:drain()
    return 'burst'
  catch /^Vim:Interrupt$/
    return 'no'
  finally
    call s:end()
  endtry
endfunction

" Whether a question is open. Timers and callbacks run meanwhile, but the editor is not idle, and a message would hide the question.
function! etcd#ui#answer#awaited() abort
  return s:awaited
endfunction

" Whether we wait for an answer just now, the user's or Node's.
function! etcd#ui#answer#pending() abort
  return s:awaited || etcd#host#pending#waiting()
endfunction

" Throws away what is typed, until nothing more comes.
function! etcd#ui#answer#quiet() abort
  call s:begin()
  try
    call s:drain()
  finally
    call s:end()
  endtry
endfunction

" After :wq of the last window Vim has left the terminal's raw mode: the terminal shows what is typed, and keeps it until Enter. Only a
" command line goes back to raw mode.
function! etcd#ui#answer#listen() abort
  if !has('nvim')
    noautocmd silent execute "normal! :\<Esc>"
  endif
endfunction

function! s:drain() abort
  call etcd#ui#answer#listen()
  while !s:is_quiet()
    while getchar(1)
      call getchar(0)
    endwhile
  endwhile
endfunction

" Vim has keys for bracketed pastes; Neovim has none.
function! s:begin() abort
  let s:awaited = 1
  if has('nvim')
    call luaeval('require("etcd.paste").refuse()')
  endif
endfunction

function! s:end() abort
  let s:awaited = 0
  if has('nvim')
    call luaeval('require("etcd.paste").allow()')
  endif
endfunction

function! s:show() abort
  redraw
  if !empty(s:above)
    echo join(s:above, "\n")
  endif
  echohl Question
  echo s:question
  echohl None
endfunction

function! s:is_quiet() abort
  for _ in range(s:apart / s:look)
    if getchar(1)
      return 0
    endif
    execute 'sleep' s:look . 'm'
  endfor
  return !getchar(1)
endfunction

" The next key. CTRL-L draws the screen again, as in Normal mode. Keys that are no letters, like the mouse, are ignored, except the one
" that begins a paste.
function! s:key() abort
  let timer = timer_start(s:apart, function('s:fit', [{'size': [&columns, &lines]}]), {'repeat': -1})
  try
    while 1
      let key = getchar()
      if type(key) == v:t_string && key !=# "\<PasteStart>" || key ==# 12
        call s:show()
      else
        return type(key) == v:t_number ? nr2char(key) : key
      endif
    endwhile
  finally
    call timer_stop(timer)
  endtry
endfunction

" If the screen changes its size while the editor waits for a key, it stays empty. (A Vim that is leaving runs no timers; CTRL-L draws it.)
function! s:fit(drawn, _) abort
  if a:drawn.size != [&columns, &lines]
    let a:drawn.size = [&columns, &lines]
    call s:show()
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
