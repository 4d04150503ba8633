" :Etcd ttl: how long keys live.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Gives the key of the buffer, or those on the lines of a listing, one new lease for as many seconds as the argument says. 0 removes the
" lease. The values stay. If the profile or a key has `confirm`, it asks, even with ! if somebody is there. If somebody may keep a lease
" alive, it asks without !. Throws 'etcd: …'.
function! etcd#verb#ttl#run(given) abort
  if a:given.argument !~# '^\d\{1,10}$'
    throw 'etcd: :Etcd ttl takes seconds; 0 takes the lease off'
  endif
  let names = etcd#plan#names#given([], a:given.range)
  let what = a:given.argument ==# '0' ? 'no lease' : 'TTL ' . a:given.argument . ' s'
  let here = etcd#buffer#here#note()
  let present = etcd#ui#person#present()
  let params = {'names': names, 'ttl': str2nr(a:given.argument), 'open': etcd#plan#buffers#open(),
        \ 'asked': a:given.bang && !present ? v:true : v:false, 'force': a:given.bang ? v:true : v:false,
        \ 'person': present ? v:true : v:false}
  let done = s:do(params, what)
  call etcd#buffer#here#back(here)
  if !done.keys
    return etcd#ui#message#info('etcd: no lease was attached, so there is nothing to take off')
  endif
  call etcd#plan#run#tell(what, done, etcd#plan#buffers#settle(done.fates, []))
endfunction

" Does it. If Node has refused it because nobody was asked, it first asks whether the keys of {params} may get {what}.
function! s:do(params, what) abort
  let typed = etcd#ui#person#typed()
  try
    return etcd#host#rpc#request('ttl', a:params, 'write')
  catch /^etcd:/
    if etcd#host#rpc#unasked() is v:null
      throw v:exception
    endif
  endtry
  let names = map(copy(a:params.names), 'v:val.name')
  let question = printf('Give %d key%s %s', len(names), len(names) == 1 ? '' : 's', a:what)
  let profile = etcd#host#profile#of(names[0])
  call etcd#ui#confirm#keys(profile, etcd#host#rpc#unasked() + names, question, 'not done: ttl', typed)
  return etcd#host#rpc#request('ttl', extend(a:params, {'asked': v:true}), 'write')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
