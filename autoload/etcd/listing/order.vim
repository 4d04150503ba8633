" The order of names in a listing: that of their bytes in etcd, and not of the letters that stand for them.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" [line, is there]: where {name} is in the first {count} lines of buffer {bufnr}, which are in order. If it is not there, before which
" line it belongs.
function! etcd#listing#order#find(bufnr, count, name) abort
  let [low, high] = [1, a:count + 1]
  while low < high
    let middle = (low + high) / 2
    let there = getbufline(a:bufnr, middle)[0]
    if there ==# a:name
      return [middle, 1]
    elseif s:is_before(there, a:name)
      let low = middle + 1
    else
      let high = middle
    endif
  endwhile
  return [low, 0]
endfunction

function! s:is_before(one, other) abort
  let is_plain = &encoding ==# 'utf-8' && stridx(a:one, '%') < 0 && stridx(a:other, '%') < 0
  return is_plain ? a:one <# a:other : s:bytes(a:one) <# s:bytes(a:other)
endfunction

" The bytes of {name} as hexadecimal digits, because a text cannot hold a NUL. The key that equals the prefix has none.
function! s:bytes(name) abort
  let name = a:name ==# '%2F' ? '' : &encoding ==# 'utf-8' ? a:name : iconv(a:name, &encoding, 'utf-8')
  let [digits, at] = ['', 0]
  while at < len(name)
    let is_escape = name[at] ==# '%'
    let digits .= is_escape ? tolower(name[at + 1 : at + 2]) : printf('%02x', char2nr(name[at]))
    let at += is_escape ? 3 : 1
  endwhile
  return digits
endfunction

let &cpoptions = s:cpo | unlet s:cpo
