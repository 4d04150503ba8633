" Messages that are longer than their room. The editor would cut the middle, where the reason stands.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The fewest characters of an address that stay.
let s:least = 16
let s:endpoint = ' (\%(https\=://\)\=[^ ()]*:\d\+)'

" Cells that a message may have. With more, the editor cuts it or waits for a key (:h shm-T, :h hit-enter).
function! etcd#ui#shorten#room() abort
  let has_status = &laststatus > 1 || (&laststatus == 1 && winnr('$') > 1)
  let ruler = &ruler && !has_status ? 18 : 0
  let taken = ruler + (&showcmd ? ruler ? 10 : 11 : 0)
  return &columns * max([1, &cmdheight]) - taken - 1
endfunction

" {text} in {room} cells. Until it fits, these are removed in turn: the scheme of the endpoint, what to do, the middle of the address,
" the endpoint, the address, the end.
function! etcd#ui#shorten#line(text, room) abort
  let text = s:fits(a:text, a:room) ? a:text : substitute(a:text, '(https\=://\([^ ()]*:\d\+)\)', '(\1', '')
  while !s:fits(text, a:room) && text =~# '^etcd: .*; '
    let text = substitute(text, '.*\zs; .*', '', '')
  endwhile
  let text = s:fits(text, a:room) ? text : s:cut_address(text, strdisplaywidth(text) - a:room)
  let text = s:fits(text, a:room) ? text : substitute(text, s:endpoint, '', '')
  let text = s:fits(text, a:room) ? text : substitute(text, '^etcd: .\{-}\zs etcd:[^ ]*\ze: ', '', '')
  return s:fits(text, a:room) ? text : strcharpart(text, 0, a:room - 3) . '...'
endfunction

function! s:fits(text, room) abort
  return strdisplaywidth(a:text) <= a:room
endfunction

" Cuts the first address of {text} in the middle, by {excess} characters if it has so many.
function! s:cut_address(text, excess) abort
  let [address, from, _] = matchstrpos(a:text, 'etcd:/[^ "()]*[^ "():]')
  let length = max([s:least, strchars(address) - a:excess])
  if from < 0 || length >= strchars(address)
    return a:text
  endif
  let head = length / 3
  let short = strcharpart(address, 0, head) . '...' . strcharpart(address, strchars(address) - (length - head - 3))
  return strpart(a:text, 0, from) . short . strpart(a:text, from + strlen(address))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
