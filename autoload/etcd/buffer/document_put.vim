" The text of a document on its way to Node. It becomes a plan, which is shown, asked about and applied.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Writes the text in {file} to the document {target}: makes the plan, asks, and applies it. Returns the same as etcd#buffer#put#send(),
" without `state`.
"   own    b:etcd if the text is what was read from there, else {}
"   force  asks nothing
"   keep   the buffer that is that document from now on, or 0
"   whole  the text is a whole document, so that {force} makes the prefix equal to it
function! etcd#buffer#document_put#send(target, file, own, force, keep, whole) abort
  let sent = 0
  try
    let params = {'name': a:target, 'file': a:file, 'force': a:force && a:whole ? v:true : v:false}
    if !empty(a:own)
      let params.base = {'id': etcd#buffer#document#base(a:keep), 'cluster_id': a:own.cluster_id, 'seen': a:own.seen}
    endif
    let shown = etcd#plan#run#make('document_plan', params)
    if has_key(shown, 'wanted')
      let shown = s:make_with_base(params, a:keep, a:file . '.base')
    endif
    if shown.plan == 0
      return {'done': s:done(shown.address, a:keep, {'keys': 0, 'revision': '0', 'atomic': v:true})}
    endif
    " If somebody is there to look, what a forced import deletes is shown.
    let is_shown = empty(a:own) && shown.counts.delete > 0 && etcd#ui#person#present()
    if !etcd#plan#run#ask(shown, a:force && !is_shown)
      return {'error': 'etcd: not written: ' . a:target . ': you have not said yes; the text is still here', 'code': ''}
    endif
    let sent = 1
    return {'done': s:done(shown.address, a:keep, etcd#plan#run#apply(shown))}
  catch /^etcd:/
    return {'error': v:exception, 'code': sent ? 'internal' : etcd#host#rpc#code()}
  catch /^Vim:Interrupt$/
    return sent ? {'error': 'etcd: do not know whether ' . a:target . ' was written: interrupted; :w tries again', 'code': 'cancelled'}
          \ : {'error': 'etcd: not written: ' . a:target . ': interrupted', 'code': ''}
  endtry
endfunction

" Makes the plan once more, with what was read into buffer {bufnr} in {file}: Node was started anew, or does not have it any more.
function! s:make_with_base(params, bufnr, file) abort
  let a:params.base.file = a:file
  try
    call etcd#buffer#document#give_base(a:bufnr, a:file)
    return etcd#plan#run#make('document_plan', a:params)
  finally
    call delete(a:file)
  endtry
endfunction

" What is known of the document from now on, in buffer {keep}; 0 is no buffer.
function! s:done(target, keep, done) abort
  " The plan has already said what was written.
  let told = a:done.keys == 0 ? printf('"%s" unchanged, nothing sent', a:target) : ''
  let known = {'kind': 'document', 'address': a:target, 'told': told}
  if !a:keep
    return known
  endif
  let params = {'name': a:target, 'revision': a:done.revision, 'atomic': a:done.atomic}
  try
    call extend(known, etcd#host#rpc#request('document_written', params, 'write'))
  catch /^etcd:/
    " The text was written in spite of that. The next :w says that it knows no base.
  endtry
  call etcd#buffer#document#keep_base(a:keep, get(known, 'base', {}))
  return a:done.keys == 0 ? known : extend(known, {'revision': a:done.revision})
endfunction

let &cpoptions = s:cpo | unlet s:cpo
