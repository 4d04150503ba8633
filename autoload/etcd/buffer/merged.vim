" A merge puts what etcd holds into the text of a buffer, and makes it the base of the next write. Undo takes that out of the text again.
" Then the base is what it was before, because a write may not overwrite changes of others that the text does not have.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The fields of b:etcd that make up a base.
let s:fields = ['mod_revision', 'create_revision', 'version', 'lease', 'digest', 'cluster_id', 'seen', 'base_revision', 'merged']

" The current buffer was merged just now; {before} is a copy of what b:etcd was.
function! etcd#buffer#merged#note(before) abort
  let before = filter(a:before, 'index(s:fields, v:key) >= 0')
  call etcd#buffer#kind#change(bufnr('%'), {'merged': {'change': undotree().seq_cur, 'before': before}}, [])
endfunction

" {known}, b:etcd of the current buffer, with the base that its text has by now.
function! etcd#buffer#merged#known(known) abort
  let merged = get(a:known, 'merged', {})
  if empty(merged) || s:is_done(merged.change)
    return a:known
  endif
  return etcd#buffer#merged#known(extend(filter(copy(a:known), 'index(s:fields, v:key) < 0'), merged.before))
endfunction

" Whether the text of the current buffer has that {change} in it: undo has not gone back before it, nor to another branch. A change that
" is too old to be undone is in it.
function! s:is_done(change) abort
  let tree = undotree()
  let line = map(copy(tree.entries), 'v:val.seq')
  return a:change < get(line, 0, a:change + 1) || (a:change <= tree.seq_cur && index(line, a:change) >= 0)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
