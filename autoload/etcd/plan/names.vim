" The names that a command about keys gets: addresses, or the lines of a listing.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The words of {argument}. A blank in a name is written "\ ", or %20.
function! etcd#plan#names#split(argument) abort
  return map(split(a:argument, '\\\@<!\s\+'), 'substitute(v:val, ''\\\(\s\)'', ''\1'', "g")')
endfunction

" The address of {word}, as it was typed. Throws 'etcd: …' if its profile is not clear.
function! etcd#plan#names#address(word) abort
  let address = a:word =~# '^etcd:' ? a:word : 'etcd:' . a:word
  return etcd#buffer#name#meant(address)
endfunction

" The names on lines {first} to {last} of the current listing, as Node takes them. Throws 'etcd: …' if it is not a listing.
function! etcd#plan#names#lines(first, last) abort
  if get(get(b:, 'etcd', {}), 'kind', '') !=# 'prefix'
    throw 'etcd: only a listing has lines that are names'
  endif
  let addresses = filter(map(range(a:first, a:last), 'etcd#listing#view#address(v:val)'), 'v:val !=# ""')
  if empty(addresses)
    throw 'etcd: there is no name on that line'
  endif
  return map(addresses, '{"name": v:val, "exact": v:true}')
endfunction

" What a command with {words} and lines {range} is about: the words, or the lines, or what the current buffer shows.
function! etcd#plan#names#given(words, range) abort
  if !empty(a:words) && !empty(a:range)
    throw 'etcd: lines and names: give one of them'
  elseif !empty(a:words)
    return map(copy(a:words), '{"name": etcd#plan#names#address(v:val)}')
  elseif !empty(a:range)
    return etcd#plan#names#lines(a:range[0], a:range[1])
  endif
  let known = get(b:, 'etcd', {})
  if get(known, 'kind', '') ==# 'prefix'
    return etcd#plan#names#lines(line('.'), line('.'))
  elseif get(known, 'kind', '') !=# 'key'
    throw 'etcd: name a key or a prefix'
  endif
  return [{'name': known.address, 'exact': v:true}]
endfunction

" Asks Node by {method} for the plan about {params}, and does it. Without {bang}, if a name is both a key and a prefix, the user is asked.
function! etcd#plan#names#do(method, params, bang) abort
  try
    let shown = etcd#plan#run#make(a:method, a:params)
  catch /^etcd: .* is both a key and a prefix/
    if a:bang || len(a:params.names) > 1
      throw v:exception
    endif
    let names = s:chosen(a:params.names[0].name, v:exception)
    let shown = etcd#plan#run#make(a:method, extend({'names': names}, a:params, 'keep'))
  endtry
  return etcd#plan#run#ask(shown, a:bang) ? etcd#plan#run#apply(shown) : {}
endfunction

" Asks which of the two {name} is. Throws {why} if nobody answers.
function! s:chosen(name, why) abort
  let answer = etcd#ui#person#present() ? confirm(etcd#ui#message#line(matchstr(a:why, '^etcd: .\{-}: \zs[^;]*')), "&Key\n&Prefix", 0) : 0
  if !answer
    throw a:why
  endif
  return [answer == 1 ? {'name': a:name, 'exact': v:true} : {'name': a:name . '/'}]
endfunction

let &cpoptions = s:cpo | unlet s:cpo
