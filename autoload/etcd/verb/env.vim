" :Etcd env: keys as the variables of a process.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The argument is '[-r|-path] [address] [Ex command]'. Without a command it shows the variables. With a command it runs that with them.
" With a bang the session gets them, and '-' gives them back. Throws 'etcd: …', and what the command throws.
function! etcd#verb#env#run(given) abort
  let [flag, address, command] = matchlist(a:given.argument, '^\%(\(-r\|-path\)\%(\s\+\|$\)\)\=\(\S*\)\s*\(.*\)$')[1:3]
  if address ==# '-'
    call s:release(a:given.bang || flag !=# '' || command !=# '')
    return
  elseif a:given.bang && command !=# ''
    throw 'etcd: :Etcd! env is for the session, and takes no command'
  endif
  let here = etcd#buffer#here#note()
  let got = etcd#env#take#from(s:address(address), flag)
  if !etcd#buffer#here#back(here)
    throw printf('etcd: not done: the buffer was left while %s was read', got.address)
  elseif a:given.bang
    call etcd#env#hold#keep(got.address, got.values)
    call s:tell(got, printf('etcd: %s of %s; :Etcd env - gives them back', s:count(len(got.values), 'variable'), got.address))
  elseif command !=# ''
    call s:tell(got, '')
    call etcd#env#hold#during(got.values, {-> etcd#env#typed#run(a:given.mods, command)})
  else
    call s:show(got)
  endif
endfunction

" The prefix that is shown, if none is named.
function! s:address(typed) abort
  let own = get(etcd#info(), 'address', '')
  if a:typed !=# ''
    return a:typed
  elseif own ==# ''
    throw 'etcd: no prefix is here; give an address: :Etcd env /app/'
  endif
  return own
endfunction

function! s:release(more) abort
  if a:more
    throw 'etcd: :Etcd env - stands alone'
  endif
  let from = etcd#env#hold#release()
  if from ==# ''
    throw 'etcd: this session has no variables of etcd'
  endif
  call etcd#ui#message#info('etcd: gave back the variables of ' . from)
endfunction

function! s:tell(got, text) abort
  let warning = etcd#env#take#warning(a:got)
  if warning !=# ''
    call etcd#ui#message#warn(warning)
  elseif a:text !=# ''
    call etcd#ui#message#info(a:text)
  endif
endfunction

" Each variable and its keys. Its value is below it, in a fold, because it may be a secret, and others may look on.
function! s:show(got) abort
  let width = max(map(copy(a:got.variables), 'strlen(v:val.name)') + [4])
  let lines = []
  for variable in a:got.variables
    call add(lines, printf('%-' . width . 'S  %s  rev %s', variable.name, join(variable.addresses), variable.revision))
    call extend(lines, map(split(a:got.values[variable.name], "\n", 1), '"  " . v:val'))
  endfor
  for left in a:got.left
    call add(lines, printf('%-' . width . 'S  %s  not set: %s', '-', left.address, left.why))
  endfor
  call etcd#ui#scratch#show('etcd-env ' . a:got.address, lines)
  setlocal foldmethod=expr foldexpr=getline(v:lnum)[0]==#'\ ' foldtext=etcd#ui#scratch#folded() foldlevel=0 foldminlines=0 foldenable
endfunction

function! s:count(number, noun) abort
  return printf('%d %s%s', a:number, a:noun, a:number == 1 ? '' : 's')
endfunction

" What may follow: an address, or '-'; then any command.
function! etcd#verb#env#complete(lead, before) abort
  let words = split(substitute(matchstr(a:before, '.*\<env!\=\s\+\zs.*'), '^-\%(r\|path\)\s\+', '', ''))
  if len(words) > 0
    return len(words) == 1 ? getcompletion(a:lead, 'command') : []
  endif
  return a:lead =~# '^-' ? filter(['-', '-r', '-path'], 'stridx(v:val, a:lead) == 0') : etcd#cmdline#candidates#bare(a:lead)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
