" What the user has set: g:etcd and the ETCDCTL_* environment. Read at every use, so a change holds at once.
scriptencoding utf-8

let s:timeout = {'read': 5000, 'write': 15000, 'list': 60000, 'complete': 2000}

" The value of g:etcd[name], or the default.
function! etcd#settings#get(name, default) abort
  let settings = get(g:, 'etcd', {})
  return type(settings) == v:t_dict ? get(settings, a:name, a:default) : a:default
endfunction

" ms that a request may take. {kind} is 'read', 'write', 'list' or 'complete'.
function! etcd#settings#timeout(kind) abort
  let own = etcd#settings#get('timeout', {})
  let ms = type(own) == v:t_dict ? get(own, a:kind, 0) : 0
  return type(ms) == v:t_number && ms > 0 ? ms : s:timeout[a:kind]
endfunction

" Where the clusters are, by profile; '' is the default one. What `configure` of src/rpc/protocol.ts takes.
" $ETCDCTL_ENDPOINTS wins over g:etcd.endpoints: the one belongs to a shell, the other to a vimrc.
function! etcd#settings#profiles() abort
  let own = etcd#settings#get('endpoints', ['127.0.0.1:2379'])
  let profiles = {'': {'endpoints': s:list($ETCDCTL_ENDPOINTS !=# '' ? $ETCDCTL_ENDPOINTS : own)}}
  for [name, profile] in items(etcd#settings#get('profiles', {}))
    let profiles[name] = {'endpoints': s:list(get(profile, 'endpoints', []))}
  endfor
  return profiles
endfunction

function! s:list(endpoints) abort
  return type(a:endpoints) == v:t_string ? split(a:endpoints, '\s*,\s*') : a:endpoints
endfunction
