" Lines of a unified diff that fit on the screen. Of two long lines only the part in which they differ is shown, with its position.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Characters that are shown before the first difference.
let s:before = 20

" {lines} of a unified diff, each at most {width} characters and printable. If something was left out, a line of its own says so. It
" begins with a backslash, like diff's own remarks.
function! etcd#ui#excerpt#lines(lines, width) abort
  let [shown, at] = [[], 0]
  while at < len(a:lines)
    let removed = s:run(a:lines, at, '-')
    " "No newline at end of value" may stand between the two.
    let remark = empty(removed) ? [] : s:run(a:lines, at + len(removed), '\')
    let added = s:run(a:lines, at + len(removed) + len(remark), '+')
    if empty(removed) && empty(added)
      call add(shown, s:from(strtrans(a:lines[at]), 0, a:width))
      let at += 1
      continue
    endif
    let at += len(removed) + len(remark) + len(added)
    let pairs = min([len(removed), len(added)])
    let [old, new, notes] = [[], [], []]
    for i in range(max([len(removed), len(added)]))
      let cut = s:pair(get(removed, i, ''), get(added, i, ''), a:width)
      let old += i < len(removed) ? [cut[0]] : []
      let new += i < len(added) ? [cut[1]] : []
      let notes += cut[2] ==# '' ? [] : [printf('\ %s%s', pairs > 1 || i >= pairs ? 'line ' . (i + 1) . ' of these: ' : '', cut[2])]
    endfor
    let shown += notes + old + remark + new
  endwhile
  return shown
endfunction

" The lines from {at} on that begin with {sign}.
function! s:run(lines, at, sign) abort
  let end = a:at
  while end < len(a:lines) && a:lines[end][0] ==# a:sign
    let end += 1
  endwhile
  return end > a:at ? a:lines[a:at : end - 1] : []
endfunction

" [old, new, what was left out] of a line and the one that replaces it. An old or new line that does not exist is ''.
function! s:pair(removed, added, width) abort
  let [old, new] = [strtrans(a:removed), strtrans(a:added)]
  let [long, longer] = [strchars(old), strchars(new)]
  let alike = old[1:] ==# new[1:] && a:removed[1:] !=# a:added[1:]
  if max([long, longer]) <= a:width
    return [old, new, alike ? 'they differ in bytes that look the same' : '']
  endif
  let same = old ==# '' || new ==# '' ? 0 : s:common(old[1:], new[1:])
  let start = max([0, same - s:before])
  let place = same == 0 ? '' : printf('from character %d on, ', same + 1)
  let sizes = old ==# '' ? printf('of %d', longer - 1) : new ==# '' ? printf('of %d', long - 1)
        \ : printf('of %d, now %d', long - 1, longer - 1)
  return [s:from(old, start, a:width), s:from(new, start, a:width), place . sizes . ' characters'
        \ . (alike ? ', which differ in bytes that look the same' : '')]
endfunction

" How many characters two texts have in common at the beginning. It halves, because a value may be one line of a megabyte.
function! s:common(one, other) abort
  let [known, limit] = [0, min([len(a:one), len(a:other)])]
  while known < limit
    let half = (known + limit + 1) / 2
    if strpart(a:one, known, half - known) ==# strpart(a:other, known, half - known)
      let known = half
    else
      let limit = half - 1
    endif
  endwhile
  " Of the last character only the first bytes may be the same.
  let chars = strchars(strpart(a:one, 0, known))
  return chars > 0 && strcharpart(a:one, chars - 1, 1) !=# strcharpart(a:other, chars - 1, 1) ? chars - 1 : chars
endfunction

" The sign of {line}, and {width} characters of the rest of it from {start} on.
function! s:from(line, start, width) abort
  if strchars(a:line) <= a:width && a:start == 0
    return a:line
  endif
  let sign = a:start > 0 ? strcharpart(a:line, 0, 1) . '…' : strcharpart(a:line, 0, 1)
  let room = a:width - strchars(sign)
  let rest = strcharpart(a:line, a:start + 1)
  return sign . (strchars(rest) <= room ? rest : strcharpart(rest, 0, room - 1) . '…')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
