" Passwords and passphrases that nobody has set: asked for, handed to Node, and kept nowhere here.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Asks for what {err} wants (ErrorReply of src/rpc/protocol.ts) and logs in. 1 when that is done, 0 where nobody answers; where
" nobody was asked, the message of {err} says why. {typed}: see etcd#person#refusal().
" Throws 'etcd: …' where it is wrong.
function! etcd#secret#give(err, typed) abort
  let user = get(get(etcd#settings#profiles(), a:err.profile, {}), 'user', '')
  let wanted = printf('%s%s, profile %s', a:err.wants, user ==# '' || a:err.wants !=# 'password' ? '' : ' of ' . user,
        \ etcd#profile#title(a:err.profile))
  let why = etcd#person#refusal(a:typed)
  if why ==# '' && !etcd#person#hears('etcd: asks for the ' . wanted)
    let why = 'it runs silently'
  endif
  if why !=# ''
    let a:err.message .= printf('; nobody was asked for the %s: %s', a:err.wants, why)
    return 0
  endif
  let secret = s:ask('etcd: ' . wanted . ': ')
  if secret ==# ''
    return 0
  endif
  call etcd#rpc#request('login', {'profile': a:err.profile, 'secret': secret, 'what': a:err.wants}, 'read')
  return 1
endfunction

function! s:ask(prompt) abort
  call inputsave()
  try
    redraw
    " What was typed before the prompt is there was meant for something else.
    call etcd#person#forget()
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
