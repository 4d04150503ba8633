" Profiles with `confirm`: before each put its diff is shown and a question asked.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Addresses, and why nobody was asked, of which a word was said while :silent! hid the error; until one is asked again.
let s:told = {}

" Asks whether what {params} (of `put`, src/rpc/protocol.ts) would do is wanted. {params} then compares with the value that was
" shown, so nothing else is overwritten. Throws 'etcd: …' where the answer is no, or nobody was asked. With "!" nobody is asked
" where nobody is there; where somebody is, but what is typed next is not for us, that is no.
function! etcd#confirm#put(params) abort
  let profile = etcd#profile#title(etcd#profile#of(a:params.name))
  let why = etcd#person#refusal(etcd#person#typed())
  if !etcd#person#present()
    if a:params.force
      return
    endif
    throw printf('etcd: not written: %s: the profile %s asks before each write, and nobody can be asked here; add ! to write',
          \ a:params.name, profile)
  endif
  let preview = extend({'name': a:params.name, 'file': a:params.file, 'append': get(a:params, 'append', v:false)},
        \ has_key(a:params, 'base') ? {'base': a:params.base} : {})
  let got = etcd#rpc#request('preview', preview, 'write')
  try
    if !s:is_sent(a:params, got)
      return
    endif
    let lines = got.text ? s:lines(got.file) : getfsize(got.file) ? ['Binary values differ.'] : []
  finally
    call delete(got.file)
  endtry
  call s:may_ask(profile, got.address, why)
  let old = '--- ' . got.address . (got.base.mod_revision ==# '0' ? ', which is not there' : ' at revision ' . got.base.mod_revision)
  if !s:agreed(profile, [old, '+++ what is written'] + (empty(lines) ? ['The same bytes: the key only gets a new revision.'] : lines))
    throw printf('etcd: not written: %s: you have not said yes; the text is still here', got.address)
  endif
  if !preview.append && !empty(lines)
    let a:params.base = got.base
    let a:params.force = v:false
  endif
endfunction

" Throws where nobody is to be asked: {why}, or a question would not be seen. Of an error that is not seen either, a word comes
" when the editor is idle, once.
function! s:may_ask(profile, address, why) abort
  let is_heard = etcd#person#hears('etcd: asks before it writes to ' . a:profile)
  if a:why ==# '' && is_heard
    let s:told = {}
    return
  endif
  let refused = printf('etcd: not written: %s: nobody was asked: %s; :w asks', a:address, a:why ==# '' ? 'it runs silently' : a:why)
  if !is_heard && !has_key(s:told, a:address . a:why)
    let s:told[a:address . a:why] = 1
    call etcd#message#info(refused)
  endif
  throw refused
endfunction

" Whether etcd would take it: a conflict, another cluster, and a value that is unchanged, are `put`'s to tell.
function! s:is_sent(params, got) abort
  if a:got.foreign
    return 0
  elseif a:params.force || get(a:params, 'append', v:false)
    return 1
  endif
  let base = get(a:params, 'base', {'address': ''})
  let expected = base.address ==# a:got.address ? base.mod_revision : '0'
  return getfsize(a:got.file) != 0 && expected ==# a:got.base.mod_revision
endfunction

" Hunks are in the encoding of the value, most likely UTF-8.
function! s:lines(file) abort
  let lines = map(readfile(a:file), 'iconv(v:val, "utf-8", &encoding)')
  return etcd#excerpt#lines(lines, max([40, &columns - 2]))
endfunction

function! s:agreed(profile, lines) abort
  let window = win_getid()
  let room = max([3, &lines - 12])
  let rest = len(a:lines) - room
  let lines = map(a:lines[: room - 1], 'etcd#message#line(v:val)') + (rest > 0 ? [rest . ' more lines; :Etcd diff shows all'] : [])
  " Of a buffer in no window (:wall) no window can be opened.
  let shown = win_gettype() !=# 'autocmd'
  if shown
    " With room below for the question: Neovim covers the screen with it, Vim scrolls the screen up.
    execute 'botright' (len(lines) + 3) . 'new'
    call etcd#scratch#become('etcd-write ' . a:profile)
    call setline(1, lines)
    setlocal nomodifiable nonumber norelativenumber filetype=diff
    let scratch = win_getid()
  endif
  call inputsave()
  try
    redraw
    if !shown
      echo join(lines, "\n")
    endif
    " What was typed before the question is there was meant for something else. Not by getchar(): with :wq of the last window Vim
    " has left the terminal's raw mode by now, and only confirm() goes back to it.
    call etcd#person#forget()
    return confirm('Write to ' . a:profile . '?', "&Yes\n&No", 2) == 1
  catch /^Vim:Interrupt$/
    return 0
  finally
    call inputrestore()
    if shown
      call win_execute(scratch, 'close')
      call win_gotoid(window)
    endif
    redraw
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
