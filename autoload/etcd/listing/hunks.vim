" How the lines of a listing change: a list of hunks {'line', 'gone', 'come'} in the order of the lines. At 'line', 'gone' lines are
" removed, and the names in the list 'come' take their place.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The hunks by which the list of names {old} becomes {new}. Both are in etcd's order.
function! etcd#listing#hunks#between(old, new) abort
  let first = etcd#buffer#lines#alike(a:old, a:new)
  let last = etcd#buffer#lines#alike(reverse(a:old[first :]), reverse(a:new[first :]))
  let [old, new] = [s:slice(a:old, first, last), s:slice(a:new, first, last)]
  let stays = {}
  for name in old
    let stays['-' . name] = 0
  endfor
  for name in filter(copy(new), 'has_key(stays, "-" . v:val)')
    let stays['-' . name] = 1
  endfor
  let [hunks, at] = [{}, 0]
  for i in range(len(old))
    if !stays['-' . old[i]]
      call extend(s:hunk(hunks, first + i + 1), {'gone': 1})
      continue
    endif
    while new[at] !=# old[i]
      call add(s:hunk(hunks, first + i + 1).come, new[at])
      let at += 1
    endwhile
    let at += 1
  endfor
  if at < len(new)
    call extend(s:hunk(hunks, first + len(old) + 1).come, new[at :])
  endif
  return s:sorted(hunks)
endfunction

" The hunks that add the names {come} to the first {count} lines of buffer {bufnr}, and remove the names {gone}. Both lists are in
" etcd's order.
function! etcd#listing#hunks#of(bufnr, count, come, gone) abort
  let hunks = {}
  for name in a:come
    let [line, is_there] = etcd#listing#order#find(a:bufnr, a:count, name)
    if !is_there
      call add(s:hunk(hunks, line).come, name)
    endif
  endfor
  for name in a:gone
    let [line, is_there] = etcd#listing#order#find(a:bufnr, a:count, name)
    if is_there
      call extend(s:hunk(hunks, line), {'gone': 1})
    endif
  endfor
  return s:sorted(hunks)
endfunction

" Where line {lnum} is after {hunks}. If the line is removed, it is the one that takes its place.
function! etcd#listing#hunks#moved(hunks, lnum) abort
  let shift = 0
  for hunk in a:hunks
    if hunk.line > a:lnum
      break
    elseif hunk.line + hunk.gone > a:lnum
      return hunk.line + shift + len(hunk.come)
    endif
    let shift += len(hunk.come) - hunk.gone
  endfor
  return a:lnum + shift
endfunction

function! s:hunk(hunks, line) abort
  if !has_key(a:hunks, a:line)
    let a:hunks[a:line] = {'line': a:line, 'gone': 0, 'come': []}
  endif
  return a:hunks[a:line]
endfunction

" Lines that are removed one after the other are removed at once.
function! s:sorted(hunks) abort
  let joined = []
  for hunk in sort(values(a:hunks), {one, other -> one.line - other.line})
    let before = get(joined, -1, {'line': 0, 'gone': 0})
    if empty(hunk.come) && before.gone && before.line + before.gone == hunk.line
      let before.gone += hunk.gone
    else
      call add(joined, hunk)
    endif
  endfor
  return joined
endfunction

function! s:slice(names, first, last) abort
  return a:last ? a:names[a:first : -1 - a:last] : a:names[a:first :]
endfunction

let &cpoptions = s:cpo | unlet s:cpo
