" A small window over the text, near the cursor, for a quick look: Neovim's float, Vim's popup.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" What is open: Neovim's window, or Vim's popup; and the keys that close Neovim's, which are mapped in the buffer under it.
let s:window = 0
" How many floats there were, because each has a number of its own.
let s:serial = 0
let s:mapped = {'buffer': 0, 'keys': []}

augroup etcd_float
augroup END

" Shows {lines} under the cursor until it moves. Each line is made printable. {title} names them. Without floats they are in a window at
" the bottom, and without a screen they are messages. Returns a number for etcd#ui#float#change(); 0 if it is no float.
function! etcd#ui#float#show(title, lines) abort
  let s:serial += 1
  let lines = map(copy(a:lines), 'etcd#ui#message#line(v:val)')
  if !etcd#ui#person#present()
    for line in lines
      echomsg line
    endfor
    return 0
  elseif has('nvim')
    call s:float(a:title, lines)
  elseif exists('*popup_atcursor')
    " If the cursor has not moved, the last popup is still there, and would cover the new one.
    call popup_close(s:window)
    let s:window = popup_atcursor(lines, {'title': ' ' . a:title . ' ', 'border': [], 'borderchars': s:border(), 'padding': [0, 1, 0, 1],
          \ 'moved': 'any', 'highlight': 'Pmenu', 'wrap': v:true, 'maxwidth': s:width(), 'maxheight': s:height(),
          \ 'close': 'click', 'filter': function('s:key'), 'mapping': v:false})
  else
    call etcd#ui#scratch#show(a:title, lines)
    return 0
  endif
  return s:serial
endfunction

" Replaces the lines by {lines}. Returns 0 if {float}, a number from etcd#ui#float#show(), is no longer open.
function! etcd#ui#float#change(float, lines) abort
  if a:float != s:serial
    return 0
  endif
  let lines = map(copy(a:lines), 'etcd#ui#message#line(v:val)')
  if has('nvim') && s:window && nvim_win_is_valid(s:window)
    let buffer = nvim_win_get_buf(s:window)
    call setbufvar(buffer, '&modifiable', 1)
    call nvim_buf_set_lines(buffer, 0, -1, v:true, lines)
    call setbufvar(buffer, '&modifiable', 0)
    return 1
  elseif !has('nvim') && s:window && !empty(popup_getpos(s:window))
    call popup_settext(s:window, lines)
    return 1
  endif
  return 0
endfunction

" Goes into the open float. Returns 0 if there is none, and always in Vim, where nothing leads into a popup.
function! etcd#ui#float#enter() abort
  if !has('nvim') || !s:window || !nvim_win_is_valid(s:window)
    return 0
  endif
  noautocmd call nvim_set_current_win(s:window)
  return 1
endfunction

" Closes it.
function! etcd#ui#float#close() abort
  let [window, s:window] = [s:window, 0]
  autocmd! etcd_float
  call s:unmap()
  if window && nvim_win_is_valid(window)
    call nvim_win_close(window, v:true)
  endif
endfunction

function! s:float(title, lines) abort
  call etcd#ui#float#close()
  let from = bufnr('%')
  let buffer = nvim_create_buf(v:false, v:true)
  call nvim_buf_set_lines(buffer, 0, -1, v:true, a:lines)
  call etcd#buffer#kind#set_options(buffer, 'scratch', 'before')
  call setbufvar(buffer, '&modifiable', 0)
  let width = min([s:width(), max(map(copy(a:lines), 'strdisplaywidth(v:val)') + [strdisplaywidth(a:title) + 2])])
  let rows = 0
  for line in a:lines
    let rows += max([1, (strdisplaywidth(line) + width - 1) / width])
  endfor
  let options = {'relative': 'cursor', 'row': 1, 'col': 0, 'width': max([1, width]), 'height': max([1, min([rows, s:height()])]),
        \ 'style': 'minimal', 'border': &ambiwidth ==# 'double' ? ['+', '-', '+', '|', '+', '-', '+', '|'] : 'rounded'}
  let s:window = nvim_open_win(buffer, v:false, has('nvim-0.9') ? extend(options, {'title': ' ' . a:title . ' '}) : options)
  call nvim_win_set_option(s:window, 'wrap', v:true)
  call s:map(buffer)
  let s:mapped = {'buffer': from, 'keys': s:map(from)}
  augroup etcd_float
    autocmd!
    execute 'autocmd CursorMoved,CursorMovedI,InsertEnter,BufWinLeave,BufLeave <buffer=' . str2nr(from) . '> call etcd#ui#float#close()'
    execute 'autocmd WinLeave <buffer=' . str2nr(buffer) . '> call etcd#ui#float#close()'
  augroup END
endfunction

" Esc and "q" close the float from where the cursor is, as for a popup of Vim. Returns the keys that were mapped in {buffer}. If the
" buffer has a map for a key, that stays.
function! s:map(buffer) abort
  let taken = map(nvim_buf_get_keymap(a:buffer, 'n'), 'v:val.lhs =~# "^<" ? tolower(v:val.lhs) : v:val.lhs')
  let keys = filter(['q', '<Esc>'], 'index(taken, tolower(v:val)) < 0')
  for key in keys
    call nvim_buf_set_keymap(a:buffer, 'n', key, ':<C-U>call etcd#ui#float#close()<CR>',
          \ {'silent': v:true, 'nowait': v:true, 'noremap': v:true})
  endfor
  return keys
endfunction

function! s:unmap() abort
  let [mapped, s:mapped] = [s:mapped, {'buffer': 0, 'keys': []}]
  for key in bufexists(mapped.buffer) ? mapped.keys : []
    silent! call nvim_buf_del_keymap(mapped.buffer, 'n', key)
  endfor
endfunction

" Esc and "q" close the popup. Any other key is for the editor.
function! s:key(popup, key) abort
  if a:key ==# "\<Esc>" || a:key ==# 'q'
    call popup_close(a:popup)
    return 1
  endif
  return 0
endfunction

function! s:border() abort
  return &encoding ==# 'utf-8' && &ambiwidth !=# 'double' ? ['─', '│', '─', '│', '╭', '╮', '╯', '╰'] : ['-', '|', '-', '|', '+']
endfunction

function! s:width() abort
  return max([20, &columns - 8])
endfunction

function! s:height() abort
  return max([3, &lines / 2])
endfunction

let &cpoptions = s:cpo | unlet s:cpo
