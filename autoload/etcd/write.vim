" BufWriteCmd, FileWriteCmd, FileAppendCmd: bytes into etcd by compare-and-put (:h BufWriteCmd, :h writing.txt).
scriptencoding utf-8

" What Node compares with, of what it gave when the value was read.
let s:base_fields = ['address', 'mod_revision', 'create_revision', 'lease', 'digest', 'cluster_id']
" Codes of a put after which etcd does not hold the text, or may not.
let s:not_held = ['conflict', 'outcome_unknown', 'cancelled', 'timeout', 'unavailable', 'unsupported', 'internal', 'lease_not_found',
      \ 'cluster_changed']

" The whole buffer to the address that the autocommand gives ({afile}, {amatch}), its own or another.
" Returns a command for :execute: nothing, or the error.
" On any failure the buffer stays 'modified' and its text untouched, so :wq, :x and :wall stay in the editor.
function! etcd#write#buffer(afile, amatch) abort
  let name = etcd#name#given(a:afile, a:amatch)
  let [arguments, force, buffer] = [v:cmdarg, v:cmdbang, bufnr('%')]
  try
    let target = etcd#name#canonical(name)
    let own = s:is_own(name, target)
    if own
      call s:check_own(target, force)
    endif
    call s:before('BufWritePre', target)
  catch
    return s:refusal()
  endtry
  let put = s:put(target, '', arguments, {'force': force ? v:true : v:false}, get(b:, 'etcd', {}))
  if has_key(put, 'error')
    if own
      call s:keep(put.code)
    endif
    return etcd#message#raise(put.error)
  endif
  if own
    call s:settle(buffer, put)
  endif
  call etcd#event#fire('BufWritePost', target)
  call s:tell(put.done)
  call etcd#event#user('EtcdWritePost')
  return ''
endfunction

" Lines '[ to '] to the address that the autocommand gives, or, with {append}, behind the value that is there.
function! etcd#write#lines(afile, amatch, append) abort
  let name = etcd#name#given(a:afile, a:amatch)
  let [arguments, force] = [v:cmdarg, v:cmdbang]
  " An autocommand may move the marks; lines that it adds or takes away are counted at the end, as for a file.
  let [first, last, lines] = [line("'["), line("']"), line('$')]
  try
    let target = etcd#name#canonical(name)
    call s:before(a:append ? 'FileAppendPre' : 'FileWritePre', target)
  catch
    return s:refusal()
  endtry
  let range = first . ',' . max([first, last + line('$') - lines])
  let options = {'append': a:append ? v:true : v:false, 'force': force ? v:true : v:false}
  let put = s:put(target, range, arguments, options, get(b:, 'etcd', {}))
  if has_key(put, 'error')
    return etcd#message#raise(put.error)
  endif
  call etcd#event#fire(a:append ? 'FileAppendPost' : 'FileWritePost', target)
  call s:tell(put.done)
  return ''
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
  elseif &readonly && !a:force
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

" {'done': what `put` answered, 'tick': 'changedtick' of the text}, or {'error': the line for the user, 'code': of a put that was sent}.
function! s:put(target, range, arguments, options, base) abort
  let file = ''
  let sent = 0
  try
    let file = etcd#job#dir() . '/w' . localtime() . s:serial()
    call etcd#fill#write(file, a:range, a:arguments)
    let tick = b:changedtick
    let params = extend({'name': a:target, 'file': file}, a:options)
    if get(a:base, 'kind', '') ==# 'key' && a:range ==# ''
      let params.base = s:base(a:base, a:options.force)
    endif
    if etcd#profile#has(etcd#profile#of(a:target), 'confirm')
      call etcd#confirm#put(params)
    endif
    let sent = 1
    return {'done': etcd#rpc#request('put', params, 'write'), 'tick': tick}
  catch /^etcd:/
    return {'error': sent ? s:outcome(a:target, a:options, v:exception) : v:exception, 'code': sent ? etcd#rpc#code() : ''}
  catch /^Vim:Interrupt$/
    return sent ? {'error': s:outcome(a:target, a:options, 'etcd: interrupted'), 'code': 'cancelled'}
          \ : {'error': 'etcd: not written: ' . a:target . ': interrupted', 'code': ''}
  catch /^Vim\%((\a\+)\)\=:/
    return {'error': 'etcd: cannot write ' . a:target . ': ' . substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', ''), 'code': ''}
  finally
    call delete(file)
  endtry
endfunction

" What Node compares with. Whoever knows that another cluster answers there, and forces, means that one.
function! s:base(known, force) abort
  let base = filter(copy(a:known), 'index(s:base_fields, v:key) >= 0')
  if a:force && get(a:known, 'foreign', 0)
    let base.cluster_id = ''
  endif
  return base
endfunction

" {error} in words of a write: where nobody has said what became of it, nobody knows.
function! s:outcome(target, options, error) abort
  let why = matchstr(a:error, '^etcd: \zs\%(interrupted\|the host process \%(needs\)\@!\|no answer from the host\)[^;]*')
  return why ==# '' ? a:error : printf('etcd: do not know whether %s was written: %s; the text is still here, %s', a:target, why,
        \ get(a:options, 'append', v:false) ? 'look at the key before you append again' : ':w tries again')
endfunction

" What etcd does not hold, or may not, is 'modified', also where nothing was typed, and is sent by the next :w, also where
" nothing is typed till then. What another cluster answers for is only to be looked at.
function! s:keep(code) abort
  if index(s:not_held, a:code) < 0
    return
  endif
  setlocal modified
  let known = get(b:, 'etcd', {})
  if has_key(known, 'digest')
    let known.digest = ''
  endif
  if a:code ==# 'cluster_changed'
    setlocal readonly
    let known.foreign = v:true
  endif
endfunction

" {buffer} holds what etcd holds, unless its text was changed during the wait.
function! s:settle(buffer, put) abort
  let done = a:put.done
  let before = getbufvar(a:buffer, 'etcd', {})
  let kept = get(before, 'address', '') ==# done.address
        \ ? filter(copy(before), 'index(["foreign", "base_revision"], v:key) < 0') : {}
  call extend(kept, {'kind': 'key', 'past': v:false, 'stale': v:false})
  call setbufvar(a:buffer, 'etcd', extend(kept, filter(copy(done), 'v:key !=# "unchanged" && v:key !=# "created"')))
  if get(before, 'foreign', 0) || get(before, 'stale', 0)
    call setbufvar(a:buffer, '&readonly', 0)
  endif
  if bufnr('%') == a:buffer
    call etcd#name#adopt(done.address)
    setlocal noswapfile noundofile nomodeline
  endif
  if getbufvar(a:buffer, 'changedtick') == a:put.tick
    call setbufvar(a:buffer, '&modified', 0)
  endif
endfunction

function! s:tell(done) abort
  call etcd#message#info(a:done.unchanged
        \ ? printf('"%s" unchanged, nothing sent', a:done.address)
        \ : printf('"%s"%s %dB written, revision %s', a:done.address, a:done.created ? ' [New]' : '', a:done.bytes, a:done.mod_revision))
endfunction

let s:writes = 0

function! s:serial() abort
  let s:writes += 1
  return '-' . s:writes
endfunction
