" Profiles: which one short addresses mean, and what each wants of the editor.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:used = ''

" The name of the profile that `etcd:/x` means; '' is the default one.
function! etcd#host#profile#used() abort
  return s:used
endfunction

" The profile of an address, short or canonical.
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

" The name that {title} stands for: '' for "default". Throws 'etcd: …' if there is no such profile.
function! etcd#host#profile#named(title) abort
  if index(etcd#host#profile#titles(), a:title) < 0
    throw 'etcd: there is no profile ' . a:title . '; there are ' . join(etcd#host#profile#titles(), ', ')
  endif
  return a:title ==# 'default' ? '' : a:title
endfunction

" All names that :Etcd use takes. They are those that are set, right or wrong, because there may be no Node yet.
function! etcd#host#profile#titles() abort
  return ['default'] + filter(etcd#host#settings#profiles(), 'v:val !=# "default"')
endfunction

" Whether the profile {name} has the setting {switch}.
function! etcd#host#profile#has(name, switch) abort
  return etcd#host#settings#own(a:name, a:switch, 0) ? 1 : 0
endfunction

" By name ('' is the default one): what Node has made of the settings (ShownProfile of src/host/methods/configure.ts).
let s:told = {}

" Node has told of all profiles.
function! etcd#host#profile#tell(profiles) abort
  let s:told = {}
  for profile in a:profiles
    let s:told[profile.name] = profile
  endfor
endfunction

" {'endpoints': […], 'user': …, 'insecure': …} of the profile {name}, if Node has told them.
function! etcd#host#profile#told(name) abort
  return extend({'endpoints': [], 'user': '', 'insecure': v:false}, get(s:told, a:name, {}))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
