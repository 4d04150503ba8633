" :Etcd changes: what this editor has changed.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Lists the changes in a window, newest first: number, time, what, how many keys. Throws 'etcd: …'.
function! etcd#verb#changes#run(given) abort
  let changes = etcd#host#rpc#request('changes', {}, 'read').changes
  let lines = map(copy(changes), 'printf("%3d  %s  %s: %s", v:val.id, strftime("%H:%M:%S", v:val.at / 1000), v:val.title, v:val.words)')
  call etcd#ui#scratch#show('etcd-changes', empty(lines) ? ['No change is known; the list is as old as the Node process.'] : lines)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
