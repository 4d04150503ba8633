" The text of the current buffer on its way to Node, and what became of it.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:serial = 0
" What Node compares with, of what it gave when the value was read.
let s:base_fields = ['address', 'mod_revision', 'create_revision', 'version', 'lease', 'digest', 'cluster_id', 'seen']

" A name for the file that etcd#put#send() writes; whoever asks for it deletes the file. Throws 'etcd: …'.
function! etcd#put#file() abort
  let s:serial += 1
  return printf('%s/w%d-%d', etcd#job#dir(), localtime(), s:serial)
endfunction

" Puts the current buffer, or its lines {range} ('1,3'), as the value of {target}. {file}: etcd#put#file(). {arguments}: v:cmdarg.
" {options}: force and append, v:true or v:false. Returns {'done': what `put` answered, 'state': etcd#fill#state() of the text}, or
" {'error': the line for the user, 'code': of a put that was sent}.
function! etcd#put#send(target, file, range, arguments, options) abort
  let sent = 0
  try
    call etcd#fill#write(a:file, a:range, a:arguments)
    let state = etcd#fill#state(bufnr('%'))
    let params = extend({'name': a:target, 'file': a:file}, a:options)
    let known = get(b:, 'etcd', {})
    if get(known, 'kind', '') ==# 'key' && !get(known, 'named', 0) && a:range ==# ''
      let params.base = etcd#put#base(known, a:options.force)
    endif
    if etcd#profile#has(etcd#profile#of(a:target), 'confirm')
      call etcd#confirm#put(params)
    endif
    let sent = 1
    return {'done': etcd#rpc#request('put', params, 'write'), 'state': state}
  catch /^etcd:/
    return {'error': sent ? s:outcome(a:target, a:options, v:exception) : v:exception, 'code': sent ? etcd#rpc#code() : ''}
  catch /^Vim:Interrupt$/
    return sent ? {'error': s:outcome(a:target, a:options, 'etcd: interrupted'), 'code': 'cancelled'}
          \ : {'error': 'etcd: not written: ' . a:target . ': interrupted', 'code': ''}
  catch /^Vim\%((\a\+)\)\=:/
    return {'error': 'etcd: cannot write ' . a:target . ': ' . substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', ''), 'code': ''}
  endtry
endfunction

" What Node compares with, of {known} (b:etcd). Whoever knows that another cluster answers there, and forces, means that one.
function! etcd#put#base(known, force) abort
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

let &cpoptions = s:cpo | unlet s:cpo
