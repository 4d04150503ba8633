" Profiles: which one short addresses mean, and what one asks of the editor.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:used = ''

" The name of the profile that `etcd:/x` means; '' is the default one.
function! etcd#profile#used() abort
  return s:used
endfunction

" The profile that an address, short or canonical, is of.
function! etcd#profile#of(address) abort
  return a:address =~# '^etcd://' ? matchstr(a:address, '^etcd://\zs[^/?]*') : s:used
endfunction

" {name} as users say it.
function! etcd#profile#title(name) abort
  return a:name ==# '' ? 'default' : a:name
endfunction

" :Etcd use {title}: from now on `etcd:/x` is a key of that profile. Without a title it is told which one it is.
" Throws 'etcd: …' where there is no such profile.
function! etcd#profile#use(title) abort
  if a:title !=# ''
    let s:used = etcd#profile#named(a:title)
  endif
  let profile = get(etcd#settings#profiles(), s:used, {'endpoints': []})
  call etcd#message#info(printf('etcd: etcd:/ is the profile %s (%s)', etcd#profile#title(s:used), join(profile.endpoints, ', ')))
endfunction

" The name behind {title}: '' for "default". Throws 'etcd: …' where there is no such profile.
function! etcd#profile#named(title) abort
  let name = a:title ==# 'default' ? '' : a:title
  if !has_key(etcd#settings#profiles(), name)
    throw 'etcd: there is no profile ' . a:title . '; there are ' . join(etcd#profile#titles(), ', ')
  endif
  return name
endfunction

" All that :Etcd use takes.
function! etcd#profile#titles() abort
  return ['default'] + sort(filter(keys(etcd#settings#profiles()), 'v:val !=# ""'))
endfunction

" The first endpoint of the profile {name}, as it was set; '' where the settings are wrong.
function! etcd#profile#endpoint(name) abort
  try
    return get(get(get(etcd#settings#profiles(), a:name, {}), 'endpoints', []), 0, '')
  catch /^etcd:/
    return ''
  endtry
endfunction

" Whether the profile {name} has the setting {switch}; 0 where the settings are wrong.
function! etcd#profile#has(name, switch) abort
  try
    return get(get(etcd#settings#profiles(), a:name, {}), a:switch, v:false) ? 1 : 0
  catch /^etcd:/
    return 0
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
