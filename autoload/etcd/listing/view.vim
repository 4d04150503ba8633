" A prefix as a buffer, with one child on each line, and the work of its keys.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" By address: the line on which a listing was left, so that coming back finds it, whatever was added meanwhile.
let s:left_on = {}
" Mode, key, and the <Plug> map that it stands for.
let s:keys = [
      \ ['n', '<CR>', 'open'], ['x', '<CR>', 'open'], ['n', '-', 'up'], ['n', 'o', 'split'], ['x', 'o', 'split'],
      \ ['n', 'v', 'vsplit'], ['x', 'v', 'vsplit'], ['n', 't', 'tab'], ['x', 't', 'tab'], ['n', 'p', 'preview'],
      \ ['n', 'R', 'refresh'], ['n', 'g?', 'help'], ['n', 'D', 'delete'], ['x', 'D', 'delete'], ['n', 'M', 'rename'], ['x', 'M', 'rename'],
      \ ['n', 'C', 'copy'], ['x', 'C', 'copy'], ['n', 'a', 'add'], ['n', 'i', 'edit'], ['n', 'u', 'undo'],
      \ ['n', 'K', 'info'], ['n', 'gc', 'columns'], ['n', 'gs', 'sort']]
" Vim's own keys for it, and the mouse's. They work in a listing whatever else is mapped.
let s:own_words = [['n', 'gf', 'open'], ['n', '<C-W>f', 'split'], ['n', '<2-LeftMouse>', 'open']]

" Fills the current buffer with the listing that `open` gave (src/host/listings.ts, OpenedListing).
function! etcd#listing#view#show(got) abort
  let buffer = bufnr('%')
  call etcd#buffer#kind#set_options(buffer, 'listing', 'before')
  " Names are not typed, so there is nothing to undo, and a million names are not stored twice.
  call etcd#buffer#undo#off(buffer)
  call etcd#buffer#fill#names(a:got.file)
  call etcd#buffer#undo#on(buffer)
  let streams = has_key(a:got, 'stream')
  call etcd#buffer#kind#become(buffer, 'listing', extend({'partial': streams, 'filling': streams}, a:got))
  call etcd#buffer#kind#set_options(buffer, 'listing', 'after')
  if &filetype !=# 'etcd'
    setlocal filetype=etcd
  endif
  if !exists('b:did_ftplugin')
    " If `:filetype plugin` is off, a listing without its keys would be a dead end.
    runtime! ftplugin/etcd.vim
  endif
  augroup etcd_listing
    autocmd! * <buffer>
    autocmd BufLeave,BufWinLeave,BufUnload <buffer> call s:remember(str2nr(expand('<abuf>')))
  augroup END
  let place = get(s:left_on, a:got.address, '')
  call s:place(place)
  call etcd#listing#columns#begin()
  if streams
    call etcd#listing#stream#begin(a:got, getline('.') ==# place ? '' : place)
    return ''
  endif
  call etcd#ui#message#settle(a:got.address, 'success', etcd#listing#summary#text(b:etcd))
  call etcd#host#event#user('EtcdListing')
  return ''
endfunction

" `open` gave {got}, and the current buffer already had that listing. It stays as it is, unless it was not complete.
function! etcd#listing#view#again(got) abort
  if !get(get(b:, 'etcd', {}), 'partial', 0)
    if has_key(a:got, 'stream')
      call etcd#host#rpc#tell('stop', {'stream': a:got.stream})
    endif
    return ''
  endif
  call etcd#listing#stream#forget(bufnr('%'))
  return etcd#listing#view#show(a:got)
endfunction

" Maps the keys of a listing in the current buffer. Each gives way to a map of the user's to the same <Plug>.
function! etcd#listing#view#map_keys() abort
  for [mode, key, plug] in s:keys
    if !hasmapto('<Plug>(etcd-' . plug . ')', mode)
      execute mode . 'map <special> <buffer> <nowait>' key '<Plug>(etcd-' . plug . ')'
    endif
  endfor
  for [mode, key, plug] in s:own_words
    execute mode . 'map <special> <buffer> <nowait>' key '<Plug>(etcd-' . plug . ')'
  endfor
endfunction

" Removes these maps (b:undo_ftplugin).
function! etcd#listing#view#unmap_keys() abort
  for [mode, key, plug] in s:keys + s:own_words
    if maparg(key, mode) ==# '<Plug>(etcd-' . plug . ')'
      execute 'silent!' mode . 'unmap <special> <buffer>' key
    endif
  endfor
endfunction

" Opens what is under the cursor with {command}: edit, split, vsplit, tabedit or pedit. {count} goes in front if it is not 0.
function! etcd#listing#view#open(command, count) abort
  let address = etcd#listing#view#address('.')
  if address ==# ''
    return
  endif
  call s:edit((a:count ? a:count : '') . a:command, address)
endfunction

" The same for each line of the visual area. With edit, the first is shown and the others become buffers.
function! etcd#listing#view#open_range(command) abort
  let addresses = filter(map(range(line("'<"), line("'>")), 'etcd#listing#view#address(v:val)'), 'v:val !=# ""')
  for address in a:command ==# 'edit' ? addresses[1:] : []
    execute 'badd' fnameescape(address)
  endfor
  for address in a:command ==# 'edit' ? addresses[:0] : addresses
    call s:edit(a:command, address)
  endfor
endfunction

" Goes {levels} up, with the cursor on the name that we came from. In a value: to the listing that holds it.
function! etcd#listing#view#up(levels) abort
  let from = get(get(b:, 'etcd', {}), 'address', bufname('%'))
  let to = from
  for _ in range(a:levels)
    let parent = etcd#listing#path#parent(to)
    if parent ==# ''
      break
    endif
    let [from, to] = [to, parent]
  endfor
  if to ==# from
    return
  endif
  let name = etcd#listing#path#tail(from)
  let s:left_on[to] = name
  call s:edit('edit', to)
  call s:place(name)
endfunction

" Lists again. The cursor stays on its name, and the window where it was.
function! etcd#listing#view#refresh() abort
  call s:remember(bufnr('%'))
  let view = winsaveview()
  edit
  let line = line('.')
  " As long as there is room for it, no name above is hidden.
  let topline = min([view.topline + line - view.lnum, line('$') - winheight(0) + 1])
  call winrestview(extend(view, {'topline': max([1, topline]), 'lnum': line}))
endfunction

" The address of the child on {line} (as for line()) of the current listing; '' if there is none.
function! etcd#listing#view#address(line) abort
  let name = getline(a:line)
  return name ==# '' || get(get(b:, 'etcd', {}), 'kind', '') !=# 'prefix' ? '' : etcd#listing#path#child(b:etcd.address, name)
endfunction

function! s:edit(command, address) abort
  try
    execute a:command fnameescape(a:address)
  catch /^Vim\%((\a\+)\)\=:E\%(37\|162\|36\|919\)/
    call etcd#ui#message#error(substitute(v:exception, '^Vim\%((\a\+)\)\=:', '', ''))
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
