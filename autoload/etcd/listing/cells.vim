" What the columns of a listing say, and how they are aligned.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Cells between two columns, and the least that a value gets.
let s:gap = 2
let s:least = 12

" The texts after the lines of {names}, a list of names as they are shown. {rows} has what is known, by name
" (src/host/methods/describe.ts), and `time`, from reltime(), when it was read, if its TTL is to count down. {columns} says which
" columns are wanted, {width} how many cells the window has. Returns a list: a text for each name, '' if there is nothing.
" If a name takes more than three quarters of {width}, it does not move the columns of the others. Its own follow it, if there is room.
function! etcd#listing#cells#lines(names, rows, columns, width) abort
  let taken = map(copy(a:names), 'strdisplaywidth(v:val)')
  let start = max(filter(copy(taken), 'v:val <= a:width * 3 / 4')) + s:gap
  let known = filter(range(len(a:names)), 'has_key(a:rows, a:names[v:val])')
  let rows = map(copy(known), 'a:rows[a:names[v:val]]')
  let cells = map(copy(a:columns), 's:column(rows, v:val)')
  let widths = map(copy(cells), "max(map(copy(v:val), 'strdisplaywidth(v:val)'))")
  let at = index(a:columns, 'value')
  if at >= 0
    let others = start + s:gap * len(a:columns)
    for i in filter(range(len(widths)), 'v:val != at')
      let others += widths[i]
    endfor
    let widths[at] = min([widths[at], max([s:least, a:width - others])])
    call map(cells[at], 's:cut(v:val, widths[at])')
  endif
  let lines = repeat([''], len(known))
  for i in range(len(cells))
    let format = (i ? repeat(' ', s:gap) : '') . '%' . (i == at ? '-' : '') . widths[i] . 'S'
    call map(lines, 'v:val . printf(format, cells[i][v:key])')
  endfor
  let texts = repeat([''], len(a:names))
  for i in range(len(known))
    let text = substitute(lines[i], '\s\+$', '', '')
    let own = max([start, taken[known[i]] + s:gap])
    let lead = repeat(' ', own - 1 - taken[known[i]])
    let texts[known[i]] = text ==# '' || own >= a:width ? '' : lead . s:cut(text, a:width - own)
  endfor
  return texts
endfunction

function! s:cut(text, width) abort
  if strdisplaywidth(a:text) <= a:width
    return a:text
  endif
  return printf('%.' . max([0, a:width - 1]) . 'S', a:text) . (&encoding ==# 'utf-8' ? '…' : '>')
endfunction

" What {column} says for each of {rows}. Most cells are numbers, and those are taken as they are: a call for each cell takes ten times
" as long.
function! s:column(rows, column) abort
  if index(['revision', 'version', 'age'], a:column) >= 0
    return map(copy(a:rows), 'get(v:val, a:column, "")')
  elseif a:column ==# 'ttl'
    return map(copy(a:rows), 'has_key(v:val, "ttl") || has_key(v:val, "lease") ? s:cell(v:val, "ttl") : ""')
  endif
  return map(copy(a:rows), 'etcd#ui#message#line(s:cell(v:val, a:column))')
endfunction

" What {column} says for {row}.
function! s:cell(row, column) abort
  if a:row.kind ==# 'gone' || a:row.kind ==# 'hidden'
    return a:column ==# 'value' ? a:row.kind ==# 'gone' ? '(gone)' : '(not yours to read)' : ''
  elseif a:column ==# 'size'
    return has_key(a:row, 'keys') ? a:row.keys . (a:row.keys == 1 ? ' key' : ' keys')
          \ : has_key(a:row, 'size') ? s:bytes(a:row.size) : a:row.kind ==# 'key' ? '?' : ''
  elseif a:column ==# 'ttl'
    return !has_key(a:row, 'ttl') ? get(a:row, 'lease', '') :
          \ (has_key(a:row, 'time') ? etcd#ui#clock#left(a:row.ttl, a:row.time) : a:row.ttl) . ' s'
  elseif a:column ==# 'value' && a:row.kind ==# 'key' && !has_key(a:row, 'value')
    return '(large)'
  endif
  return get(a:row, a:column, '')
endfunction

" {bytes} in short: 14 B, 1.5 KiB, 3.0 MiB.
function! s:bytes(bytes) abort
  let [size, unit] = [a:bytes * 1.0, 0]
  while size >= 1024 && unit < 3
    let [size, unit] = [size / 1024, unit + 1]
  endwhile
  return printf(unit ? '%.1f %s' : '%.0f %s', size, ['B', 'KiB', 'MiB', 'GiB'][unit])
endfunction

let &cpoptions = s:cpo | unlet s:cpo
