" BufWriteCmd, FileWriteCmd, FileAppendCmd: bytes into etcd by compare-and-put (:h BufWriteCmd, :h writing.txt).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" After a put with one of these codes, etcd does not hold the text, or may not hold it.
let s:not_held = ['conflict', 'outcome_unknown', 'cancelled', 'timeout', 'unavailable', 'unsupported', 'internal', 'lease_not_found',
      \ 'cluster_changed']

" Writes the whole buffer to the autocommand's address ({afile}, {amatch}), its own or another. Returns a command for :execute: nothing,
" or the error. On any failure the buffer stays 'modified' and its text untouched, so :wq, :x and :wall stay in the editor.
function! etcd#buffer#write#buffer(afile, amatch) abort
  if etcd#buffer#proof#is_clearing()
    return ''
  endif
  let name = etcd#buffer#name#given(a:afile, a:amatch)
  if etcd#buffer#name#is_file(name)
    return etcd#buffer#file#write('', 0)
  endif
  let here = etcd#buffer#here#note()
  try
    return s:buffer(here, name, v:cmdarg, v:cmdbang)
  finally
    call etcd#buffer#proof#outlive(here.buffer)
  endtry
endfunction

function! s:buffer(here, name, arguments, force) abort
  try
    let target = s:target(a:here, a:name)
    let own = s:is_own(a:name, target)
    if own && get(get(b:, 'etcd', {}), 'kind', '') ==# 'edit'
      return etcd#edit#write#buffer(a:here, a:force)
    elseif own
      call s:check_own(target, a:force)
    else
      call s:check_read(target, a:force)
    endif
    call s:before('BufWritePre', target)
    if own && get(get(b:, 'etcd', {}), 'address', '') !=# target
      " The text gets its first base. The proof is about the text now, not about the text after the wait.
      call etcd#buffer#proof#give()
    endif
    let file = etcd#buffer#put#file()
    if !etcd#buffer#lock#take(a:here.buffer, 'a write')
      throw printf('etcd: not written: %s: %s of this buffer is under way; write it after that',
            \ target, etcd#buffer#lock#work(a:here.buffer))
    endif
  catch
    return s:refusal()
  endtry
  try
    let put = etcd#buffer#put#send(target, file, '', a:arguments, {'force': a:force ? v:true : v:false})
    let is_here = etcd#buffer#here#back(a:here)
    if own && has_key(put, 'error')
      call s:keep(a:here.buffer, put.code)
      if is_here
        call etcd#buffer#put#point(put)
      endif
    elseif own
      call s:settle(a:here.buffer, put, file)
    endif
  catch
    " Then nobody is sure of the outcome.
    call setbufvar(a:here.buffer, '&modified', 1)
    return s:refusal()
  finally
    call delete(file)
    call etcd#buffer#lock#free(a:here.buffer)
  endtry
  if has_key(put, 'error')
    return etcd#ui#message#raise(put.error)
  endif
  if is_here
    call etcd#host#event#fire('BufWritePost', target)
    call etcd#buffer#read#heal()
  endif
  call etcd#buffer#told#write(put.done)
  call etcd#host#event#user('EtcdWritePost')
  return ''
endfunction

" Writes lines '[ to '] to the autocommand's address. With {append} they go after the value that is there.
function! etcd#buffer#write#lines(afile, amatch, append) abort
  let name = etcd#buffer#name#given(a:afile, a:amatch)
  " An autocommand may move the marks.
  let marks = [line("'["), line("']")]
  if etcd#buffer#name#is_file(name)
    return etcd#buffer#file#write(join(marks, ','), a:append)
  endif
  let here = etcd#buffer#here#note()
  try
    return s:lines(here, name, marks, a:append, v:cmdarg, v:cmdbang)
  finally
    call etcd#buffer#proof#outlive(here.buffer)
  endtry
endfunction

function! s:lines(here, name, marks, append, arguments, force) abort
  " Lines that an autocommand adds or removes are counted at the end, as for a file.
  let [first, last, lines] = a:marks + [line('$')]
  try
    let target = s:target(a:here, a:name)
    call s:check_read(target, a:force)
    call s:before(a:append ? 'FileAppendPre' : 'FileWritePre', target)
    let file = etcd#buffer#put#file()
  catch
    return s:refusal()
  endtry
  let range = first . ',' . max([first, last + line('$') - lines])
  let options = {'append': a:append ? v:true : v:false, 'force': a:force ? v:true : v:false}
  let put = etcd#buffer#put#send(target, file, range, a:arguments, options)
  call delete(file)
  if has_key(put, 'error')
    return etcd#ui#message#raise(put.error)
  endif
  if etcd#buffer#here#back(a:here)
    call etcd#host#event#fire(a:append ? 'FileAppendPost' : 'FileWritePost', target)
  endif
  call etcd#buffer#told#write(put.done)
  return ''
endfunction

" {name} in full. Throws if the buffer that is written, that of {here}, was left meanwhile.
function! s:target(here, name) abort
  let target = etcd#buffer#name#canonical(etcd#buffer#name#meant(a:name))
  if !etcd#buffer#here#back(a:here)
    throw 'etcd: not written: ' . target . ': the buffer was left during the wait; :w tries again'
  endif
  return target
endfunction

" Whether {name}, which is {target} in full, is the name of the current buffer.
function! s:is_own(name, target) abort
  return index([bufname('%'), fnamemodify(bufname('%'), ':p')], a:name) >= 0 || a:target ==# bufname('%')
endfunction

" Throws if the buffer must not be written to its own key, {target}.
function! s:check_own(target, force) abort
  let kind = get(get(b:, 'etcd', {}), 'kind', 'key')
  if kind !=# 'key' && kind !=# 'document'
    throw 'etcd: cannot write ' . a:target . ': ' . (kind ==# 'failed'
          \ ? 'it could not be read, so there is nothing to compare with; :e! tries again'
          \ : 'a listing is not written; write to the name of a key')
  elseif has_key(b:, 'etcd')
    call s:check_proof(a:target, a:force)
  endif
  if &readonly && !a:force
    " If the name is exactly the same, the editor checks that itself.
    throw "etcd: cannot write " . a:target . ": 'readonly' is set (E45); add ! to override"
  endif
  let other = etcd#buffer#name#buffer(a:target)
  if other > 0 && other != bufnr('%') && bufloaded(other)
    throw printf('etcd: cannot write %s: buffer %d has this key (E139); :buffer %d goes there', a:target, other, other)
  endif
  if !has_key(b:, 'etcd') && !a:force && &endofline && !&binary
    " :file or :write has just named it, so this is a new key like any other.
    setlocal nofixendofline
  endif
endfunction

" Throws if the buffer is empty because it could not be read, and goes to a key that is not its own.
function! s:check_read(target, force) abort
  if get(get(b:, 'etcd', {}), 'kind', '') ==# 'failed' && line('$') == 1 && getline(1) ==# '' && !a:force
    throw printf('etcd: cannot write %s: %s could not be read, so this text is empty; :e! tries again, ! writes it all the same',
          \ a:target, bufname('%'))
  endif
endfunction

" Throws if b:etcd may not be the base of the text.
function! s:check_proof(target, force) abort
  if !etcd#buffer#proof#holds()
    throw printf('etcd: cannot write %s: the editor loaded this buffer anew with autocommands off, so its text is not from etcd; '
          \ . ':e! reads the key', a:target)
  endif
  let file = etcd#buffer#proof#local_file()
  if file !=# '' && !a:force
    throw printf('etcd: cannot write %s: the text may be that of the local file %s; remove that file, or add ! to write', a:target, file)
  endif
endfunction

" Fires {event}. The write ends if an autocommand throws, or leaves the buffer (:h except-autocmd-Pre, E203).
function! s:before(event, target) abort
  let buffer = bufnr('%')
  call etcd#host#event#before(a:event, a:target)
  if bufnr('%') != buffer
    throw printf('etcd: not written: %s: an autocommand for %s has left the buffer (E203)', a:target, a:event)
  endif
endfunction

" The command that raises what was thrown. Our own errors are raised in our words, all others as they are.
function! s:refusal() abort
  return v:exception =~# '^etcd:' ? etcd#ui#message#raise(v:exception)
        \ : v:exception =~# '^Vim' ? etcd#ui#message#raise('etcd: not written: ' . v:exception) : 'throw ' . string(v:exception)
endfunction

" Text that etcd does not hold, or may not hold, is 'modified', even if nothing was typed, and whatever undo brings back. The next :w
" sends it, even if nothing is typed before. If a new key does not exist yet, :wq stays in the editor. If another cluster has answered,
" its value is only to be looked at.
function! s:keep(buffer, code) abort
  let known = getbufvar(a:buffer, 'etcd', {})
  if index(s:not_held, a:code) < 0
    if get(known, 'mod_revision', '0') ==# '0'
      call setbufvar(a:buffer, '&modified', 1)
    endif
    return
  endif
  call etcd#buffer#here#visit(a:buffer, function('etcd#buffer#fill#unsaved'))
  if index(['conflict', 'lease_not_found', 'cluster_changed'], a:code) >= 0 && has_key(known, 'mod_revision')
    call etcd#live#told#refused(a:buffer)
  endif
  if has_key(known, 'digest')
    call etcd#buffer#kind#change(a:buffer, {'digest': ''}, [])
  endif
  if a:code ==# 'cluster_changed'
    call setbufvar(a:buffer, '&readonly', 1)
    call etcd#buffer#kind#change(a:buffer, {'foreign': v:true}, [])
  endif
endfunction

" Etcd now holds the text of {buffer}, which is in {file}, unless the text was changed during the wait.
function! s:settle(buffer, put, file) abort
  let done = a:put.done
  let before = getbufvar(a:buffer, 'etcd', {})
  let kept = get(before, 'address', '') ==# done.address
        \ ? filter(copy(before), 'index(["foreign", "base_revision", "merged", "named"], v:key) < 0') : {}
  call extend(kept, {'past': v:false, 'stale': v:false})
  if bufnr('%') == a:buffer
    call etcd#buffer#name#adopt(done.address)
    if empty(before)
      call etcd#buffer#read#prepare(done.address)
    endif
  endif
  call etcd#buffer#kind#become(a:buffer, get(done, 'kind', 'value'), extend(kept, done))
  if get(before, 'foreign', 0) || get(before, 'stale', 0)
    call setbufvar(a:buffer, '&readonly', 0)
  endif
  if etcd#buffer#fill#state(a:buffer) ==# a:put.state || (bufnr('%') == a:buffer && etcd#buffer#fill#holds(a:file, ''))
    if bufnr('%') == a:buffer
      " After BufWriteCmd the editor adjusts the undo tree of the current buffer, and only of that one.
      setlocal nomodified
    else
      call etcd#buffer#here#visit(a:buffer, function('etcd#buffer#fill#read_anew'))
    endif
  else
    call etcd#buffer#here#visit(a:buffer, function('etcd#buffer#fill#unsaved'))
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
