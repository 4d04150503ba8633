" Variables from etcd, as dicts. Their values only go to a process. Nothing of them is expanded or run.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:depths = {'': 'children', '-r': 'last', '-path': 'path'}

" Reads the keys that {address} names, typed or canonical, with or without etcd:. {flag}: '', '-r' or '-path', as for etcdenv. Returns
" the result of the method `env`, with 'values', a dict by name, instead of the file. Throws 'etcd: …'.
function! etcd#env#take#from(address, flag) abort
  if !has_key(s:depths, a:flag)
    throw 'etcd: the depth is -r or -path, not ' . a:flag
  endif
  let name = a:address =~# '^etcd:' ? a:address : 'etcd:' . a:address
  let got = etcd#host#rpc#request('env', {'name': name, 'depth': s:depths[a:flag]}, 'list')
  let file = remove(got, 'file')
  try
    let got.values = s:values(readfile(file, 'b'))
  finally
    call delete(file)
  endtry
  return got
endfunction

" {lines} have 'NAME=value' and a NUL for each. readfile() gives a NUL as a newline inside of a line.
function! s:values(lines) abort
  let [values, entry] = [{}, []]
  for line in a:lines
    let parts = split(line, "\n", 1)
    for part in parts[:-2]
      let text = join(entry + [part], "\n")
      let at = stridx(text, '=')
      let values[strpart(text, 0, at)] = strpart(text, at + 1)
      let entry = []
    endfor
    call add(entry, parts[-1])
  endfor
  return values
endfunction

" What the user should know of keys that are no variable; '' if there is nothing.
function! etcd#env#take#warning(got) abort
  let left = filter(copy(a:got.left), 'v:val.unasked')
  return empty(left) ? '' : 'etcd: left out: ' . join(map(left, 'v:val.address . ": " . v:val.why'), '; ')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
