" BufWriteCmd, FileWriteCmd, FileAppendCmd: bytes into etcd by compare-and-put (:h BufWriteCmd, :h writing.txt).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Codes of a put after which etcd does not hold the text, or may not.
let s:not_held = ['conflict', 'outcome_unknown', 'cancelled', 'timeout', 'unavailable', 'unsupported', 'internal', 'lease_not_found',
      \ 'cluster_changed']
" Of what a put answers, what is told and not kept.
let s:told = ['unchanged', 'created', 'now_revision', 'unasked']

" The whole buffer to the address that the autocommand gives ({afile}, {amatch}), its own or another.
" Returns a command for :execute: nothing, or the error.
" On any failure the buffer stays 'modified' and its text untouched, so :wq, :x and :wall stay in the editor.
function! etcd#write#buffer(afile, amatch) abort
  if etcd#proof#is_clearing()
    return ''
  endif
  let name = etcd#name#given(a:afile, a:amatch)
  let [here, arguments, force] = [etcd#here#note(), v:cmdarg, v:cmdbang]
  if etcd#name#is_file(name)
    return etcd#file#write('', 0)
  endif
  try
    let target = s:target(here, name)
    let own = s:is_own(name, target)
    if own
      call s:check_own(target, force)
    endif
    call s:before('BufWritePre', target)
    let file = etcd#put#file()
    if !etcd#lock#take(here.buffer, 'a write')
      throw printf('etcd: not written: %s: %s of this buffer is under way; write it after that', target, etcd#lock#work(here.buffer))
    endif
  catch
    return s:refusal()
  endtry
  try
    let put = etcd#put#send(target, file, '', arguments, {'force': force ? v:true : v:false})
    let is_here = etcd#here#back(here)
    if own && has_key(put, 'error')
      call s:keep(here.buffer, put.code)
    elseif own
      call s:settle(here.buffer, put, file)
    endif
  catch
    " Of what became of it nobody is sure then.
    call setbufvar(here.buffer, '&modified', 1)
    return s:refusal()
  finally
    call delete(file)
    call etcd#lock#free(here.buffer)
  endtry
  if has_key(put, 'error')
    return etcd#message#raise(put.error)
  endif
  if is_here
    call etcd#event#fire('BufWritePost', target)
    call etcd#buffer#heal()
  endif
  call s:tell(put.done)
  call etcd#event#user('EtcdWritePost')
  return ''
endfunction

" Lines '[ to '] to the address that the autocommand gives, or, with {append}, behind the value that is there.
function! etcd#write#lines(afile, amatch, append) abort
  let name = etcd#name#given(a:afile, a:amatch)
  let here = etcd#here#note()
  let [arguments, force] = [v:cmdarg, v:cmdbang]
  " An autocommand may move the marks; lines that it adds or takes away are counted at the end, as for a file.
  let [first, last, lines] = [line("'["), line("']"), line('$')]
  if etcd#name#is_file(name)
    return etcd#file#write(first . ',' . last, a:append)
  endif
  try
    let target = s:target(here, name)
    call s:before(a:append ? 'FileAppendPre' : 'FileWritePre', target)
    let file = etcd#put#file()
  catch
    return s:refusal()
  endtry
  let range = first . ',' . max([first, last + line('$') - lines])
  let options = {'append': a:append ? v:true : v:false, 'force': force ? v:true : v:false}
  let put = etcd#put#send(target, file, range, arguments, options)
  call delete(file)
  if has_key(put, 'error')
    return etcd#message#raise(put.error)
  endif
  if etcd#here#back(here)
    call etcd#event#fire(a:append ? 'FileAppendPost' : 'FileWritePost', target)
  endif
  call s:tell(put.done)
  return ''
endfunction

" {name} in full. Throws if the buffer that is written, of {here}, was left meanwhile.
function! s:target(here, name) abort
  let target = etcd#name#canonical(etcd#name#meant(a:name))
  if !etcd#here#back(a:here)
    throw 'etcd: not written: ' . target . ': the buffer was left during the wait; :w tries again'
  endif
  return target
endfunction

" Whether {name}, which is {target} in full, is what the current buffer is called.
function! s:is_own(name, target) abort
  return index([bufname('%'), fnamemodify(bufname('%'), ':p')], a:name) >= 0 || a:target ==# bufname('%')
endfunction

" Throws where the buffer must not be written to its own key, {target}.
function! s:check_own(target, force) abort
  let kind = get(get(b:, 'etcd', {}), 'kind', 'key')
  if kind !=# 'key'
    throw 'etcd: cannot write ' . a:target . ': ' . (kind ==# 'failed'
          \ ? 'it could not be read, so there is nothing to compare with; :e! tries again'
          \ : 'a listing is not written; write to the name of a key')
  elseif has_key(b:, 'etcd')
    call s:check_proof(a:target, a:force)
  endif
  if &readonly && !a:force
    " The editor looks itself where the name is the very same.
    throw "etcd: cannot write " . a:target . ": 'readonly' is set (E45); add ! to override"
  endif
  let other = etcd#name#buffer(a:target)
  if other > 0 && other != bufnr('%') && bufloaded(other)
    throw printf('etcd: cannot write %s: buffer %d has this key (E139); :buffer %d goes there', a:target, other, other)
  endif
  if !has_key(b:, 'etcd') && !a:force && &endofline && !&binary
    " Named by :file or :write just now, so this is a new key like any other.
    setlocal nofixendofline
  endif
endfunction

" Throws if the text may not be what b:etcd is the base of.
function! s:check_proof(target, force) abort
  if !etcd#proof#holds()
    throw printf('etcd: cannot write %s: the editor loaded this buffer anew with autocommands off, so its text is not from etcd; '
          \ . ':e! reads the key', a:target)
  endif
  let file = etcd#proof#local_file()
  if file !=# '' && !a:force
    throw printf('etcd: cannot write %s: the text may be that of the local file %s; remove that file, or add ! to write', a:target, file)
  endif
endfunction

" Fires {event}; what it throws, and where it leaves the buffer, ends the write (:h except-autocmd-Pre, E203).
function! s:before(event, target) abort
  let buffer = bufnr('%')
  call etcd#event#before(a:event, a:target)
  if bufnr('%') != buffer
    throw printf('etcd: not written: %s: an autocommand for %s has left the buffer (E203)', a:target, a:event)
  endif
endfunction

" The command that raises what was thrown: ours in our words, anyone else's as it is.
function! s:refusal() abort
  return v:exception =~# '^etcd:' ? etcd#message#raise(v:exception)
        \ : v:exception =~# '^Vim' ? etcd#message#raise('etcd: not written: ' . v:exception) : 'throw ' . string(v:exception)
endfunction

" What etcd does not hold, or may not, is 'modified', also if nothing was typed, and whatever undo brings back. It is sent by the next
" :w, also if nothing is typed till then. A new key is not there, so :wq stays. What another cluster answers for is only to be looked at.
function! s:keep(buffer, code) abort
  let known = getbufvar(a:buffer, 'etcd', {})
  if index(s:not_held, a:code) < 0
    if get(known, 'mod_revision', '0') ==# '0'
      call setbufvar(a:buffer, '&modified', 1)
    endif
    return
  endif
  call s:mark_unsaved(a:buffer)
  if has_key(known, 'digest')
    let known.digest = ''
  endif
  if a:code ==# 'cluster_changed'
    call setbufvar(a:buffer, '&readonly', 1)
    let known.foreign = v:true
  endif
endfunction

function! s:mark_unsaved(buffer) abort
  if bufnr('%') == a:buffer
    call etcd#fill#unsaved()
  else
    call setbufvar(a:buffer, '&modified', 1)
  endif
endfunction

" {buffer} holds what etcd holds, which is in {file}, unless its text was changed during the wait.
function! s:settle(buffer, put, file) abort
  let done = a:put.done
  let before = getbufvar(a:buffer, 'etcd', {})
  let kept = get(before, 'address', '') ==# done.address
        \ ? filter(copy(before), 'index(["foreign", "base_revision", "named"], v:key) < 0') : {}
  call extend(kept, {'kind': 'key', 'past': v:false, 'stale': v:false})
  if bufnr('%') == a:buffer
    call etcd#name#adopt(done.address)
    if empty(before)
      call etcd#buffer#prepare(done.address)
    endif
  endif
  call setbufvar(a:buffer, 'etcd', extend(kept, filter(copy(done), 'index(s:told, v:key) < 0')))
  if get(before, 'foreign', 0) || get(before, 'stale', 0)
    call setbufvar(a:buffer, '&readonly', 0)
  endif
  if bufnr('%') == a:buffer && get(before, 'address', '') !=# done.address
    call etcd#proof#give()
  endif
  if etcd#fill#state(a:buffer) ==# a:put.state || (bufnr('%') == a:buffer && etcd#fill#holds(a:file))
    call setbufvar(a:buffer, '&modified', 0)
  else
    call s:mark_unsaved(a:buffer)
  endif
endfunction

function! s:tell(done) abort
  call etcd#message#info(a:done.unchanged
        \ ? printf('"%s" unchanged%s', a:done.address, s:since(a:done))
        \ : printf('"%s"%s %dB written, revision %s', a:done.address, a:done.created ? ' [New]' : '', a:done.bytes, a:done.mod_revision))
endfunction

" What is known of a key to which nothing was sent.
function! s:since(done) abort
  let now = get(a:done, 'now_revision', '')
  if now ==# ''
    return ', nothing sent' . (has_key(a:done, 'unasked') ? '; etcd could not be asked: ' . a:done.unasked : '')
  endif
  return printf(' since revision %s; etcd %s', a:done.mod_revision,
        \ now ==# '0' ? 'has it no more (:w! writes it again)' : 'holds revision ' . now . ' since (:e! shows it)')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
