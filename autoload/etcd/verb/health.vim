" :checkhealth etcd and :Etcd health.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" What is well and what is not: a list of [level, text]. The level is ok, info, warn or error.
function! etcd#verb#health#lines() abort
  let editor = has('nvim') ? 'Neovim ' . matchstr(execute('version'), 'NVIM v\zs[0-9.]*')
        \ : printf('Vim %d.%d.%04d', v:version / 100, v:version % 100, v:versionlong % 10000)
  let lines = [['info', editor]]
  try
    call add(lines, ['ok', 'Node.js is ' . etcd#host#job#node()])
    for line in etcd#host#rpc#request('health', {}, 'write').lines
      call add(lines, [line.level, line.text])
    endfor
    call add(lines, ['info', 'bodies cross in ' . etcd#host#body#dir()])
  catch /^etcd:/
    call add(lines, ['error', v:exception])
  endtry
  if $ETCDCTL_DISCOVERY_SRV !=# ''
    call add(lines, ['warn', '$ETCDCTL_DISCOVERY_SRV is not looked up: $ETCDCTL_ENDPOINTS or g:etcd.endpoints say where etcd is'])
  endif
  if !has('nvim') && &encoding !=# 'utf-8'
    call add(lines, ['warn', "'encoding' is " . &encoding . ': values that are not in it open as binary; set encoding=utf-8'])
  endif
  return lines
endfunction

" The same in a window.
function! etcd#verb#health#run(given) abort
  call etcd#ui#scratch#show('etcd-health', map(etcd#verb#health#lines(), 'printf("%-5s %s", toupper(v:val[0]), v:val[1])'))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
