" :w of an edited listing. The plan of its text, and of texts that share numbers with it, is shown, asked about, and applied.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Writes the current buffer, which is that of {here}. {force}: with "!". Returns a command for :execute: nothing, or the error. Whatever
" fails, the text stays and is 'modified'.
function! etcd#edit#write#buffer(here, force) abort
  try
    call s:check(a:force)
    call etcd#host#event#before('BufWritePre', b:etcd.address)
    if !etcd#buffer#lock#take(a:here.buffer, 'a write')
      throw printf('etcd: not written: %s: %s of this buffer is under way; write it after that', b:etcd.address,
            \ etcd#buffer#lock#work(a:here.buffer))
    endif
  catch /^etcd:/
    return etcd#ui#message#raise(v:exception)
  endtry
  let files = []
  try
    return s:write(a:here, a:force, files)
  catch /^etcd:/
    return etcd#ui#message#raise(v:exception)
  catch /^Vim:Interrupt$/
    return etcd#ui#message#raise('etcd: not written: interrupted; the text is still here')
  finally
    call map(files, 'delete(v:val)')
    call etcd#buffer#lock#free(a:here.buffer)
  endtry
endfunction

function! s:check(force) abort
  if !etcd#buffer#proof#holds()
    throw printf('etcd: cannot write %s: its numbers are not known; :e! lists it again', b:etcd.address)
  elseif &readonly && !a:force
    throw printf("etcd: cannot write %s: 'readonly' is set (E45); add ! to override", b:etcd.address)
  endif
endfunction

function! s:write(here, force, files) abort
  let address = b:etcd.address
  call s:prove(a:here.buffer)
  let texts = map(s:buffers(a:here.buffer), '[v:val, s:text(v:val)]')
  if etcd#edit#text#sent(texts[0][1]) ==# etcd#edit#numbers#base(a:here.buffer)
    return s:unchanged(address, 'unchanged, nothing sent')
  endif
  let buffers = map(copy(texts), 'etcd#edit#text#send(v:val[0], v:val[1], a:files)')
  let shown = etcd#plan#run#make('edit_plan', {'name': address, 'buffers': buffers, 'force': a:force ? v:true : v:false})
  if !etcd#buffer#here#back(a:here)
    call etcd#host#rpc#tell('forget', {'plan': shown.plan})
    throw printf('etcd: not written: %s: the buffer was left during the wait; :w tries again', address)
  elseif shown.plan == 0 && !a:force
    return s:unchanged(address, 'says what was read, nothing sent')
  elseif shown.plan != 0 && !etcd#plan#run#ask(shown, a:force)
    throw printf('etcd: not written: %s: you have not said yes; the text is still here', address)
  endif
  let name = matchstr(getline('.'), '^\%(\d\+\s\+\)\=\zs.*')
  call filter(texts, 'index(shown.texts, getbufvar(v:val[0], "etcd").address) >= 0')
  if shown.plan != 0
    call s:apply(shown, texts)
  endif
  call s:settle(texts, a:files)
  if shown.plan == 0
    " The keys to delete may have gone before. The text now says what is there.
    call etcd#ui#message#info(printf('"%s" is what the text says, nothing sent', address))
  endif
  if etcd#buffer#here#back(a:here)
    call etcd#edit#view#place(name)
    call etcd#host#event#fire('BufWritePost', address)
  endif
  return ''
endfunction

" Applies the plan {shown}. If it is done only in part, or nobody knows, the numbers of {texts} no longer stand for what they did. They
" are not used again.
function! s:apply(shown, texts) abort
  let a:shown.own = map(copy(a:texts), 'v:val[0]')
  try
    call etcd#plan#run#apply(a:shown)
  catch /^etcd: \%(do not know\|done in part\)/
    for [bufnr, _] in a:texts
      call etcd#buffer#kind#change(bufnr, {'torn': 1}, [])
    endfor
    throw v:exception
  endtry
endfunction

" If the editor has loaded a text anew without us, the text does not say what is wanted. The names that it lacks are not deleted.
function! s:prove(first) abort
  for bufnr in filter(s:buffers(a:first)[1:], 'bufloaded(v:val)')
    call etcd#buffer#here#visit(bufnr, function('etcd#buffer#proof#holds'))
  endfor
endfunction

function! s:unchanged(address, word) abort
  setlocal nomodified
  call etcd#ui#message#info(printf('"%s" %s', a:address, a:word))
  return ''
endfunction

" The lines of the edited listing {bufnr}. If it is not loaded, they are those that were read: another listing may have lines of it.
function! s:text(bufnr) abort
  return bufloaded(a:bufnr) ? etcd#edit#text#of(a:bufnr) : etcd#edit#text#shown(etcd#edit#numbers#base(a:bufnr))
endfunction

" {first}, and all other edited listings of its profile whose numbers are known, even if another buffer has taken their window.
function! s:buffers(first) abort
  let profile = etcd#host#profile#of(getbufvar(a:first, 'etcd').address)
  return [a:first] + filter(range(1, bufnr('$')), 'v:val != a:first && s:is_of(profile, getbufvar(v:val, "etcd", {}), v:val)')
endfunction

function! s:is_of(profile, known, bufnr) abort
  return type(a:known) == v:t_dict && get(a:known, 'kind', '') ==# 'edit' && !get(a:known, 'torn', 0)
        \ && etcd#host#profile#of(a:known.address) ==# a:profile && (bufloaded(a:bufnr) || !empty(etcd#edit#numbers#base(a:bufnr)))
endfunction

" {texts} were applied. The files that are written for that are added to {files}.
function! s:settle(texts, files) abort
  try
    let given = map(copy(a:texts), 'etcd#edit#text#settled(v:val[0], v:val[1], len(a:texts) > 1, a:files)')
  catch /^etcd:/
    " All of it is in etcd by now. Only the numbers of the lines are lost.
    let given = []
  endtry
  for own in range(len(a:texts))
    let [bufnr, lines] = a:texts[own]
    if bufloaded(bufnr)
      call etcd#edit#view#renew(bufnr, lines, given, own)
    endif
  endfor
endfunction

let &cpoptions = s:cpo | unlet s:cpo
