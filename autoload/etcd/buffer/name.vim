" Buffer names: the address is the name, and each has one buffer. Node says what a name means (src/keyspace/address.ts). Only its
" profile is read here.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The name of buffer {bufnr} as it was typed. We do not use <afile> or <amatch>, because some editors change those (trailing slash,
" directory).
function! etcd#buffer#name#of(bufnr) abort
  let name = bufname(a:bufnr)
  " An editor may have made a relative name absolute.
  return name =~# '^etcd:' ? name : matchstr(name, 'etcd:.*')
endfunction

" The name that a command was given, from <afile> and <amatch>. Which of them is unharmed depends on the editor, the name and the
" working directory (in '/', Neovim 0.7 removes the first letter).
function! etcd#buffer#name#given(afile, amatch) abort
  let name = a:amatch =~# '^etcd:' ? a:amatch : a:afile =~# '^etcd:' ? a:afile : matchstr(a:amatch, 'etcd:.*')
  if !has('nvim') || has('nvim-0.8')
    return name
  endif
  " Neovim 0.7 merges slashes in a short address. The buffer that the command makes for it has them all.
  let whole = filter([bufname('#'), bufname('%')], "v:val !~# '^etcd://' && substitute(v:val, '/\\+', '/', 'g') ==# name")
  return get(whole, 0, name)
endfunction

" The buffer that is called exactly {name}, or -1.
function! etcd#buffer#name#buffer(name) abort
  let found = bufexists(a:name) ? bufnr(a:name) : -1
  if found < 0 || bufname(found) ==# a:name
    return found
  endif
  " bufnr() takes names for patterns. It prefers a listed buffer that matches in part to an unlisted one that is exact.
  for bufnr in range(1, bufnr('$'))
    if bufname(bufnr) ==# a:name
      return bufnr
    endif
  endfor
  return -1
endfunction

" Gives the current buffer its canonical {address}. If another buffer has that name already, that one is shown instead, and this one is
" deleted. Returns 1 if the current buffer now has to be filled, even if it could not be read before. Returns 0 if it has its text: it
" is another buffer than the one we came from, or it has changes and there is no {bang}. (If a buffer is opened by another of its names,
" it is read again, like a file.)
function! etcd#buffer#name#settle(address, bang) abort
  let typed = bufname('%')
  if typed ==# a:address || win_gettype() ==# 'autocmd'
    return 1
  endif
  let this = bufnr('%')
  let other = etcd#buffer#name#buffer(a:address)
  if other > 0 && other != this && bufloaded(other)
    let alternate = get(w:, 'etcd_alternate', -1)
    let again = bufnr('#') == other
    execute 'silent keepalt buffer' other
    if &modified && !(again && a:bang)
      " After BufReadCmd the editor takes the buffer for freshly read, and then fires BufEnter. Unsaved text must stay unsaved.
      execute 'autocmd etcd BufEnter <buffer=' . other . '> ++once setlocal modified'
    endif
    execute 'silent! bwipeout!' this
    if bufnr('#') == other && bufexists(alternate)
      " It is the current buffer, opened by another name. Its alternate file stays what it was.
      let @# = alternate
      let w:etcd_alternate = alternate
    endif
    let failed = get(get(b:, 'etcd', {}), 'kind', '') ==# 'failed'
    return failed || (again && (a:bang || !&modified))
  endif
  if other > 0 && other != this
    " Its marks, and the jumps and quickfix entries that lead to it, are worth keeping.
    let alternate = bufnr('#') == other ? get(w:, 'etcd_alternate', -1) : bufnr('#')
    execute 'silent noautocmd keepalt noswapfile buffer' other
    execute 'silent! noautocmd bwipeout!' this
    setlocal buflisted
    if alternate != other && bufexists(alternate)
      let @# = alternate
    endif
    return 1
  endif
  call s:rename(a:address, typed)
  return 1
endfunction

" {name} in full, as Node says. Throws 'etcd: …' if it is no address.
function! etcd#buffer#name#canonical(name) abort
  return a:name ==# get(get(b:, 'etcd', {}), 'address', '') ? a:name : etcd#host#rpc#request('canonical', {'name': a:name}, 'read').address
endfunction

" {name} in full; a command was given it to write to or to insert. A short name means the profile that `:Etcd use` has chosen. But it
" may have been made from the name of this buffer (`%:h` of etcd:///top is "etcd:"). Throws 'etcd: …' if that buffer is of another profile.
function! etcd#buffer#name#meant(name) abort
  let own = s:profile(get(get(b:, 'etcd', {}), 'address', bufname('%')))
  let used = etcd#host#profile#used()
  if s:profile(a:name) is v:null && own isnot v:null && own !=# used
    let rest = a:name =~# '^etcd:/' ? a:name[5:] : '/./' . substitute(a:name[5:], '^\./', '', '')
    throw printf('etcd: cannot tell the profile of %s: `:Etcd use` has chosen %s, and this buffer is of %s; ', a:name,
          \ etcd#host#profile#title(used), etcd#host#profile#title(own)) . printf('write etcd://%s%s or etcd://%s%s', used, rest, own, rest)
  endif
  return a:name
endfunction

" Whether the current buffer, called {name}, is a file in a directory whose name begins with "etcd:". After a :cd to the directory above
" it, the editor gives it a name that looks like a short address.
function! etcd#buffer#name#is_file(name) abort
  if a:name !=# bufname('%') || exists('b:etcd') || a:name =~# '^etcd://'
    return 0
  endif
  let file = substitute(getcwd(), '/$', '', '') . '/' . a:name
  return filereadable(file) || (a:name =~# '/' && isdirectory(fnamemodify(file, ':h')))
endfunction

" The profile in {name}: '' for the default one; v:null if it is a short address, or no address.
function! s:profile(name) abort
  let parts = matchlist(a:name, '^etcd://\([^/?]*\)')
  return empty(parts) ? v:null : parts[1]
endfunction

" The current buffer is called {address} from now on, unless another loaded buffer has that name.
function! etcd#buffer#name#adopt(address) abort
  let [typed, other] = [bufname('%'), etcd#buffer#name#buffer(a:address)]
  if typed ==# a:address || (other > 0 && bufloaded(other))
    return
  elseif other > 0
    execute 'silent! noautocmd bwipeout' other
  endif
  call s:rename(a:address, typed)
endfunction

" BufEnter: a buffer that was filled while no buffer could be renamed (bufload()) gets its name when it is shown. If Node cannot be
" asked just now, it gets it the next time.
function! etcd#buffer#name#entered() abort
  let w:etcd_alternate = bufnr('#')
  let [address, typed] = [get(get(b:, 'etcd', {}), 'address', ''), bufname('%')]
  if address ==# '' || typed =~# '^etcd://'
    return
  endif
  let here = etcd#buffer#here#note()
  try
    if etcd#buffer#name#canonical(typed) ==# address && etcd#buffer#here#back(here)
      call etcd#buffer#name#adopt(address)
    endif
  catch /^etcd:/
  endtry
endfunction

" :file keeps the old name as another buffer, which nobody asked for.
function! s:rename(address, typed) abort
  try
    " Vim would make a swap file for the new name, and stop to ask if somebody else's is there.
    execute 'silent noautocmd keepalt noswapfile file' fnameescape(a:address)
  catch /^Vim\%((\a\+)\)\=:E95:/
    throw s:taken(a:address)
  endtry
  if bufname('%') !=# a:address
    throw printf('etcd: cannot open %s: the editor calls the buffer %s', a:address, bufname('%'))
  endif
  let left = etcd#buffer#name#buffer(a:typed)
  if left > 0 && left != bufnr('%')
    execute 'silent! noautocmd bwipeout' left
  endif
endfunction

" Why no buffer can be called {address}: the editor thinks that another buffer has the same name.
function! s:taken(address) abort
  let others = filter(range(1, bufnr('$')), 'bufname(v:val) ==? a:address')
  return empty(others) ? printf('etcd: cannot open %s: the editor takes its name for that of another buffer (E95)', a:address)
        \ : printf("etcd: cannot open %s: the editor has buffer %d for %s and 'fileignorecase' takes them for one; "
        \ . ':bwipeout %d, or :set nofileignorecase', a:address, others[0], bufname(others[0]), others[0])
endfunction

let &cpoptions = s:cpo | unlet s:cpo
