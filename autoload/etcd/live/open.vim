" Tells Node what this editor has open, and Node watches it.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:timer = 0
" Node is told so many ms after the first of several changes. If a script opens one buffer after the other, doing it at once would fall into
" the middle of the next command.
let s:put_off = 20
" The addresses that Node was last told, and whether the values below each are shown.
let s:told = {}

" A buffer of ours was read, renamed or unloaded. If the set of addresses has changed, Node is told after the command is over. What was put
" off is looked at again, because a listing may have been read as a whole meanwhile.
function! etcd#live#open#changed() abort
  call etcd#buffer#kind#listen(function('etcd#live#open#changed'))
  if !s:timer && (!empty(s:told) || etcd#live#wanted#anywhere())
    let s:timer = timer_start(s:put_off, {-> s:tell()})
  endif
endfunction

function! s:tell() abort
  let s:timer = 0
  call etcd#live#hear#again()
  let [open, wanted] = [{}, {}]
  for info in getbufinfo({'bufloaded': 1})
    let known = get(info.variables, 'etcd', {})
    if s:can_change(known) && s:is_wanted(wanted, known.address)
      let values = etcd#listing#columns#are_shown(info.bufnr) ? v:true : v:false
      let open[known.address] = {'name': known.address, 'revision': s:revision(known), 'values': values}
    endif
  endfor
  let told = map(copy(open), 'v:val.values')
  if told ==# s:told
    return
  endif
  let s:told = told
  call etcd#host#event#listen('open', function('s:hear'))
  try
    call etcd#host#rpc#ask('watch', {'open': values(open)}, function('s:answered'))
  catch /^etcd:/
    let s:told = {}
  endtry
endfunction

" Whether the profile of {address} is watched. {wanted} keeps the answers, because there may be a hundred buffers.
function! s:is_wanted(wanted, address) abort
  let profile = etcd#host#profile#of(a:address)
  if !has_key(a:wanted, profile)
    let a:wanted[profile] = etcd#live#wanted#of(a:address)
  endif
  return a:wanted[profile]
endfunction

" A buffer that shows the past does not change, and one that was only named has nothing to follow.
function! s:can_change(known) abort
  let kind = get(a:known, 'kind', '')
  return index(['key', 'document', 'prefix', 'edit'], kind) >= 0 && !get(a:known, 'past', 0) && !get(a:known, 'named', 0)
        \ && get(a:known, 'address', '?rev=') !~# '[?&]rev='
endfunction

" How far the cluster was when the text was read.
function! s:revision(known) abort
  let seen = matchstr(get(a:known, 'seen', ''), '^\d\+')
  return seen !=# '' ? seen : get(a:known, 'mod_revision', get(a:known, 'revision', '0'))
endfunction

function! s:answered(reply) abort
  if has_key(a:reply, 'err')
    let s:told = {}
  endif
endfunction

" If {event} is 'lost', Node has ended, and the next one is told everything again. If it is 'listed', a listing is complete.
function! s:hear(event) abort
  if a:event.event ==# 'lost'
    let s:told = {}
  elseif index(['changed', 'deleted', 'resync'], a:event.event) >= 0
    call etcd#live#hear#event(a:event)
  elseif a:event.event ==# 'listed'
    call etcd#live#hear#again()
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
