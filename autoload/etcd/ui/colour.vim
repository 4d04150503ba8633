" The colour of a profile (`highlight` of g:etcd). It shows which cluster a window is on.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The window option that replaces Normal, and its value. GROUP stands for the group.
let s:option = has('nvim') ? '&l:winhighlight' : '&l:wincolor'
let s:value = has('nvim') ? 'Normal:GROUP,NormalNC:GROUP' : 'GROUP'

" The highlight group of the current buffer's profile; '' if it has none, or the buffer is not ours.
function! etcd#ui#colour#group() abort
  let name = bufname('%')
  let group = name !~# '^etcd:' ? '' : etcd#host#settings#own(etcd#host#profile#of(name), 'highlight', '')
  " It becomes a part of a status line.
  return group =~# '^\h\w*$' ? group : ''
endfunction

" Gives the current window the colour of its buffer's profile, instead of Normal. Both options go with the buffer, so the next buffer in
" the window does not have it.
function! etcd#ui#colour#paint() abort
  let group = etcd#ui#colour#group()
  if group !=# ''
    let b:etcd_colour = substitute(s:value, 'GROUP', group, 'g')
    execute 'let' s:option '= b:etcd_colour'
  elseif exists('b:etcd_colour')
    if eval(s:option) ==# b:etcd_colour
      execute 'let' s:option '= ""'
    endif
    unlet b:etcd_colour
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
