" :Etcd status: the state of a cluster, as far as the user's rights show it.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:member_columns = ['MEMBER', 'ID', 'ROLE', 'VERSION', 'DB SIZE', 'IN USE', 'TERM', 'LATENCY', 'ENDPOINT', '']

" Shows it for the profile that the argument names; without one, for the buffer's. Throws 'etcd: …'.
function! etcd#verb#status#run(given) abort
  call etcd#verb#status#show(a:given.argument)
endfunction

" The same for the profile that the user calls {title}, or ''.
function! etcd#verb#status#show(title) abort
  let known = etcd#info()
  let profile = a:title !=# '' ? etcd#host#profile#named(a:title) : etcd#host#profile#of(get(known, 'address', 'etcd:'))
  let title = etcd#host#profile#title(profile)
  let here = etcd#buffer#here#note()
  let status = etcd#host#rpc#request('status', {'profile': profile}, 'read')
  call etcd#buffer#here#back(here)
  call etcd#ui#scratch#show('etcd-status ' . title, s:lines(title, status))
  let b:etcd_profile = title
  nnoremap <special> <buffer> <silent> <nowait> R :<C-U>call etcd#verb#status#show(b:etcd_profile)<CR>
endfunction

function! s:lines(title, status) abort
  let alarms = map(copy(get(a:status, 'alarms', [])), 'v:val.alarm . " on " . v:val.member')
  let alarmed = !has_key(a:status, 'alarms') ? 'not known' : empty(alarms) ? 'none' : join(alarms, ', ')
  let head = [['profile', a:title], ['cluster', get(a:status, 'cluster_id', '')], ['revision', get(a:status, 'revision', '')],
        \ ['user', get(a:status, 'user', '')], ['alarms', alarmed],
        \ ['not allowed', join(get(a:status, 'denied', []), ', ')]]
  let lines = s:table(filter(head, 'v:val[1] !=# ""'))
  let endpoints = map(copy(get(a:status, 'endpoints', [])), 's:endpoint(v:val)')
  let members = map(copy(get(a:status, 'members', [])), 's:member(v:val)')
  return lines + [''] + s:table([['ENDPOINT', 'ANSWERS', 'LATENCY', '']] + endpoints)
        \ + (empty(members) ? [] : [''] + s:table([s:member_columns] + members))
endfunction

function! s:endpoint(endpoint) abort
  return [a:endpoint.endpoint, !a:endpoint.reachable ? 'no' : get(a:endpoint, 'in_use', 0) ? 'in use' : 'yes',
        \ s:ms(get(a:endpoint, 'latency_ms', v:null)), get(a:endpoint, 'error', '')]
endfunction

function! s:member(member) abort
  " If a member has not answered itself, nobody knows whether it leads.
  let role = a:member.leader ? 'leader' : a:member.learner ? 'learner' : has_key(a:member, 'raft_term') ? 'follower' : ''
  return [get(a:member, 'name', ''), get(a:member, 'id', ''), role, get(a:member, 'version', ''), s:size(get(a:member, 'db_size', '')),
        \ s:size(get(a:member, 'db_size_in_use', '')), get(a:member, 'raft_term', ''), s:ms(get(a:member, 'latency_ms', v:null)),
        \ get(a:member, 'endpoint', ''), get(a:member, 'error', '')]
endfunction

function! s:ms(ms) abort
  return a:ms is v:null ? '' : printf('%.1f ms', a:ms * 1.0)
endfunction

" {bytes} is a text, like all 64-bit numbers of etcd.
function! s:size(bytes) abort
  let [size, unit] = [str2float(a:bytes), 0]
  while size >= 1024 && unit < 3
    let [size, unit] = [size / 1024, unit + 1]
  endwhile
  return a:bytes !~# '^\d' ? '' : printf(unit ? '%.1f %s' : '%.0f %s', size, ['B', 'KiB', 'MiB', 'GiB'][unit])
endfunction

" Rows of cells in columns. Remote text is made printable first, because that may make it wider.
function! s:table(rows) abort
  let rows = map(copy(a:rows), {_, row -> map(copy(row), {_, cell -> strtrans(cell)})})
  let widths = map(range(len(rows[0])), {_, column -> max(map(copy(rows), {_, row -> strdisplaywidth(row[column])}))})
  let Fill = {column, cell -> cell . repeat(' ', widths[column] - strdisplaywidth(cell))}
  return map(rows, {_, row -> substitute(join(map(row, Fill), '  '), '\s\+$', '', '')})
endfunction

let &cpoptions = s:cpo | unlet s:cpo
