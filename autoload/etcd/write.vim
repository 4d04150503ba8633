" BufWriteCmd, FileWriteCmd, FileAppendCmd: bytes into etcd by compare-and-put (:h BufWriteCmd, :h writing.txt).
scriptencoding utf-8

" What Node compares with, of what it gave when the value was read.
let s:base_fields = ['address', 'mod_revision', 'create_revision', 'lease', 'digest', 'cluster_id']

" The whole buffer to the address that the autocommand gives ({afile}, {amatch}), its own or another.
" Returns a command for :execute: nothing, or the error.
" On any failure the buffer stays 'modified' and its text untouched, so :wq, :x and :wall stay in the editor.
function! etcd#write#buffer(afile, amatch) abort
  let name = etcd#name#given(a:afile, a:amatch)
  let own = s:is_own(name)
  let base = get(b:, 'etcd', {})
  if own && get(base, 'kind', 'key') !=# 'key'
    return etcd#message#raise(base.kind ==# 'failed'
          \ ? 'etcd: cannot write ' . name . ': it could not be read, so there is nothing to compare with; :e! tries again'
          \ : 'etcd: cannot write ' . name . ': a listing is not written; write to the name of a key')
  endif
  if own && !has_key(b:, 'etcd') && !v:cmdbang && &endofline && !&binary
    " Named by :file or :write just now, so this is a new key like any other.
    setlocal nofixendofline
  endif
  let [arguments, force] = [v:cmdarg, v:cmdbang]
  let target = own ? bufname('%') : name
  call etcd#event#fire('BufWritePre', target)
  let [done, error] = s:put(target, '', arguments, {'force': force ? v:true : v:false}, base)
  if error !=# ''
    if own
      call s:keep()
    endif
    return etcd#message#raise(error)
  endif
  if own || done.address ==# bufname('%')
    call s:settle(done)
  endif
  call etcd#event#fire('BufWritePost', own ? bufname('%') : name)
  call s:tell(done)
  call etcd#event#user('EtcdWritePost')
  return ''
endfunction

" Lines '[ to '] to the address that the autocommand gives, or, with {append}, behind the value that is there.
function! etcd#write#lines(afile, amatch, append) abort
  let name = etcd#name#given(a:afile, a:amatch)
  let [arguments, force] = [v:cmdarg, v:cmdbang]
  call etcd#event#fire(a:append ? 'FileAppendPre' : 'FileWritePre', name)
  let options = {'append': a:append ? v:true : v:false, 'force': force ? v:true : v:false}
  let [done, error] = s:put(name, line("'[") . ',' . line("']"), arguments, options, get(b:, 'etcd', {}))
  if error !=# ''
    return etcd#message#raise(error)
  endif
  call etcd#event#fire(a:append ? 'FileAppendPost' : 'FileWritePost', name)
  call s:tell(done)
  return ''
endfunction

" [what `put` answered, ''] or [{}, the line for the user]
function! s:put(name, range, arguments, options, base) abort
  let file = ''
  try
    let file = etcd#job#dir() . '/w' . localtime() . s:serial()
    call etcd#fill#write(file, a:range, a:arguments)
    let params = extend({'name': a:name, 'file': file}, a:options)
    if get(a:base, 'kind', '') ==# 'key' && a:range ==# ''
      let params.base = filter(copy(a:base), 'index(s:base_fields, v:key) >= 0')
    endif
    if etcd#profile#has(etcd#profile#of(a:name), 'confirm')
      call etcd#confirm#put(params)
    endif
    return [etcd#rpc#request('put', params, 'write'), '']
  catch /^etcd: interrupted/
    return [{}, 'etcd: do not know whether ' . a:name . ' was written: interrupted; the text is still here, :w tries again']
  catch /^etcd:/
    return [{}, v:exception]
  catch /^Vim\%((\a\+)\)\=:/
    return [{}, 'etcd: cannot write ' . a:name . ': ' . substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', '')]
  finally
    call delete(file)
  endtry
endfunction

" What etcd does not hold, or may not, is 'modified', also where nothing was typed; and what another cluster answers for is only
" to be looked at.
function! s:keep() abort
  if index(['conflict', 'outcome_unknown', 'cancelled', 'timeout', 'cluster_changed'], etcd#rpc#code()) >= 0
    setlocal modified
  endif
  if etcd#rpc#code() ==# 'cluster_changed'
    setlocal readonly
    let b:etcd.foreign = v:true
  endif
endfunction

" The buffer holds what etcd holds.
function! s:settle(done) abort
  let before = get(b:, 'etcd', {})
  let b:etcd = extend(get(before, 'address', '') ==# a:done.address ? copy(before) : {},
        \ extend({'kind': 'key', 'past': v:false}, filter(copy(a:done), 'v:key !=# "unchanged" && v:key !=# "created"')))
  if bufname('%') !=# a:done.address
    call etcd#name#settle(a:done.address)
  endif
  setlocal nomodified noswapfile noundofile nomodeline
endfunction

function! s:tell(done) abort
  call etcd#message#info(a:done.unchanged
        \ ? printf('"%s" unchanged, nothing sent', a:done.address)
        \ : printf('"%s"%s %dB written, revision %s', a:done.address, a:done.created ? ' [New]' : '', a:done.bytes, a:done.mod_revision))
endfunction

function! s:is_own(name) abort
  return a:name ==# bufname('%') || a:name ==# fnamemodify(bufname('%'), ':p')
endfunction

let s:writes = 0

function! s:serial() abort
  let s:writes += 1
  return '-' . s:writes
endfunction
