" :Etcd leases: keys that live only for a while.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Shows the leases of the profile that the argument names; without one, of the buffer's. Throws 'etcd: …'.
function! etcd#verb#leases#run(given) abort
  let known = etcd#info()
  let title = a:given.argument
  call s:show(title !=# '' ? etcd#host#profile#named(title) : etcd#host#profile#of(get(known, 'address', 'etcd:')))
endfunction

function! s:show(profile) abort
  let here = etcd#buffer#here#note()
  let leases = etcd#host#rpc#request('leases', {'profile': a:profile}, 'list').leases
  call etcd#buffer#here#back(here)
  let head = empty(leases) ? 'no leases' : printf('%-17s %8s %8s %6s  %s', 'LEASE', 'TTL', 'GRANTED', 'KEYS', '')
  call etcd#ui#scratch#show('etcd-leases ' . etcd#host#profile#title(a:profile), [head] + map(copy(leases), 's:line(v:val)'))
  let b:etcd_profile = a:profile
  nnoremap <special> <buffer> <silent> <nowait> R :<C-U>call etcd#verb#leases#again()<CR>
  nnoremap <special> <buffer> <silent> <nowait> D :<C-U>call etcd#verb#leases#revoke()<CR>
endfunction

function! s:line(lease) abort
  let names = join(a:lease.keys, ' ') . (a:lease.count > len(a:lease.keys) ? ' …' : '')
  return printf('%-17s %8d %8d %6d  %s', a:lease.id, a:lease.ttl, a:lease.granted, a:lease.count, names)
endfunction

" Lists them again.
function! etcd#verb#leases#again() abort
  let line = line('.')
  try
    call s:show(b:etcd_profile)
    call cursor(line, 1)
  catch /^etcd:/
    call etcd#ui#message#error(v:exception)
  endtry
endfunction

" Ends the lease under the cursor, after a question that names the keys that are deleted with it.
function! etcd#verb#leases#revoke() abort
  let id = matchstr(getline('.'), '^\x\+\ze\s')
  if id ==# ''
    return
  endif
  let [here, typed] = [etcd#buffer#here#note(), etcd#ui#person#typed()]
  try
    call s:revoke(b:etcd_profile, id, typed)
    if etcd#buffer#here#back(here)
      call etcd#verb#leases#again()
    endif
  catch /^etcd:/
    call etcd#ui#message#error(v:exception)
  endtry
endfunction

function! s:revoke(profile, id, typed) abort
  if etcd#host#profile#has(a:profile, 'readonly')
    throw printf('etcd: not revoked: %s: profile %s is read-only', a:id, etcd#host#profile#title(a:profile))
  endif
  let lease = etcd#host#rpc#request('leases', {'profile': a:profile, 'id': a:id}, 'read').leases[0]
  if lease.ttl < 0
    throw printf('etcd: lease %s has ended, and its keys went with it', a:id)
  endif
  if has_key(lease, 'refused')
    throw printf('etcd: not revoked: %s: %s', a:id, lease.refused)
  endif
  let lines = lease.notes + (empty(lease.keys) ? ['No key goes with it.'] : map(copy(lease.keys), '"delete " . v:val'))
  call etcd#ui#confirm#keys(a:profile, lines, 'Revoke lease ' . a:id, 'not revoked: ' . a:id, a:typed)
  call etcd#host#rpc#request('revoke', {'profile': a:profile, 'id': a:id, 'keys': lease.keys, 'asked': v:true}, 'write')
  call etcd#ui#message#info(printf('etcd: revoked lease %s: %d key%s', a:id, lease.count, lease.count == 1 ? '' : 's'))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
