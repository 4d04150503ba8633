" The proof that the text of a buffer came from the read that b:etcd is about. The editor can load a buffer anew without us, by
" `:noautocmd edit`, 'eventignore', or an autocommand that is not nested. Then b:etcd survives, but the text does not. So the proof must
" be something that only the editor's own loading ends, whatever autocommands are off.
"
" Neovim detaches listeners from a buffer that it loads anew. Vim sets a flag on a buffer that it has loaded from a file that does not
" exist. `:file` shows that flag, and only a write to the buffer's own name clears it.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:clearing = 0

" We have just put the text into the current buffer.
function! etcd#buffer#proof#give() abort
  if has('nvim')
    call luaeval('require("etcd.proof").give(_A)', bufnr('%'))
  elseif s:is_loaded_as_file()
    call s:clear()
  endif
endfunction

" Whether the text of the current buffer is what we have put there, plus what was typed since. Once lost, the proof is lost until the
" buffer is read again.
function! etcd#buffer#proof#holds() abort
  if get(b:etcd, 'torn', 0)
    return 0
  endif
  let held = has('nvim') ? luaeval('require("etcd.proof").holds(_A)', bufnr('%')) : !s:is_loaded_as_file()
  if !held
    call etcd#buffer#kind#change(bufnr('%'), {'torn': 1}, [])
  endif
  return held
endfunction

" The same in BufUnload of the current buffer, whose text is about to go.
function! etcd#buffer#proof#held() abort
  return has('nvim') && !get(b:etcd, 'torn', 0) ? luaeval('require("etcd.proof").held(_A)', bufnr('%')) : etcd#buffer#proof#holds()
endfunction

" A write of buffer {bufnr} is about to end. If its text was loaded anew during the wait, that is noted now. After BufWriteCmd for the
" buffer's own name Vim clears its flag, whatever was in the buffer by then (buf_write()).
function! etcd#buffer#proof#outlive(bufnr) abort
  if !has('nvim') && bufloaded(a:bufnr) && !empty(getbufvar(a:bufnr, 'etcd'))
    call etcd#buffer#here#visit(a:bufnr, function('etcd#buffer#proof#holds'))
  endif
endfunction

" The local file that Vim would have loaded for the current buffer if autocommands were off; '' if there is none. If there is one, Vim's
" flag says nothing.
function! etcd#buffer#proof#local_file() abort
  let file = has('nvim') ? '' : fnamemodify(bufname('%'), ':p')
  return filereadable(file) ? file : ''
endfunction

" Whether the current write only clears Vim's flag.
function! etcd#buffer#proof#is_clearing() abort
  return s:clearing
endfunction

" The two forms of "[New]" differ in each language, and without the flag neither is shown (:h shm-n). Without T nothing is cut.
function! s:is_loaded_as_file() abort
  let shortmess = &shortmess
  try
    noautocmd set shortmess=n
    let short = execute('file', 'silent')
    noautocmd set shortmess=
    return execute('file', 'silent') !=# short
  finally
    noautocmd let &shortmess = shortmess
  endtry
endfunction

function! s:clear() abort
  let s:clearing = 1
  let write = &write
  " This also works with -M and 'nowrite', because nothing is written here.
  noautocmd set write
  try
    silent keepalt write!
  catch /^Vim\%((\a\+)\)\=:E/
    " Then a write is refused, which loses nothing.
  finally
    noautocmd let &write = write
    let s:clearing = 0
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
