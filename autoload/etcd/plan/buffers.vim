" The buffers whose keys a plan has changed. No text is ever lost.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By buffer that no window shows: what happened to it, until it is entered.
let s:later = {}

augroup etcd_plan
augroup END

" The addresses of all buffers that show a key or a prefix of the present: as a value, a listing, names to edit, or a document.
function! etcd#plan#buffers#open() abort
  return map(s:buffers(), 'getbufvar(v:val, "etcd").address')
endfunction

function! s:buffers() abort
  return filter(map(getbufinfo({'bufloaded': 1}), 'v:val.bufnr'), 's:is_present(getbufvar(v:val, "etcd", {}))')
endfunction

function! s:is_present(known) abort
  return index(['key', 'prefix', 'edit', 'document'], get(a:known, 'kind', '')) >= 0 && get(a:known, 'address', '?rev=') !~# '[?&]rev='
endfunction

" {fates} is from src/host/plan-done.ts. Listings are listed again; values, documents and names to edit are read again. The buffer of a
" key that was moved gets its new name, and keeps its text and its undo. The text of a deleted key stays, and so does one that is
" 'modified'. {own} are the buffers whose texts the plan is about. They, and a buffer that is just being written, know themselves what
" happened to them. Returns what to say of texts that stay, a line each; etcd#plan#run#tell() says it.
function! etcd#plan#buffers#settle(fates, own) abort
  let lines = []
  let fates = {}
  for fate in a:fates
    let fates[fate.address] = fate
  endfor
  for bufnr in filter(s:buffers(), 'has_key(fates, getbufvar(v:val, "etcd").address)')
    if index(a:own, bufnr) >= 0 || etcd#buffer#lock#work(bufnr) !=# ''
      continue
    endif
    let fate = fates[getbufvar(bufnr, 'etcd').address]
    if fate.became ==# 'deleted'
      call s:deleted(bufnr)
    elseif empty(win_findbuf(bufnr))
      let s:later[bufnr] = fate
      execute printf('autocmd etcd_plan BufEnter <buffer=%d> ++once ++nested call etcd#plan#buffers#entered()', str2nr(bufnr))
    else
      call add(lines, s:at(win_findbuf(bufnr)[0], fate))
    endif
  endfor
  return filter(lines, 'v:val !=# ""')
endfunction

" Whether buffer {bufnr} will be read again as soon as it is entered, because a plan of this editor has changed its key.
function! etcd#plan#buffers#is_due(bufnr) abort
  return has_key(s:later, a:bufnr)
endfunction

" The current buffer is shown again, and something happened to its key meanwhile.
function! etcd#plan#buffers#entered() abort
  let bufnr = bufnr('%')
  if has_key(s:later, bufnr)
    let line = s:renew(remove(s:later, bufnr))
    if line !=# ''
      call etcd#ui#message#warn('etcd: ' . line)
    endif
  endif
endfunction

" Does it in {window}, and comes back. Returns the same as s:renew().
function! s:at(window, fate) abort
  let here = win_getid()
  noautocmd call win_gotoid(a:window)
  try
    return s:renew(a:fate)
  finally
    noautocmd call win_gotoid(here)
  endtry
endfunction

" The current buffer shows what {fate} is about. Returns what to say, or ''.
function! s:renew(fate) abort
  if get(get(b:, 'etcd', {}), 'address', '') !=# a:fate.address
    return ''
  elseif a:fate.became ==# 'moved'
    call s:follow(a:fate)
    return ''
  endif
  return s:read_again(a:fate)
endfunction

" Each window that shows the current buffer stays where it is. A 'modified' text stays; then this returns what to say of that, else ''.
function! s:read_again(fate) abort
  if &modified
    let words = a:fate.became ==# 'listed' ? 'shows keys that were changed' : 'was changed'
    return etcd#live#told#line(bufnr('%'), a:fate, 'changed', words . ', your text stays; :e! takes what etcd holds')
  endif
  let views = {}
  for window in win_findbuf(bufnr('%'))
    call win_execute(window, 'let views[window] = extend(winsaveview(), {"name": getline(".")})')
  endfor
  if b:etcd.kind ==# 'prefix'
    call remove(views, win_getid())
    call etcd#listing#view#refresh()
  else
    edit
  endif
  for [window, view] in items(views)
    let view.lnum = s:line(remove(view, 'name'), view.lnum)
    call win_execute(window, 'call winrestview(view)')
  endfor
  return ''
endfunction

" Where the cursor goes in the current buffer. It was on {line}, with the text {text}. If lines are names, it goes to that name.
function! s:line(text, line) abort
  let kind = get(get(b:, 'etcd', {}), 'kind', '')
  let [number, name] = kind ==# 'edit' ? ['\d\+\t', substitute(a:text, '^\d\+\t', '', '')] : ['', a:text]
  let found = kind ==# 'edit' || kind ==# 'prefix' ? search('\C\V\^' . number . escape(name, '\') . '\$', 'cnw') : 0
  return found ? found : a:line
endfunction

" Like :file, but etcd holds the text under the new name.
function! s:follow(fate) abort
  let [buffer, known, held] = [bufnr('%'), copy(b:etcd), etcd#buffer#proof#holds()]
  call etcd#buffer#name#adopt(a:fate.to)
  if bufname('%') !=# a:fate.to
    " Another buffer has that key.
    return s:deleted(buffer)
  endif
  " If the text is of another value than the one that was moved, it is compared with the value that it comes from.
  let is_same = known.digest ==# a:fate.base.digest
  let base = is_same ? a:fate.base : {}
  let gone = is_same ? ['create_revision', 'version', 'base_revision', 'merged', 'named', 'foreign'] : []
  call etcd#buffer#kind#change(buffer, extend({'address': a:fate.to}, base), gone)
  if held
    call etcd#buffer#proof#give()
  endif
  if !is_same && !&modified
    call s:read_again(a:fate)
  endif
endfunction

" The key of buffer {bufnr} was deleted. Etcd does not hold its text, and :w puts it as a new key.
function! s:deleted(bufnr) abort
  let known = getbufvar(a:bufnr, 'etcd')
  if known.kind !=# 'key' || known.mod_revision ==# '0'
    return
  endif
  call etcd#buffer#here#visit(a:bufnr, function('etcd#buffer#fill#unsaved'))
  call etcd#buffer#kind#change(a:bufnr, {'mod_revision': '0', 'digest': ''}, ['create_revision', 'version', 'lease'])
endfunction

let &cpoptions = s:cpo | unlet s:cpo
