" The colour of a profile (`highlight` of g:etcd), so that one sees which cluster a window is on.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The name of the highlight group of the current buffer's profile; '' where it has none, or is none of ours.
function! etcd#colour#group() abort
  let name = bufname('%')
  try
    return name !~# '^etcd:' ? '' : get(get(etcd#settings#profiles(), etcd#profile#of(name), {}), 'highlight', '')
  catch /^etcd:/
    return ''
  endtry
endfunction

" Gives the current window the colour of its buffer's profile, in place of Normal. Both options go with the buffer: what is edited
" in the window next does not have it.
function! etcd#colour#paint() abort
  let group = etcd#colour#group()
  let option = has('nvim') ? '&l:winhighlight' : '&l:wincolor'
  if group !=# ''
    let b:etcd_colour = has('nvim') ? printf('Normal:%s,NormalNC:%s', group, group) : group
    execute 'let' option '= b:etcd_colour'
  elseif exists('b:etcd_colour')
    if eval(option) ==# b:etcd_colour
      execute 'let' option '= ""'
    endif
    unlet b:etcd_colour
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
