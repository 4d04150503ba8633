" Passwords and passphrases that are in no setting. The user is asked for them, and they are not kept here.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Asks for what {err} wants (ErrorReply of src/host/protocol.ts), and returns it; '' if nobody answers. If nobody was asked, the message
" of {err} then says why. {typed}: see etcd#ui#person#refusal().
function! etcd#host#secret#ask(err, typed) abort
  let user = etcd#host#profile#told(a:err.profile).user
  let wanted = printf('%s%s, profile %s', a:err.wants, user ==# '' || a:err.wants !=# 'password' ? '' : ' of ' . user,
        \ etcd#host#profile#title(a:err.profile))
  let why = etcd#ui#message#unasked(etcd#ui#person#refusal(a:typed), 'etcd: asks for the ' . wanted)
  if why !=# ''
    let a:err.message .= printf('; nobody was asked for the %s: %s', a:err.wants, why)
    return ''
  endif
  return s:ask('etcd: ' . wanted . ': ')
endfunction

function! s:ask(prompt) abort
  call inputsave()
  try
    redraw
    " Keys that were typed before the prompt was there were meant for something else.
    call etcd#ui#answer#quiet()
    return inputsecret(a:prompt)
  catch /^Vim:Interrupt$/
    return ''
  finally
    call inputrestore()
    " The prompt must not make the next message scroll.
    redraw
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
