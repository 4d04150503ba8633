" :Etcd use: which profile short addresses mean.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" From now on `etcd:/x` is a key of the profile that the argument names. Without an argument, tells which profile it is.
" Throws 'etcd: …' if there is no such profile.
function! etcd#verb#use#run(given) abort
  if a:given.argument !=# ''
    call etcd#host#profile#use(a:given.argument)
  endif
  let used = etcd#host#profile#used()
  let profile = get(etcd#host#settings#profiles(), used, {'endpoints': []})
  call etcd#ui#message#info(printf('etcd: etcd:/ is the profile %s (%s)', etcd#host#profile#title(used), join(profile.endpoints, ', ')))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
