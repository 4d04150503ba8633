" The lease of a buffer's key: how long it lives, and whether the user was asked because of it.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By buffer: the lease in spite of which the user allows writes.
let s:agreed = {}

" The lease of buffer {bufnr}'s key that the user was asked about and has said yes to; '' if there is none.
function! etcd#buffer#lease#agreed(bufnr) abort
  return get(s:agreed, a:bufnr, '')
endfunction

" The user of buffer {bufnr} has said yes to a write in spite of {lease}.
function! etcd#buffer#lease#agree(bufnr, lease) abort
  let s:agreed[a:bufnr] = a:lease
endfunction

" Says {line}, the message about {got}, which was read into the current buffer. After that it says what is known of the key's lease.
" etcd is asked for the lease once the text is there, and the answer is said unless there is something newer to say. 'shortmess' with
" "F", Neovim's default, is about files; who holds the key is said in any case.
function! etcd#buffer#lease#tell(got, line) abort
  if &shortmess !~# 'F'
    call etcd#ui#message#info(a:line)
  endif
  if get(a:got, 'lease', '0') ==# '0' || a:got.past
    return
  endif
  let read = {'buffer': bufnr('%'), 'mod_revision': a:got.mod_revision, 'line': a:line, 'count': etcd#ui#message#count()}
  try
    call etcd#host#rpc#ask('lease', {'name': a:got.address, 'lease': a:got.lease}, function('s:add', [read]))
  catch /^etcd:/
  endtry
endfunction

function! s:add(read, reply) abort
  let is_last = etcd#ui#message#count() == a:read.count && !etcd#ui#idle#busy()
  let is_same = bufnr('%') == a:read.buffer && get(get(b:, 'etcd', {}), 'mod_revision', '') ==# a:read.mod_revision
  if has_key(a:reply, 'ok') && is_last && is_same && !&modified
    call etcd#ui#message#info(a:read.line . ', ' . a:reply.ok.words)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
