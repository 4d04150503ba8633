" The changes that the keys of a listing make.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Deletes what lines {first} to {last} name.
function! etcd#listing#change#delete(first, last) abort
  call s:do('remove', a:first, a:last, {})
endfunction

" Asks for a new name, and moves what lines {first} to {last} name there. With {copy} it copies instead.
function! etcd#listing#change#rename(first, last, copy) abort
  let old = a:first == a:last ? etcd#listing#view#address(a:first) : get(get(b:, 'etcd', {}), 'address', '')
  if old ==# ''
    return
  endif
  let new = input(a:copy ? 'Copy to: ' : 'Rename to: ', old, 'customlist,etcd#verb#complete#address')
  redraw
  if new !=# '' && new !=# old
    call s:run({-> s:do('rename', a:first, a:last, {'to': s:named(new), 'copy': a:copy ? v:true : v:false})})
  endif
endfunction

" {word} as it was typed, in full. A bare name is in the cluster of the listing.
function! s:named(word) abort
  return a:word =~# '^/' ? 'etcd://' . etcd#host#profile#of(b:etcd.address) . a:word : etcd#plan#names#address(a:word)
endfunction

" Takes the last change back.
function! etcd#listing#change#undo() abort
  call s:run(function('etcd#plan#run#do', ['undo', {}, 0]))
endfunction

function! s:do(method, first, last, params) abort
  call s:run({-> etcd#plan#run#do(a:method, extend({'names': etcd#plan#names#lines(a:first, min([a:last, line('$')]))}, a:params), 0)})
endfunction

" A key has nobody to throw to, so errors are shown here.
function! s:run(Work) abort
  try
    call a:Work()
  catch /^etcd:/
    call etcd#ui#message#error(v:exception)
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
