" Profiles: which one short addresses mean, and what one asks of the editor.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:used = ''

" The name of the profile that `etcd:/x` means; '' is the default one.
function! etcd#host#profile#used() abort
  return s:used
endfunction

" The profile that an address, short or canonical, is of.
function! etcd#host#profile#of(address) abort
  return a:address =~# '^etcd://' ? matchstr(a:address, '^etcd://\zs[^/?]*') : s:used
endfunction

" {name} as users say it.
function! etcd#host#profile#title(name) abort
  return a:name ==# '' ? 'default' : a:name
endfunction

" From now on `etcd:/x` is a key of the profile that the user calls {title}. Throws 'etcd: …' if there is no such profile.
function! etcd#host#profile#use(title) abort
  let s:used = etcd#host#profile#named(a:title)
endfunction

" The name that {title} stands for: '' for "default". Throws 'etcd: …' where there is no such profile.
function! etcd#host#profile#named(title) abort
  let name = a:title ==# 'default' ? '' : a:title
  if !has_key(etcd#host#settings#profiles(), name)
    throw 'etcd: there is no profile ' . a:title . '; there are ' . join(etcd#host#profile#titles(), ', ')
  endif
  return name
endfunction

" All that :Etcd use takes.
function! etcd#host#profile#titles() abort
  return ['default'] + sort(filter(keys(etcd#host#settings#profiles()), 'v:val !=# ""'))
endfunction

" The first endpoint of the profile {name}, as it was set; '' if the settings are wrong.
function! etcd#host#profile#endpoint(name) abort
  try
    return get(get(get(etcd#host#settings#profiles(), a:name, {}), 'endpoints', []), 0, '')
  catch /^etcd:/
    return ''
  endtry
endfunction

" Whether the profile {name} has the setting {switch}; 0 if the settings are wrong.
function! etcd#host#profile#has(name, switch) abort
  try
    return get(get(etcd#host#settings#profiles(), a:name, {}), a:switch, v:false) ? 1 : 0
  catch /^etcd:/
    return 0
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
