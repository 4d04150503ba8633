" What was found, as a quickfix or a location list. It is known by its id, because other plugins may make their own lists meanwhile.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Makes a list called {title}: the location list of {window}, or the quickfix list if that is 0. Returns it, for the other functions here.
function! etcd#search#list#open(window, title) abort
  call s:set(a:window, ' ', {'title': a:title, 'items': []})
  let known = a:window ? getloclist(a:window, {'id': 0}) : getqflist({'id': 0})
  return {'window': a:window, 'id': known.id}
endfunction

" Adds {items} (:h setqflist-what) to {list}. Returns 0 if the list no longer exists.
function! etcd#search#list#add(list, items) abort
  let there = a:list.window ? getloclist(a:list.window, {'id': a:list.id}) : getqflist({'id': a:list.id})
  return get(there, 'id') == a:list.id && s:set(a:list.window, 'a', {'id': a:list.id, 'items': a:items}) == 0
endfunction

" The items from the {file} that `search` or `found` gave; [] without one. The file is deleted.
function! etcd#search#list#items(found) abort
  if !has_key(a:found, 'file')
    return []
  endif
  let lines = readfile(a:found.file)
  call delete(a:found.file)
  if &encoding !=# 'utf-8'
    call map(lines, 'iconv(v:val, "utf-8", &encoding)')
  endif
  return map(lines, 's:item(split(v:val, "\t", 1))')
endfunction

" For a value line and column, and for a name only the key.
function! s:item(parts) abort
  if len(a:parts) == 1
    return {'filename': a:parts[0], 'lnum': 1, 'col': 1, 'text': '', 'valid': 1}
  endif
  let [address, line, column, end, text] = a:parts
  return {'filename': address, 'lnum': str2nr(line), 'col': str2nr(column), 'end_col': str2nr(end), 'text': text, 'valid': 1}
endfunction

function! s:set(window, action, what) abort
  return a:window ? setloclist(a:window, [], a:action, a:what) : setqflist([], a:action, a:what)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
