" The kinds of buffers: what b:etcd holds in each, and which options each gets. Only this file writes b:etcd; the linter checks that.
" All others read it, with a default: get(b:, 'etcd', {}).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:Heard = {-> 0}

" What is known of a value: what a write compares with, and what a status line may show.
" named: :file or :write gave it its name, so nothing was read. torn: the text is not the one that was read. foreign: another cluster
" answers.
" base_revision: what was read before a diff. merged: the base before a merge, and the change of the text that the merge was.
" note: what a rule of the profile says of the key. gone: how the key ended at that revision of the past. newer: the revision of a
" change that the text does not have.
let s:value = ['address', 'bytes', 'mod_revision', 'create_revision', 'version', 'lease', 'cluster_id', 'seen', 'digest', 'past', 'gone',
      \ 'json', 'readonly', 'note', 'stale', 'named', 'torn', 'foreign', 'base_revision', 'merged', 'newer']
let s:document = ['address', 'format', 'keys', 'bytes', 'revision', 'cluster_id', 'seen', 'past', 'readonly', 'stale', 'scoped',
      \ 'torn', 'newer']
" partial: not all names are there. filling: more are on their way. scoped: only what the user's roles allow to see.
let s:listing = ['address', 'revision', 'count', 'cluster_id', 'partial', 'filling', 'stale', 'scoped', 'old_data', 'newer']
" torn: it is no longer known what the numbers stand for.
let s:edit = ['address', 'revision', 'count', 'cluster_id', 'seen', 'readonly', 'scoped', 'torn', 'newer']
" Without 'acwrite', a write without our autocommands would go to the disk (E676).
let s:editable = [['buftype', 'acwrite'], ['modeline', 0], ['fixendofline', 0]]
let s:ours = [['buftype', 'acwrite'], ['swapfile', 0], ['undofile', 0], ['modeline', 0]]
let s:open = [['modifiable', 1], ['readonly', 0]]
let s:locked = [['readonly', 1], ['modifiable', 0]]

" kind: the value of b:etcd.kind. starts: fields that it begins with. holds: fields that it may have. before: options that are set
" before the buffer is filled. after: options that are set after that. more: for a listing, options that are set before names are added
" to it.
let s:kinds = {
      \ 'value': {'kind': 'key', 'starts': {}, 'holds': s:value, 'before': s:editable, 'after': []},
      \ 'new': {'kind': 'key', 'starts': {'mod_revision': '0', 'digest': ''}, 'holds': s:value, 'before': s:editable, 'after': []},
      \ 'named': {'kind': 'key', 'starts': {'mod_revision': '0', 'digest': '', 'cluster_id': '', 'named': 1}, 'holds': s:value,
      \   'before': s:editable, 'after': []},
      \ 'document': {'kind': 'document', 'starts': {}, 'holds': s:document, 'before': s:editable, 'after': []},
      \ 'listing': {'kind': 'prefix', 'starts': {}, 'holds': s:listing,
      \   'before': s:ours + s:open, 'more': s:open, 'after': [['modified', 0]] + s:locked},
      \ 'edit': {'kind': 'edit', 'starts': {}, 'holds': s:edit, 'before': s:ours + s:open, 'after': []},
      \ 'failed': {'kind': 'failed', 'starts': {}, 'holds': ['error', 'code'], 'before': s:ours + s:locked, 'after': []},
      \ 'scratch': {'kind': '', 'starts': {}, 'holds': [], 'after': [], 'before': [['buftype', 'nofile'], ['bufhidden', 'wipe'],
      \   ['swapfile', 0], ['undofile', 0], ['buflisted', 0], ['modeline', 0]]},
      \ }

" Buffer {bufnr} is of {kind} from now on. {known} gives the fields of b:etcd. Fields that the kind does not hold are left out.
function! etcd#buffer#kind#become(bufnr, kind, known) abort
  let row = s:kinds[a:kind]
  let fields = filter(copy(a:known), 'index(row.holds, v:key) >= 0')
  call setbufvar(a:bufnr, 'etcd', extend(extend({'kind': row.kind}, row.starts), fields))
endfunction

" Sets the options of {kind} in buffer {bufnr}. {moment}: 'before', 'after' or 'more', as in the table.
function! etcd#buffer#kind#set_options(bufnr, kind, moment) abort
  for [name, value] in s:kinds[a:kind][a:moment]
    call setbufvar(a:bufnr, '&' . name, value)
  endfor
endfunction

" Removes the fields {gone} from b:etcd of buffer {bufnr}, and adds {changes}. Returns the new b:etcd. A buffer without one gets none.
function! etcd#buffer#kind#change(bufnr, changes, gone) abort
  let known = getbufvar(a:bufnr, 'etcd', {})
  if has_key(a:changes, 'address') || index(a:gone, 'named') >= 0
    call s:Heard()
  endif
  return extend(filter(known, 'index(a:gone, v:key) < 0'), a:changes)
endfunction

" From now on {Heard} is called when a buffer is about another key, or gets a base, without being read.
function! etcd#buffer#kind#listen(Heard) abort
  let s:Heard = a:Heard
endfunction

" b:etcd of buffer {bufnr} is {known} again, as it was before.
function! etcd#buffer#kind#put_back(bufnr, known) abort
  call setbufvar(a:bufnr, 'etcd', a:known)
endfunction

" The current buffer has no kind any more.
function! etcd#buffer#kind#leave() abort
  unlet! b:etcd
endfunction

let &cpoptions = s:cpo | unlet s:cpo
