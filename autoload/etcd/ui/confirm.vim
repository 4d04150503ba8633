" Writes that want a question first: their diff is shown, and the question asked.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Addresses that nobody was asked about, and why, if a message said so because :silent! hid the error. Kept until the user is asked again.
let s:told = {}

" Asks whether what {params} (of src/host/methods/put.ts) would do is wanted. {typed} is what etcd#ui#person#typed() said before the
" first wait, {why} who wants the question. After it {params} compares with the value that was shown, so nothing else is overwritten.
" Throws 'etcd: …' if the answer is no, or nobody was asked. With "!", if nobody is there, nobody is asked. If somebody is there, but
" what is typed next is not for us, that counts as no.
function! etcd#ui#confirm#put(params, typed, why) abort
  let profile = etcd#host#profile#title(etcd#host#profile#of(a:params.name))
  let why = etcd#ui#person#refusal(a:typed)
  if !etcd#ui#person#present()
    if a:params.force
      return
    endif
    throw printf('etcd: not written: %s: %s asks before each write, and nobody can be asked here; add ! to write', a:params.name, a:why)
  endif
  let buffer = bufnr('%')
  let preview = extend({'name': a:params.name, 'file': a:params.file, 'append': get(a:params, 'append', v:false), 'force': a:params.force,
        \ 'unchecked': get(a:params, 'unchecked', v:false)},
        \ filter(copy(a:params), 'index(["base", "agreed", "person"], v:key) >= 0'))
  let got = etcd#host#rpc#request('preview', preview, 'write')
  try
    if !got.ask
      return
    endif
    let lines = got.text ? s:lines(got.file) : getfsize(got.file) ? ['Binary values differ.'] : []
  finally
    call delete(got.file)
  endtry
  let is_heard = etcd#ui#message#hears('etcd: asks before it writes to ' . profile)
  if got.doubt && (why !=# '' || !is_heard)
    return
  endif
  call s:may_ask(got.address, why, is_heard)
  let is_new = got.base.mod_revision ==# '0'
  let old = '--- ' . got.address . (is_new ? ', which is not there' : ' at revision ' . got.base.mod_revision)
  let same = is_new ? 'A new key without a value.' : 'The same bytes: the key only gets a new revision.'
  let shown = got.notes + [old, '+++ what is written'] + (empty(lines) ? [same] : lines)
  let question = has_key(got, 'held') ? got.held.why . '. Write it?' : 'Write to ' . profile . '?'
  let answer = etcd#ui#confirm#ask('etcd-write ' . profile, shown, len(shown), 'more lines; :Etcd diff shows all', question, 'diff')
  if answer !=# 'yes'
    throw printf('etcd: not written: %s: %s; the text is still here', got.address, answer ==# 'burst'
          \ ? 'more than one key came as the answer, as in a paste' : 'you have not said yes')
  endif
  if has_key(got, 'held')
    call etcd#buffer#lease#agree(buffer, got.held.lease)
  endif
  if !preview.append && (is_new || !empty(lines))
    let a:params.base = got.base
    let a:params.force = v:false
  endif
endfunction

" Throws if nobody is to be asked: because of {why}, or because a question would not be seen ({is_heard}). If the error is not seen
" either, a message comes when the editor is idle, once.
function! s:may_ask(address, why, is_heard) abort
  if a:why ==# '' && a:is_heard
    let s:told = {}
    return
  endif
  let refused = printf('etcd: not written: %s: nobody was asked: %s; :w asks', a:address, a:why ==# '' ? 'it runs silently' : a:why)
  if !a:is_heard && !has_key(s:told, a:address . a:why)
    let s:told[a:address . a:why] = 1
    call etcd#ui#message#info(refused)
  endif
  throw refused
endfunction

" Hunks are in the encoding of the value, most likely UTF-8.
function! s:lines(file) abort
  let lines = map(readfile(a:file), 'iconv(v:val, "utf-8", &encoding)')
  return etcd#ui#excerpt#lines(lines, max([40, &columns - 2]))
endfunction

" Shows {lines} about {profile}, and asks {question}. {refused} is the word for what was not done. {typed} is what
" etcd#ui#person#typed() said before the first wait. Throws 'etcd: {refused}: …' if nobody is asked, or the answer is no.
function! etcd#ui#confirm#keys(profile, lines, question, refused, typed) abort
  let title = etcd#host#profile#title(a:profile)
  let why = etcd#ui#confirm#refusal(a:typed, title)
  if why !=# ''
    throw printf('etcd: %s: nobody was asked: %s', a:refused, why)
  endif
  let question = printf('%s (%s)?', a:question, title)
  let answer = etcd#ui#confirm#ask('etcd-leases ' . title, a:lines, len(a:lines), 'more keys', question, '')
  if answer !=# 'yes'
    throw printf('etcd: %s: %s', a:refused, answer ==# 'burst'
          \ ? 'more than one key came as the answer, as in a paste' : 'you have not said yes')
  endif
endfunction

" Why nobody is to be asked about {what}; '' if somebody may be. {typed} is what etcd#ui#person#typed() said before the first wait.
function! etcd#ui#confirm#refusal(typed, what) abort
  return etcd#ui#message#unasked(etcd#ui#person#refusal(a:typed), 'etcd: asks about ' . a:what)
endfunction

" Shows {lines} in a window called [{name}] with {filetype}, and asks {question}. {more} is said of lines for which there is no room.
" {all} is the number of all lines: the last of {lines} may stand for many. Returns the same as etcd#ui#answer#of().
function! etcd#ui#confirm#ask(name, lines, all, more, question, filetype) abort
  let window = win_getid()
  let room = max([3, &lines - 12])
  let rest = len(a:lines) > room ? a:all - room : 0
  let lines = map(a:lines[: room - 1], 'etcd#ui#message#line(v:val)') + (rest > 0 ? [rest . ' ' . a:more] : [])
  " From a buffer that is in no window (:wall) no window can be opened.
  let shown = win_gettype() !=# 'autocmd'
  if shown
    " There is room below for the question: Neovim covers the screen with it, and Vim scrolls the screen up.
    execute 'botright' (len(lines) + 3) . 'new'
    call etcd#ui#scratch#become(a:name)
    call setline(1, lines)
    setlocal nomodifiable nonumber norelativenumber
    let &l:filetype = a:filetype
    let scratch = win_getid()
  endif
  call inputsave()
  try
    redraw
    return etcd#ui#answer#of(shown ? [] : lines, etcd#ui#message#line(a:question))
  catch /^Vim:Interrupt$/
    return 'no'
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
