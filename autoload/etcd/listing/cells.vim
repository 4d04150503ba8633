" What the columns of a listing say, and how they stand below each other.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Cells between two columns, and what a value has at least.
let s:gap = 2
let s:least = 12

" The texts behind lines of {names}, a list of names as they are shown. {rows} has what is known by name (src/host/methods/describe.ts),
" and `time`, of reltime(), when it was read, if its TTL is to count down; {columns} which of it is wanted, {width} the cells of the
" window. Returns a list: a text for each name, '' if there is nothing.
function! etcd#listing#cells#lines(names, rows, columns, width) abort
  let cells = map(copy(a:names), {_, name -> has_key(a:rows, name) ? s:cells(a:rows[name], a:columns) : []})
  let start = max(map(copy(a:names), 'strdisplaywidth(v:val)')) + s:gap
  let widths = map(copy(a:columns), {i, _ -> max(map(copy(cells), {_, row -> empty(row) ? 0 : strdisplaywidth(row[i])}))})
  let at = index(a:columns, 'value')
  if at >= 0
    let others = start + s:gap * len(a:columns)
    for i in filter(range(len(widths)), 'v:val != at')
      let others += widths[i]
    endfor
    let widths[at] = min([widths[at], max([s:least, a:width - others])])
  endif
  return map(cells, {i, row -> empty(row) ? '' : s:line(row, a:columns, widths, start - 1 - strdisplaywidth(a:names[i]), a:width - start)})
endfunction

" {lead} cells, then the cells of {row} in their {widths}, in {room} cells.
function! s:line(row, columns, widths, lead, room) abort
  let parts = map(copy(a:row), {i, cell -> s:fill(cell, a:widths[i], a:columns[i])})
  let text = substitute(join(parts, repeat(' ', s:gap)), '\s\+$', '', '')
  return text ==# '' ? '' : repeat(' ', a:lead) . s:cut(text, a:room)
endfunction

function! s:fill(cell, width, column) abort
  let cell = s:cut(a:cell, a:width)
  let space = repeat(' ', a:width - strdisplaywidth(cell))
  return a:column ==# 'value' ? cell . space : space . cell
endfunction

function! s:cut(text, width) abort
  if strdisplaywidth(a:text) <= a:width
    return a:text
  endif
  let text = strcharpart(a:text, 0, max([0, a:width - 1]))
  while strdisplaywidth(text) > a:width - 1 && text !=# ''
    let text = strcharpart(text, 0, strchars(text) - 1)
  endwhile
  return text . (&encoding ==# 'utf-8' ? '…' : '>')
endfunction

function! s:cells(row, columns) abort
  return map(copy(a:columns), {_, column -> etcd#ui#message#line(s:cell(a:row, column))})
endfunction

" What {column} says of {row}.
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
