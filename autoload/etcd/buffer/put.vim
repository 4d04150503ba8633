" The text of the current buffer on its way to Node, and the result.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:serial = 0
" The fields that Node compares with. It gave them when the value was read.
let s:base_fields = ['address', 'mod_revision', 'create_revision', 'version', 'lease', 'digest', 'cluster_id', 'seen']

" A name for the file that etcd#buffer#put#send() writes. The caller deletes the file. Throws 'etcd: …'.
function! etcd#buffer#put#file() abort
  let s:serial += 1
  return printf('%s/w%d-%d', etcd#host#body#dir(), localtime(), s:serial)
endfunction

" Puts the current buffer, or its lines {range} ('1,3'), as the value of {target}. {file} is from etcd#buffer#put#file(). {arguments} is
" v:cmdarg. {options}: force and append, v:true or v:false. Returns {'done': what `put` answered, 'state': etcd#buffer#fill#state() of
" the text}, or {'error': the line for the user, 'code': the code, if a put was sent}.
function! etcd#buffer#put#send(target, file, range, arguments, options) abort
  let sent = 0
  " After a wait, nothing tells any more whether a key has led here.
  let typed = etcd#ui#person#typed()
  try
    call etcd#buffer#fill#write(a:file, a:range, a:arguments)
    let state = etcd#buffer#fill#state(bufnr('%'))
    let params = extend({'name': a:target, 'file': a:file, 'unchecked': a:options.force}, a:options)
    let known = get(b:, 'etcd', {})
    if etcd#buffer#document#is(a:target)
      let own = get(known, 'kind', '') ==# 'document' && known.address ==# a:target && a:range ==# '' ? known : {}
      let keep = a:range ==# '' && bufname('%') ==# a:target ? bufnr('%') : 0
      " Some lines of a text, or lines added to it, are never the whole. So with ! they ask nothing, and delete nothing.
      let whole = a:range ==# '' && !get(a:options, 'append', 0)
      return extend(etcd#buffer#document_put#send(a:target, a:file, own, a:options.force, keep, whole), {'state': state})
    endif
    if get(known, 'kind', '') ==# 'key' && !get(known, 'named', 0) && a:range ==# ''
      let params.base = etcd#buffer#put#base(etcd#buffer#merged#known(known), a:options.force)
      let params.json = get(known, 'json', 0) ? v:true : v:false
    endif
    let params.person = etcd#ui#person#present() ? v:true : v:false
    let agreed = etcd#buffer#lease#agreed(bufnr('%'))
    call extend(params, agreed ==# '' ? {} : {'agreed': agreed})
    let profile = etcd#host#profile#of(a:target)
    if etcd#host#profile#has(profile, 'confirm')
      call etcd#ui#confirm#put(params, typed, 'the profile ' . etcd#host#profile#title(profile))
      let params.asked = v:true
    endif
    let sent = 1
    try
      return {'done': etcd#host#rpc#request('put', params, 'write'), 'state': state}
    catch /^etcd:/
      " It was refused at the door, because only Node knows which key wants a question. If nobody can be asked, Node's message says it all.
      if etcd#host#rpc#unasked() is v:null || (!etcd#ui#person#present() && !a:options.force)
        throw v:exception
      endif
    endtry
    let sent = 0
    call etcd#ui#confirm#put(params, typed, 'a rule')
    let params.asked = v:true
    let sent = 1
    return {'done': etcd#host#rpc#request('put', params, 'write'), 'state': state}
  catch /^etcd: interrupted before anything was sent$/
    return {'error': 'etcd: not written: ' . a:target . ': interrupted; nothing was sent, the text is what was read', 'code': ''}
  catch /^etcd:/
    return {'error': sent ? s:outcome(a:target, a:options, v:exception) : v:exception, 'code': sent ? etcd#host#rpc#code() : '',
          \ 'place': etcd#host#rpc#code() ==# 'invalid_value' ? etcd#host#rpc#place() : []}
  catch /^Vim:Interrupt$/
    return sent ? {'error': s:outcome(a:target, a:options, 'etcd: interrupted'), 'code': 'cancelled'}
          \ : {'error': 'etcd: not written: ' . a:target . ': interrupted', 'code': ''}
  catch /^Vim\%((\a\+)\)\=:/
    return {'error': 'etcd: cannot write ' . a:target . ': ' . substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', ''), 'code': ''}
  endtry
endfunction

" What Node compares with, from {known} (b:etcd). If the user knows that another cluster answers, and forces, that cluster is meant.
function! etcd#buffer#put#base(known, force) abort
  let base = filter(copy(a:known), 'index(s:base_fields, v:key) >= 0')
  if a:force && get(a:known, 'foreign', 0)
    let base.cluster_id = ''
  endif
  return base
endfunction

" Puts the cursor on the place that a refused put complains about. {put} is from etcd#buffer#put#send() for the whole current buffer.
function! etcd#buffer#put#point(put) abort
  if !empty(get(a:put, 'place', []))
    call cursor(a:put.place)
  endif
endfunction

" What to say after the word about a write. {done} is what `put` answered.
function! etcd#buffer#put#doubt(done) abort
  return has_key(a:done, 'broken') ? '; it was JSON, and is none any more: ' . a:done.broken : ''
endfunction

" {error} in words of a write. If nobody has said what became of it, the outcome is unknown.
function! s:outcome(target, options, error) abort
  let why = matchstr(a:error, '^etcd: \zs\%(interrupted\|the host process \%(needs\)\@!\|no answer from the host\)[^;]*')
  return why ==# '' ? a:error : printf('etcd: do not know whether %s was written: %s; the text is still here, %s', a:target, why,
        \ get(a:options, 'append', v:false) ? 'look at the key before you append again' : ':w tries again')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
