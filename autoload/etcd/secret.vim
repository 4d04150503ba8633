" Passwords and passphrases that nobody has set: asked for, handed to Node, and kept nowhere here.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Asks for what {err} wants (ErrorReply of src/rpc/protocol.ts) and logs in. 1 when that is done, 0 where nobody answers.
" Throws 'etcd: …' where it is wrong.
function! etcd#secret#give(err) abort
  if !etcd#person#listens()
    return 0
  endif
  let user = get(get(etcd#settings#profiles(), a:err.profile, {}), 'user', '')
  let secret = s:ask(printf('etcd: %s%s, profile %s: ', a:err.wants, user ==# '' || a:err.wants !=# 'password' ? '' : ' of ' . user,
        \ etcd#profile#title(a:err.profile)))
  if secret ==# ''
    return 0
  endif
  call etcd#rpc#request('login', {'profile': a:err.profile, 'secret': secret, 'what': a:err.wants}, 'read')
  return 1
endfunction

function! s:ask(prompt) abort
  call inputsave()
  try
    return inputsecret(a:prompt)
  catch /^Vim:Interrupt$/
    return ''
  finally
    call inputrestore()
    " The prompt is not to scroll the next message.
    redraw
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
