" Completion of addresses after :edit, :split, :write and the like, in the command line itself.
"
" No editor lets a plugin supply candidates for these commands. So for the moment of a completion the candidates are empty files in a
" private directory, which is the process's working directory, and the editor completes a file name. Menu, escaping, 'wildmode' and
" cycling are the editor's own. The key is fed together with the way back, before everything that was typed since. So only the
" completion runs in that directory. To leave or change the command line leads back as well. If the working directory of the process
" alone cannot be changed, we cycle through the candidates ourselves.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:keys = {'<Tab>': "\<Tab>", '<S-Tab>': "\<S-Tab>", '<C-D>': "\<C-D>", '<C-A>': "\<C-A>", '<C-L>': "\<C-L>"}
" The most names that an editor's menu gets. More files would be too slow for what they give.
let s:most = 2000
" The last word of the command line, if it is an address, as typed, with its backslashes.
let s:word = '\%(^\|[^\\]\s\|>>\)\zsetcd:\%([^ \t\\]\|\\.\)*$'
" C libraries that may have chdir(): of macOS; of GNU, BSD, and musl, which takes any name that begins like its own. Once one has
" answered, only that one is used.
let s:libraries = has('mac') ? ['/usr/lib/libSystem.B.dylib', 'libc.dylib'] : ['libc.so.6', 'libc.so.7', 'libc.so']
let s:mapped = {}
" Set from the key to the way back, because what is fed meanwhile must not come to us again.
let s:completing = 0
let s:home = ''
let s:wildignore = ''
let s:cycle = {'line': v:null}
" What a map of the user's had to complete.
let s:tried = {}

" CmdlineChanged: while there is an address, the keys are ours. It also starts Node, so that it is ready when it is needed.
function! etcd#cmdline#address#changed() abort
  " Neovim 0.12 tells of the last letter only after the map of the next key has run.
  if s:completing
    return
  endif
  call s:leave()
  if getcmdline() =~# '^\s*:*\s*Etcd\>\|\%(^\|\s\)!'
    return
  endif
  if s:typed() ==# '' && etcd#cmdline#typed#place() ==# ''
    call s:unmap()
    return
  endif
  call etcd#host#rpc#prewarm()
  call etcd#cmdline#cpo#default(function('s:map'))
  augroup etcd_cmdline
    autocmd!
    " Not for the expression prompt of c_CTRL-\_e, which is a command line inside of this one.
    autocmd CmdlineLeave : call etcd#cmdline#address#left()
  augroup END
endfunction

" CmdlineLeave: before the command runs, the directory and the keys are as they were.
function! etcd#cmdline#address#left() abort
  call etcd#cmdline#last#note(getcmdline())
  call s:leave()
  call s:unmap()
  let s:completing = 0
  let s:cycle = {'line': v:null}
  autocmd! etcd_cmdline
endfunction

" What the mapped key {name} ('<Tab>') feeds: the same key again, this time the user's map or the editor's own, and the way back.
function! etcd#cmdline#address#key(name) abort
  let key = get(s:keys, a:name, nr2char(&wildchar))
  call s:unmap()
  let s:completing = 1
  if etcd#cmdline#typed#place() !=# ''
    " The editor would look for that name among files. With the address in its place, the key works as usual.
    call feedkeys("\<C-\>eetcd#cmdline#typed#placed()\<CR>\<Plug>(etcd-back)" . key, 'it')
    return ''
  endif
  let word = s:typed()
  let found = word ==# '' || wildmenumode() ? {} : s:candidates(word)
  if has_key(found, 'interrupted')
    return etcd#cmdline#address#back()
  elseif has_key(found, 'shadow') && s:enter(found.shadow)
    let s:tried = maparg(a:name, 'c') ==# '' ? {} : extend({'line': getcmdline(), 'key': a:name}, found)
    call feedkeys(key . "\<Plug>(etcd-back)", 'mit')
  elseif !empty(get(found, 'names', [])) && a:name =~# '^<\%(S-\)\=Tab>$'
    call s:cycle_on(found, a:name)
  else
    call feedkeys(key . "\<Plug>(etcd-back)", 'mit')
  endif
  return ''
endfunction

" <Plug>(etcd-back): the completion is over.
function! etcd#cmdline#address#back() abort
  call s:leave()
  let [tried, s:tried] = [s:tried, {}]
  if s:was_idle(tried)
    call s:cycle_on(tried, tried.key)
    return ''
  endif
  let s:completing = 0
  if s:typed() !=# ''
    call etcd#cmdline#cpo#default(function('s:map'))
  endif
  return ''
endfunction

" If files cannot stand in for keys: the command line with the next candidate, {step} further (for c_CTRL-\_e).
function! etcd#cmdline#address#next(step) abort
  let s:cycle.at += a:step
  let total = len(s:cycle.names) + 1
  let at = (s:cycle.at % total + total) % total
  let word = at == 0 ? s:cycle.word : fnameescape(s:cycle.stem . s:cycle.names[at - 1])
  let s:cycle.line = s:cycle.before . word . s:cycle.after
  call setcmdpos(strlen(s:cycle.before . word) + 1)
  return s:cycle.line
endfunction

function! s:cycle_on(found, name) abort
  call s:offer(a:found)
  call feedkeys("\<C-\>eetcd#cmdline#address#next(" . (a:name ==# '<Tab>' ? 1 : -1) . ")\<CR>\<Plug>(etcd-back)", 'it')
endfunction

" A map of the user's, from a plugin that completes by itself, has done nothing with the candidates. Then we do it. With these settings
" the editor's own completion, which the map may have called, could have listed them without a change.
function! s:was_idle(tried) abort
  return get(a:tried, 'line', v:null) is# getcmdline() && a:tried.key =~# '^<\%(S-\)\=Tab>$' && !wildmenumode()
        \ && !empty(get(a:tried, 'names', [])) && (!&wildcharm || &wildmode !~# 'list\|longest')
endfunction

function! s:offer(found) abort
  if getcmdline() is# s:cycle.line
    return
  endif
  let head = strpart(getcmdline(), 0, getcmdpos() - 1)
  let raw = matchstr(head, s:word)
  let s:cycle = {'line': '', 'at': 0, 'stem': a:found.stem, 'names': a:found.names, 'word': raw,
        \ 'before': strpart(head, 0, strlen(head) - strlen(raw)), 'after': strpart(getcmdline(), getcmdpos() - 1)}
endfunction

" The address before the cursor as the command would see it; '' if there is none.
function! s:typed() abort
  return substitute(matchstr(strpart(getcmdline(), 0, getcmdpos() - 1), s:word), '\\\(.\)', '\1', 'g')
endfunction

function! s:candidates(word) abort
  if getcmdline() is# s:cycle.line
    return {'names': s:cycle.names, 'stem': s:cycle.stem}
  endif
  try
    return etcd#host#rpc#request('complete', {'text': a:word, 'max': s:most, 'shadow': v:true}, 'complete')
  catch /^etcd:\|^Vim:Interrupt/
    return etcd#host#rpc#code() ==# 'cancelled' ? {'interrupted': 1} : {}
  endtry
endfunction

" A map that somebody has made for this buffer stays.
function! s:map() abort
  let own = &wildchar > 0 && &wildchar < 32 && &wildchar != 9 ? ['<C-' . nr2char(&wildchar + 64) . '>'] : []
  for name in keys(s:keys) + own
    if !has_key(s:mapped, name) && !get(maparg(name, 'c', 0, 1), 'buffer', 0)
      execute printf("cnoremap <special> <buffer> <expr> <nowait> %s etcd#cmdline#address#key('%s')",
            \ name, substitute(name, '<', '<lt>', ''))
      let s:mapped[name] = bufnr('%')
    endif
  endfor
  if getcmdline() =~# '%' && maparg('<CR>', 'c') ==# ''
    cnoremap <special> <buffer> <expr> <nowait> <CR> etcd#cmdline#typed#enter()
    let s:mapped['<CR>'] = bufnr('%')
  endif
  cnoremap <special> <expr> <Plug>(etcd-back) etcd#cmdline#address#back()
endfunction

function! s:unmap() abort
  for [name, bufnr] in items(s:mapped)
    if bufnr == bufnr('%')
      execute 'silent! cunmap <special> <buffer>' name
    endif
  endfor
  let s:mapped = {}
endfunction

" Makes {directory} the working directory until s:leave(). Returns 1 if that worked.
function! s:enter(directory) abort
  let home = getcwd()
  if s:home !=# '' || home ==# '' || !s:chdir(a:directory)
    return 0
  endif
  let s:home = home
  " In case a map of the user's swallows the way back.
  call timer_start(0, {-> s:leave()})
  " Keys are no files, so 'wildignore' must hide none.
  let s:wildignore = &wildignore
  let &wildignore = ''
  return 1
endfunction

function! s:leave() abort
  if s:home ==# ''
    return
  endif
  call s:chdir(s:home)
  let s:home = ''
  let &wildignore = s:wildignore
endfunction

" Changes only the working directory of the process. The editor's own chdir() would rename buffers, and `:cd -` would lead into the
" private directory. Returns 0 if that is impossible; then we cycle ourselves.
function! s:chdir(directory) abort
  if has('nvim')
    return luaeval('(vim.uv or vim.loop).chdir(_A) == 0', a:directory)
  endif
  for library in s:libraries
    try
      let done = libcallnr(library, 'chdir', a:directory) == 0
      let s:libraries = [library]
      return done
    catch /^Vim\%((\a\+)\)\=:\%(E\|dlerror\)/
    endtry
  endfor
  let s:libraries = []
  return 0
endfunction

let &cpoptions = s:cpo | unlet s:cpo
