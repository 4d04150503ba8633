" The text of a buffer becomes what etcd holds now, as with 'autoread'. Nothing that the user has in it is lost.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" {got} is what etcd holds of the key of {bufnr} (src/host/methods/theirs.ts). It was asked for because of {event}.
function! etcd#live#follow#value(bufnr, event, got) abort
  let known = getbufvar(a:bufnr, 'etcd')
  let event = copy(a:event)
  if a:got.foreign
    return etcd#live#told#once(a:bufnr, event, 'foreign', 'is of another cluster now; :e! reads it')
  elseif type(a:got.theirs) != v:t_dict
    if known.mod_revision !=# '0'
      call etcd#live#told#once(a:bufnr, event, 'deleted', printf('was deleted at revision %s; :w! writes it again', event.revision))
      call etcd#live#told#fire(a:bufnr, event, 0)
    endif
    return
  endif
  let theirs = a:got.theirs
  let event.revision = theirs.mod_revision
  if !etcd#live#told#is_newer(theirs.mod_revision, known.mod_revision)
    return
  endif
  let follows = s:may(a:bufnr, known) && s:take(a:bufnr, theirs)
  if !follows && !etcd#plan#buffers#is_due(a:bufnr)
    let size = getfsize(theirs.file)
    let advice = getbufvar(a:bufnr, '&modified') ? ':Etcd diff shows both' : ':e shows it'
    let words = printf('was changed: revision %s, %d bytes; %s', theirs.mod_revision, size, advice)
    call etcd#live#told#once(a:bufnr, event, 'changed', words)
  endif
  call etcd#live#told#fire(a:bufnr, event, follows)
endfunction

" Whether buffer {bufnr} may follow at all: the user has not changed its text, and it was read whole.
function! s:may(bufnr, known) abort
  return getbufvar(a:bufnr, '&autoread') && !getbufvar(a:bufnr, '&modified') && a:known.mod_revision !=# '0'
        \ && !get(a:known, 'stale', 0) && !get(a:known, 'foreign', 0) && etcd#host#directory#is_private()
endfunction

function! s:take(bufnr, theirs) abort
  let state = {'follows': 0}
  call etcd#buffer#here#visit(a:bufnr, function('s:become', [state, a:theirs]))
  return state.follows
endfunction

" The current buffer becomes {theirs}. It is 'modified' from the first changed line until all is done. So if anything ends this too
" early, the text and its base still belong together.
function! s:become(state, theirs) abort
  if &modified || !etcd#buffer#proof#holds()
    return
  endif
  let [lines, ends] = s:lines(a:theirs)
  if empty(lines)
    return
  endif
  let [modifiable, readonly, before] = [&l:modifiable, &l:readonly, &l:endofline]
  noautocmd setlocal modifiable noreadonly
  try
    call etcd#buffer#lines#become(bufnr('%'), lines)
    let &l:endofline = ends
    if !etcd#buffer#fill#holds(a:theirs.file, '')
      silent undo
      let &l:endofline = before
      return
    endif
    let gone = ['base_revision', 'merged', 'gone', 'newer', 'file', 'plain', 'create_revision', 'version', 'lease']
    let kept = filter(copy(b:etcd), 'index(gone, v:key) < 0')
    let known = extend(extend(kept, a:theirs), {'bytes': getfsize(a:theirs.file)})
    call etcd#buffer#kind#become(bufnr('%'), 'value', known)
    call etcd#buffer#fill#read_anew()
    let a:state.follows = 1
  finally
    noautocmd let &l:modifiable = modifiable
    noautocmd let &l:readonly = readonly
  endtry
endfunction

" [lines, 'endofline'] of the file of {theirs}, as the current buffer would hold them with its options; [[], 0] if it cannot.
function! s:lines(theirs) abort
  let is_text = a:theirs.plain && &encoding ==# 'utf-8' && &fileencoding =~? '^\%(utf-8\)\=$' && !&bomb && &fileformat ==# 'unix'
  if !&binary && !is_text
    return [[], 0]
  endif
  let lines = readfile(a:theirs.file, 'b')
  if empty(lines)
    return [[''], 0]
  endif
  let ends = len(lines) > 1 && lines[-1] ==# ''
  return [ends ? lines[:-2] : lines, ends]
endfunction

let &cpoptions = s:cpo | unlet s:cpo
