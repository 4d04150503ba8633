" The test's hand inside the editor. It takes JSON lines over a socket, evaluates or runs them, and answers. Loaded by --cmd.
scriptencoding utf-8

let s:rest = ''
let s:commands = {}

" Takes one line, [id, kind, text]; kind is eval (now, in the callback) or ex (when the editor is idle, as if mapped).
function! TestReceive(line) abort
  let [id, kind, text] = json_decode(a:line)
  if kind ==# 'eval'
    try
      call s:answer(id, 1, eval(text))
    catch
      call s:answer(id, 0, v:exception . ' at ' . v:throwpoint)
    endtry
  else
    let s:commands[id] = text
    call s:feed(id)
  endif
endfunction

" An error message throws typeahead away, even ours. So we feed it until it has run.
function! s:feed(id) abort
  if has_key(s:commands, a:id)
    call feedkeys("\<Cmd>call TestRun(" . a:id . ")\<CR>", 'n')
    call timer_start(100, {-> s:feed(a:id)})
  endif
endfunction

" Runs the command with the id {id}.
function! TestRun(id) abort
  if !has_key(s:commands, a:id)
    return
  endif
  try
    execute remove(s:commands, a:id)
    call s:answer(a:id, 1, '')
  catch
    call s:answer(a:id, 0, v:exception)
  endtry
endfunction

function! s:answer(id, ok, value) abort
  let line = json_encode([a:id, a:ok, a:value]) . "\n"
  if has('nvim')
    call chansend(s:channel, line)
  else
    call ch_sendraw(s:channel, line)
  endif
endfunction

function! s:on_data(channel, data, name) abort
  let lines = copy(a:data)
  let lines[0] = s:rest . lines[0]
  let s:rest = remove(lines, -1)
  for line in lines
    call TestReceive(line)
  endfor
endfunction

if has('nvim')
  let s:channel = sockconnect('tcp', '127.0.0.1:' . $ETCD_VIM_TEST_PORT, {'on_data': function('s:on_data')})
else
  let s:channel = ch_open('127.0.0.1:' . $ETCD_VIM_TEST_PORT, {'mode': 'nl', 'callback': {channel, line -> TestReceive(line)}})
endif
call s:answer(0, 1, getpid())
