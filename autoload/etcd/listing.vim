" A prefix as a buffer: one child a line, and what its keys do.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By address: the line a listing was left on, so that coming back finds it whatever was added meanwhile.
let s:left_on = {}
" What 'undolevels' calls "the global value is used".
let s:global_undolevels = -123456
" Mode, key, and the <Plug> map behind it.
let s:keys = [
      \ ['n', '<CR>', 'open'], ['x', '<CR>', 'open'], ['n', '-', 'up'], ['n', 'o', 'split'], ['x', 'o', 'split'],
      \ ['n', 'v', 'vsplit'], ['x', 'v', 'vsplit'], ['n', 't', 'tab'], ['x', 't', 'tab'], ['n', 'p', 'preview'],
      \ ['n', 'R', 'refresh'], ['n', 'g?', 'help']]
" Vim's own words for it, and the mouse's: they work in a listing whatever else is mapped.
let s:own_words = [['n', 'gf', 'open'], ['n', '<C-W>f', 'split'], ['n', '<2-LeftMouse>', 'open']]

" Fills the current buffer with the listing that `open` gave (src/rpc/protocol.ts, OpenedListing).
function! etcd#listing#show(got) abort
  setlocal buftype=acwrite noswapfile noundofile nomodeline modifiable noreadonly
  " Names are not typed, so there is nothing to undo, and a million of them are not kept twice.
  let &l:undolevels = -1
  call etcd#fill#names(a:got.file)
  let &l:undolevels = s:global_undolevels
  let streams = has_key(a:got, 'stream')
  let b:etcd = {'kind': 'prefix', 'address': a:got.address, 'revision': a:got.revision, 'count': a:got.count,
        \ 'cluster_id': a:got.cluster_id, 'partial': streams, 'filling': streams, 'stale': a:got.stale, 'scoped': a:got.scoped}
  setlocal nomodified nomodifiable readonly
  if &filetype !=# 'etcd'
    setlocal filetype=etcd
  endif
  if !exists('b:did_ftplugin')
    " Where `:filetype plugin` is off, a listing without its keys would be a dead end.
    runtime! ftplugin/etcd.vim
  endif
  augroup etcd_listing
    autocmd! * <buffer>
    autocmd BufLeave,BufWinLeave,BufUnload <buffer> call s:remember(str2nr(expand('<abuf>')))
  augroup END
  let place = get(s:left_on, a:got.address, '')
  call s:place(place)
  if streams
    call etcd#stream#begin(a:got, getline('.') ==# place ? '' : place)
    return ''
  endif
  call etcd#message#settle(a:got.address, 'success', etcd#listing#summary(b:etcd))
  call etcd#event#user('EtcdListing')
  return ''
endfunction

" `open` gave {got}, and the current buffer had that listing already: it stays as it is, unless it was not whole.
function! etcd#listing#again(got) abort
  if !get(get(b:, 'etcd', {}), 'partial', 0)
    if has_key(a:got, 'stream')
      call etcd#rpc#tell('stop', {'stream': a:got.stream})
    endif
    return ''
  endif
  call etcd#stream#forget(bufnr('%'))
  return etcd#listing#show(a:got)
endfunction

" The word to the user about a listing that is whole, from its b:etcd ({base}); '' where no such word is wanted (:h shm-F). Without
" a name there is nothing to see but the word, as for a new file.
function! etcd#listing#summary(base) abort
  let flags = (a:base.stale ? ' [stale]' : '') . (a:base.scoped ? ' [partial]' : '')
  if &shortmess =~# 'F' && !a:base.stale && a:base.count
    return ''
  endif
  let names = a:base.count == 0 ? 'no keys' : a:base.count == 1 ? '1 name' : a:base.count . ' names'
  let doubt = a:base.count ? '' : etcd#typed#doubt(a:base.address)
  return printf('"%s"%s %s, revision %s%s', a:base.address, flags, names, a:base.revision, doubt)
endfunction

" Maps the keys of a listing in the current buffer; each gives way to a map that the user has made to the same <Plug>.
function! etcd#listing#map_keys() abort
  for [mode, key, plug] in s:keys
    if !hasmapto('<Plug>(etcd-' . plug . ')', mode)
      execute mode . 'map <special> <buffer> <nowait>' key '<Plug>(etcd-' . plug . ')'
    endif
  endfor
  for [mode, key, plug] in s:own_words
    execute mode . 'map <special> <buffer> <nowait>' key '<Plug>(etcd-' . plug . ')'
  endfor
endfunction

" Takes them away again (b:undo_ftplugin).
function! etcd#listing#unmap_keys() abort
  for [mode, key, plug] in s:keys + s:own_words
    if maparg(key, mode) ==# '<Plug>(etcd-' . plug . ')'
      execute 'silent!' mode . 'unmap <special> <buffer>' key
    endif
  endfor
endfunction

" Opens what is under the cursor with {command}: edit, split, vsplit, tabedit or pedit; {count} goes in front where it is not 0.
function! etcd#listing#open(command, count) abort
  let address = etcd#listing#address('.')
  if address ==# ''
    return
  endif
  call s:edit((a:count ? a:count : '') . a:command, address)
endfunction

" The same for each line of the visual area; with edit the first is shown and the others become buffers.
function! etcd#listing#open_range(command) abort
  let addresses = filter(map(range(line("'<"), line("'>")), 'etcd#listing#address(v:val)'), 'v:val !=# ""')
  for address in a:command ==# 'edit' ? addresses[1:] : []
    execute 'badd' fnameescape(address)
  endfor
  for address in a:command ==# 'edit' ? addresses[:0] : addresses
    call s:edit(a:command, address)
  endfor
endfunction

" {levels} up, with the cursor on where we came from. In a value: to the listing that holds it.
function! etcd#listing#up(levels) abort
  let from = get(get(b:, 'etcd', {}), 'address', bufname('%'))
  let to = from
  for _ in range(a:levels)
    let parent = etcd#name#parent(to)
    if parent ==# ''
      break
    endif
    let [from, to] = [to, parent]
  endfor
  if to ==# from
    return
  endif
  let name = etcd#name#tail(from)
  let s:left_on[to] = name
  call s:edit('edit', to)
  call s:place(name)
endfunction

" Lists again; the cursor stays on its name and the window where it was.
function! etcd#listing#refresh() abort
  call s:remember(bufnr('%'))
  let view = winsaveview()
  edit
  let line = line('.')
  call winrestview(extend(view, {'topline': max([1, view.topline + line - view.lnum]), 'lnum': line}))
endfunction

" The address of the child on {line} (as for line()) of the current listing; '' where there is none.
function! etcd#listing#address(line) abort
  let name = getline(a:line)
  return name ==# '' || get(get(b:, 'etcd', {}), 'kind', '') !=# 'prefix' ? '' : etcd#name#child(b:etcd.address, name)
endfunction

function! s:edit(command, address) abort
  try
    execute a:command fnameescape(a:address)
  catch /^Vim\%((\a\+)\)\=:E\%(37\|162\|36\|919\)/
    call etcd#message#error(substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', ''))
  endtry
endfunction

function! s:remember(bufnr) abort
  let window = bufwinid(a:bufnr)
  let line = a:bufnr == bufnr('%') ? getline('.') : window > 0 ? get(getbufline(a:bufnr, line('.', window)), 0, '') : ''
  let address = get(getbufvar(a:bufnr, 'etcd', {}), 'address', '')
  if line !=# '' && address !=# ''
    let s:left_on[address] = line
  endif
endfunction

function! s:place(name) abort
  if a:name ==# ''
    return
  endif
  let line = search('\C\V\^' . escape(a:name, '\') . '\$', 'cnw')
  if line
    call cursor(line, 1)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
