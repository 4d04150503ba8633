" The colour of a profile (`highlight` of g:etcd), so that one sees which cluster a window is on.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The option of a window that gives it another Normal, and its value; GROUP stands for the group.
let s:option = has('nvim') ? '&l:winhighlight' : '&l:wincolor'
let s:value = has('nvim') ? 'Normal:GROUP,NormalNC:GROUP' : 'GROUP'

" The name of the highlight group of the current buffer's profile; '' if it has none, or is none of ours.
function! etcd#ui#colour#group() abort
  let name = bufname('%')
  let group = name !~# '^etcd:' ? '' : etcd#host#settings#own(etcd#host#profile#of(name), 'highlight', '')
  " It becomes a part of a status line.
  return group =~# '^\h\w*$' ? group : ''
endfunction

" Gives the current window the colour of its buffer's profile, in place of Normal. Both options go with the buffer: what is edited
" in the window next does not have it.
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
