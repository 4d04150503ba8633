" :Etcd {verb} and :Etcd {address}.
scriptencoding utf-8

let s:verbs = {
      \ 'health': {-> etcd#health#show()},
      \ 'log': {-> s:log()},
      \ 'restart': {-> etcd#job#stop()},
      \ }

" Runs the command line behind :Etcd. {mods} as <q-mods>, {bang} 0 or 1. Returns a command for :execute.
function! etcd#command#run(mods, bang, argument) abort
  let argument = trim(a:argument)
  try
    if has_key(s:verbs, argument)
      call s:verbs[argument]()
      return ''
    endif
  catch /^etcd:/
    return etcd#message#raise(v:exception)
  endtry
  let address = argument =~# '^etcd:' ? argument : 'etcd:' . argument
  if a:bang
    call etcd#stream#whole(address)
  endif
  let split = a:mods =~# '\<\%(vertical\|tab\|aboveleft\|belowright\|topleft\|botright\|leftabove\|rightbelow\|horizontal\)\>'
  return join([a:mods, (split ? 'split' : 'edit') . (a:bang ? '!' : ''), fnameescape(address)])
endfunction

" The verbs, for completion.
function! etcd#command#verbs() abort
  return sort(keys(s:verbs))
endfunction

" What was asked and answered, in a scratch buffer.
function! s:log() abort
  let lines = etcd#rpc#request('log', {}, 'read').lines
  call etcd#command#scratch('etcd-log', lines)
  normal! G
endfunction

" Shows {lines} in a scratch window called {name}.
function! etcd#command#scratch(name, lines) abort
  execute 'botright new'
  setlocal buftype=nofile bufhidden=wipe noswapfile nobuflisted
  execute 'silent keepalt file' fnameescape('[' . a:name . ']')
  call setline(1, map(copy(a:lines), 'etcd#message#line(v:val)'))
  setlocal nomodifiable
endfunction
