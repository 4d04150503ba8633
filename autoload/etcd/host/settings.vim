" What the user has set: g:etcd and the variables of etcdctl, as they are. Node reads and checks them (src/host/settings.ts). This file
" has only what the editor needs itself. If a value is wrong, it takes the default, and Node says what is wrong.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:timeout = {'read': 5000, 'write': 15000, 'list': 60000, 'complete': 2000}
" A day, in ms. A timer of 32 bits could hold 25 of them, and a longer one fires at once.
let s:longest = 86400000
" A rule of a profile is at this depth in g:etcd, and no setting is deeper.
let s:deepest = 8
" Stands for a text that JSON cannot carry: BYTES of src/host/setting-kinds.ts.
let s:bytes = nr2char(0xfffd, 1)

" The value of g:etcd[name]. If it is not set, or has another type than the default, the default.
function! etcd#host#settings#get(name, default) abort
  return s:entry(get(g:, 'etcd', {}), a:name, a:default)
endfunction

" The same for the profile {profile}; '' is the default one.
function! etcd#host#settings#own(profile, name, default) abort
  let profiles = a:profile ==# '' ? {} : etcd#host#settings#get('profiles', {})
  return a:profile ==# '' ? etcd#host#settings#get(a:name, a:default) : s:entry(get(profiles, a:profile, {}), a:name, a:default)
endfunction

" The names of all profiles except the default one.
function! etcd#host#settings#profiles() abort
  return sort(keys(etcd#host#settings#get('profiles', {})))
endfunction

function! s:entry(dictionary, name, default) abort
  " A capital, because it may be a function.
  let Value = type(a:dictionary) == v:t_dict ? get(a:dictionary, a:name, a:default) : a:default
  return type(Value) == type(a:default) || (type(a:default) == v:t_number && type(Value) == v:t_bool) ? Value : a:default
endfunction

" ms that a request may take. {kind} is 'read', 'write', 'list' or 'complete'.
function! etcd#host#settings#timeout(kind) abort
  let ms = s:entry(etcd#host#settings#get('timeout', {}), a:kind, 0)
  return ms > 0 ? min([ms, s:longest]) : s:timeout[a:kind]
endfunction

" s:sent was made from s:seen. It is kept, because making it takes milliseconds.
let [s:seen, s:sent] = [[], {}]

" All settings, as `configure` takes them (src/host/methods/configure.ts). The caller must not change them.
function! etcd#host#settings#written() abort
  let now = [get(g:, 'etcd', {}), environ(), getcwd(), &encoding]
  if now !=# s:seen
    let s:seen = []
    let words = {}
    let environment = filter(copy(now[1]), 'v:key =~# "^ETCDCTL_"')
    let s:sent = {'settings': s:plain(now[0], words, 0), 'environment': s:plain(environment, words, 0), 'words': words,
          \ 'cwd': s:text(getcwd()), 'timeout': map(copy(s:timeout), 'etcd#host#settings#timeout(v:key)')}
    let s:seen = deepcopy(now)
  endif
  return s:sent
endfunction

" {value} as JSON can carry it. A function and the like become null, which no setting can be. Adds to {words} what the words in its
" texts mean.
function! s:plain(value, words, depth) abort
  if type(a:value) == v:t_string
    call s:learn(a:value, a:words)
    return s:text(a:value)
  elseif type(a:value) == v:t_list && a:depth < s:deepest
    return map(copy(a:value), 's:plain(v:val, a:words, a:depth + 1)')
  elseif type(a:value) == v:t_dict && a:depth < s:deepest
    let plain = {}
    for name in keys(a:value)
      let plain[s:text(name)] = s:plain(a:value[name], a:words, a:depth + 1)
    endfor
    return plain
  elseif type(a:value) == v:t_float
    return isnan(a:value) || isinf(a:value) ? v:null : a:value
  endif
  return index([v:t_number, v:t_bool], type(a:value)) >= 0 ? a:value : v:null
endfunction

function! s:text(text) abort
  return etcd#host#wire#is_exact(a:text) ? a:text : s:bytes
endfunction

" File names may begin with ~ or ~name, and have $NAME or ${NAME}. We do not use expand(), because it would run what is in backticks.
function! s:learn(text, words) abort
  let home = matchstr(a:text, '^\~[^/]*')
  if home !=# ''
    let a:words[home] = s:text(substitute(fnamemodify(home, ':p'), '.\zs/$', '', ''))
  endif
  call substitute(a:text, '\$\(\h\w*\|{\h\w*}\)', '\=s:variable(submatch(0), a:words)', 'g')
endfunction

function! s:variable(word, words) abort
  let name = matchstr(a:word, '\w\+')
  let value = getenv(name)
  if value isnot v:null
    let a:words['$' . name] = s:text(value)
  endif
  return ''
endfunction

let &cpoptions = s:cpo | unlet s:cpo
