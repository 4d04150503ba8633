" Changes the lines of a buffer into others with the smallest change. Marks, folds and cursors stay with the lines that stay.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" If there are more lines than this between the first and the last difference, they are replaced as one. To compare them would take too
" long here.
let s:most = 2000

" The lines of buffer {bufnr}, which is loaded and 'modifiable', become {new}, a list that is not empty. That is undone as one change.
" In each window the cursor stays on its line, and what is in sight stays there if lines above it come and go.
function! etcd#buffer#lines#become(bufnr, new) abort
  let views = map(win_findbuf(a:bufnr), '[v:val, getwininfo(v:val)[0].topline, line(".", v:val)]')
  call etcd#buffer#undo#break(a:bufnr)
  let hunks = reverse(s:hunks(getbufline(a:bufnr, 1, '$'), a:new))
  for [line, gone, come, from] in hunks
    let both = min([gone, come])
    if both > 0
      call setbufline(a:bufnr, line, a:new[from : from + both - 1])
    endif
    if come > both
      call appendbufline(a:bufnr, line + both - 1, a:new[from + both : from + come - 1])
    elseif gone > both
      silent call deletebufline(a:bufnr, line + both, line + gone - 1)
    endif
  endfor
  call etcd#buffer#undo#break(a:bufnr)
  for [window, top, line] in views
    let view = {'topline': s:moved(top, hunks, 0), 'lnum': s:moved(line, hunks, 1)}
    call win_execute(window, 'call winrestview(view)')
  endfor
endfunction

" How many lines the lists {one} and {other} have in common at the beginning. Whole stretches are compared at once, because there can be
" a million lines.
function! etcd#buffer#lines#alike(one, other) abort
  let [low, high] = [0, min([len(a:one), len(a:other)])]
  while low < high
    let middle = (low + high + 1) / 2
    if a:one[low : middle - 1] ==# a:other[low : middle - 1]
      let low = middle
    else
      let high = middle - 1
    endif
  endwhile
  return low
endfunction

" Where old line {at} is after {hunks}. {stays}: the line stays with its text. If it is false, lines that come just above it are in
" sight. Vim itself moves cursors of other windows twice (deletebufline()).
function! s:moved(at, hunks, stays) abort
  let now = a:at
  for [line, gone, come; _] in a:hunks
    if a:stays ? line + gone <= a:at : line < a:at
      let now += come - gone
    elseif a:stays && line <= a:at
      let now -= max([0, a:at - line + 1 - max([1, come])])
    endif
  endfor
  return max([1, now])
endfunction

" What differs between {old} and {new}: a list of [line, gone, come, from], in order. {from} counts in {new}, from 0 on.
function! s:hunks(old, new) abort
  let all = {'old': a:old, 'new': a:new, 'found': []}
  let [head, old, new] = s:trim(all, 0, len(a:old), 0, len(a:new))
  let [at_old, at_new] = [head, head]
  for [i, j] in old - head > s:most || new - head > s:most ? [] : s:anchors(all, head, old, new)
    if i > at_old || j > at_new
      call s:add(all, at_old, i, at_new, j)
    endif
    let [at_old, at_new] = [i + 1, j + 1]
  endfor
  call s:add(all, at_old, old, at_new, new)
  return all.found
endfunction

" Leaves out what is the same at both ends of the lines {i}..{end} and {j}..{last}. Returns [how many at the beginning, end, last].
function! s:trim(all, i, end, j, last) abort
  let [old, new] = [s:slice(a:all.old, a:i, a:end), s:slice(a:all.new, a:j, a:last)]
  let head = etcd#buffer#lines#alike(old, new)
  let tail = etcd#buffer#lines#alike(reverse(old[head :]), reverse(new[head :]))
  return [head, a:end - tail, a:last - tail]
endfunction

function! s:slice(lines, first, end) abort
  return a:first < a:end ? a:lines[a:first : a:end - 1] : []
endfunction

function! s:add(all, i, end, j, last) abort
  let [head, end, last] = s:trim(a:all, a:i, a:end, a:j, a:last)
  let [i, j] = [a:i + head, a:j + head]
  if end > i || last > j
    call add(a:all.found, [i + 1, end - i, last - j, j])
  endif
endfunction

" The longest common sequence of lines that occur only once in {head}..{old} and only once in {head}..{new}: their places.
function! s:anchors(all, head, old, new) abort
  let [from, to] = [s:places(a:all.old, a:head, a:old), s:places(a:all.new, a:head, a:new)]
  let pairs = []
  for j in range(a:head, a:new - 1)
    let line = a:all.new[j]
    if to[line] >= 0 && get(from, line, -1) >= 0
      call add(pairs, [from[line], j])
    endif
  endfor
  return s:rising(pairs)
endfunction

" By line, its place; -1 if it occurs more than once.
function! s:places(lines, first, end) abort
  let places = {}
  for i in range(a:first, a:end - 1)
    let places[a:lines[i]] = has_key(places, a:lines[i]) ? -1 : i
  endfor
  return places
endfunction

" The longest part of {pairs} in which the first numbers rise (patience sorting: the top card of each pile, and what is below it).
function! s:rising(pairs) abort
  let [tops, below] = [[], []]
  let last = -1
  for n in range(len(a:pairs))
    if a:pairs[n][0] > last
      let last = a:pairs[n][0]
      call add(below, get(tops, -1, -1))
      call add(tops, n)
      continue
    endif
    let pile = s:pile(a:pairs, tops, a:pairs[n][0])
    call add(below, pile > 0 ? tops[pile - 1] : -1)
    let tops[pile] = n
    let last = a:pairs[tops[-1]][0]
  endfor
  let rising = []
  let n = get(tops, -1, -1)
  while n >= 0
    call add(rising, a:pairs[n])
    let n = below[n]
  endwhile
  return reverse(rising)
endfunction

" The first pile whose top is not less than {number}. {number} is not more than the last top.
function! s:pile(pairs, tops, number) abort
  let [low, high] = [0, len(a:tops) - 1]
  while low < high
    let middle = (low + high) / 2
    if a:pairs[a:tops[middle]][0] < a:number
      let low = middle + 1
    else
      let high = middle
    endif
  endwhile
  return low
endfunction

let &cpoptions = s:cpo | unlet s:cpo
