" Runs what the benchmark asks for and times it inside the editor. Sourced by the vimrc that bench/editor.mjs writes.
scriptencoding utf-8

" Typed by the benchmark. The question comes as a file: an address in the command line would start the host too early.
function! BenchNext() abort
  let question = json_decode(join(readfile($BENCH_DIR . '/question'), ''))
  try
    for command in question.before
      execute command
    endfor
    let began = reltime()
    execute question.command
    let ms = reltimefloat(reltime(began)) * 1000
    let answer = {'ms': ms, 'check': eval(question.check)}
  catch
    let answer = {'error': v:exception . ' in ' . v:throwpoint}
  endtry
  call s:answer(answer)
endfunction

" Around a key that is typed into the command line.
function! s:begin() abort
  let s:began = reltime()
  return ''
endfunction

function! s:end() abort
  call s:answer({'ms': reltimefloat(reltime(s:began)) * 1000, 'check': getcmdline()})
  return ''
endfunction

cnoremap <expr> <F5> <SID>begin()
cnoremap <expr> <F6> <SID>end()

function! s:answer(answer) abort
  call writefile([json_encode(a:answer)], $BENCH_DIR . '/part')
  call rename($BENCH_DIR . '/part', $BENCH_DIR . '/answer')
endfunction

" Ready some time after the start, so that what an editor puts off until then is over.
autocmd VimEnter * call timer_start(150, {-> s:answer({'ms': 0.0, 'check': 'ready'})})
