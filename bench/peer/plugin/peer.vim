" A minimal peer of etcd.vim on Neovim's own node host: reads and writes peer:/key, lists peer:/prefix/. Only for the benchmark.
scriptencoding utf-8

augroup etcd_peer
  autocmd!
  autocmd BufReadCmd  peer:/* call s:read(expand('<amatch>'))
  autocmd BufWriteCmd peer:/* call s:write(expand('<amatch>'))
augroup END

function! s:key(name) abort
  return matchstr(a:name, 'peer:\zs.*')
endfunction

function! s:read(name) abort
  " Some editors drop the last slash of <amatch>.
  let key = s:key(bufname('%'))
  setlocal noswapfile
  if key =~# '/$'
    call setline(1, EtcdPeerList(key))
  else
    let [value, b:revision] = EtcdPeerRead(key)
    call setline(1, split(value, "\n"))
  endif
  setlocal nomodified
endfunction

function! s:write(name) abort
  let b:revision = EtcdPeerWrite(s:key(a:name), join(getline(1, '$'), "\n") . "\n", b:revision)
  setlocal nomodified
  echomsg printf('"%s" written, revision %s', a:name, b:revision)
endfunction
