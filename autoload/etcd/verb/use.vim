" :Etcd use: which profile short addresses mean.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" From now on `etcd:/x` is a key of the profile that the argument names. Without an argument, it says which profile that is. Throws
" 'etcd: …' if there is no such profile, or if the settings are wrong.
function! etcd#verb#use#run(given) abort
  if a:given.argument !=# ''
    call etcd#host#profile#use(a:given.argument)
  endif
  " A vimrc may have this command, and Node is not started for it.
  if etcd#host#job#status() !=# ''
    call etcd#host#rpc#request('canonical', {'name': 'etcd:'}, 'read')
  endif
  let used = etcd#host#profile#used()
  let endpoints = join(etcd#host#profile#told(used).endpoints, ', ')
  let where = endpoints ==# '' ? '' : ' (' . endpoints . ')'
  call etcd#ui#message#info('etcd: etcd:/ is the profile ' . etcd#host#profile#title(used) . where)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
