" What the user has set: g:etcd and the ETCDCTL_* environment. Looked at at every use, so a change holds at once.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Every name that g:etcd, a profile and `timeout` know; anything else is refused, since it would be a misspelt one.
let s:timeout = {'read': 5000, 'write': 15000, 'list': 60000, 'complete': 2000}
" A day, in ms: timers of 32 bits end after 25 of them, and what is more fires at once.
let s:longest = 86400000
let s:top = {'profiles': 'dictionary', 'timeout': 'dictionary', 'wait': 'switch', 'node': 'text', 'host': 'host',
      \ 'columns': 'columns', 'validate': 'dictionary', 'pretty': 'patterns'}
let s:columns = ['value', 'size', 'revision', 'version', 'ttl', 'age']
" What a profile may have, and as what. The default profile has it at the top level of g:etcd.
let s:fields = {
      \ 'endpoints': 'endpoints', 'root': 'text', 'readonly': 'switch', 'confirm': 'switch', 'swap': 'switch', 'rules': 'rules',
      \ 'user': 'text', 'password_command': 'command', 'password_file': 'file',
      \ 'cacert': 'file', 'cert': 'file', 'key': 'file', 'passphrase_command': 'command', 'passphrase_file': 'file',
      \ 'server_name': 'text', 'insecure_skip_verify': 'switch', 'highlight': 'group', 'watch': 'switch',
      \ }
" What a rule of a profile may have, and as what.
let s:rule = {'keys': 'text', 'readonly': 'switch', 'confirm': 'switch', 'note': 'text'}
" etcdctl's own variables, for the default profile alone; ETCDCTL_USER and _PASSWORD go together, s:login().
let s:environment = {
      \ 'endpoints': 'ETCDCTL_ENDPOINTS', 'cacert': 'ETCDCTL_CACERT', 'cert': 'ETCDCTL_CERT', 'key': 'ETCDCTL_KEY',
      \ 'insecure_skip_verify': 'ETCDCTL_INSECURE_SKIP_TLS_VERIFY',
      \ }

" The value of g:etcd[name], or the default; also where it has another type than that, of which etcd#host#settings#profiles() tells.
function! etcd#host#settings#get(name, default) abort
  let settings = get(g:, 'etcd', {})
  let value = type(settings) == v:t_dict ? get(settings, a:name, a:default) : a:default
  return type(value) == type(a:default) || (type(a:default) == v:t_number && type(value) == v:t_bool) ? value : a:default
endfunction

" ms that a request may take. {kind} is 'read', 'write', 'list' or 'complete'.
function! etcd#host#settings#timeout(kind) abort
  let own = etcd#host#settings#get('timeout', {})
  let ms = type(own) == v:t_dict ? get(own, a:kind, 0) : 0
  return type(ms) == v:t_number && ms > 0 ? min([ms, s:longest]) : s:timeout[a:kind]
endfunction

" The same of each kind: what `configure` (src/host/methods/configure.ts) takes.
function! etcd#host#settings#timeouts() abort
  return map(copy(s:timeout), 'etcd#host#settings#timeout(v:key)')
endfunction

" All that the profiles depend on, when they were read last, and what they were. Reading takes milliseconds.
let s:seen = []
let s:profiles = {}

" The profiles, '' is the default one: what src/host/methods/configure.ts takes. Not to be changed by whoever gets them.
" Throws 'etcd: …' that names the setting which is wrong.
function! etcd#host#settings#profiles() abort
  let now = [get(g:, 'etcd', {}), environ(), getcwd()]
  if now !=# s:seen
    let s:seen = []
    let s:profiles = s:read(now[0])
    let s:seen = deepcopy(now)
  endif
  return s:profiles
endfunction

function! s:read(settings) abort
  let settings = s:dictionary('g:etcd', a:settings)
  call s:check_names('g:etcd', settings, keys(s:top) + keys(s:fields), 'is no setting')
  let own = s:dictionary('g:etcd.timeout', get(settings, 'timeout', {}))
  call s:check_names('g:etcd.timeout', own, keys(s:timeout), 'is no kind of command')
  for [kind, ms] in items(own)
    call s:check('g:etcd.timeout.' . kind, type(ms) == v:t_number && ms > 0, 'must be a number of milliseconds, above 0')
  endfor
  for [pattern, rule] in items(s:dictionary('g:etcd.validate', get(settings, 'validate', {})))
    call s:check('g:etcd.validate[' . string(pattern) . ']', index(['json', 'yaml', 'toml'], rule) >= 0 || (s:texts(rule) && !empty(rule)),
          \ 'must be "json", "yaml", "toml", or a list: the program and its arguments')
  endfor
  for [name, type] in items(filter(copy(s:top), 'v:val !=# "dictionary" && has_key(settings, v:key)'))
    call s:value('g:etcd.' . name, type, settings[name])
  endfor
  let profiles = {'': s:default(settings)}
  for [name, given] in items(s:dictionary('g:etcd.profiles', get(settings, 'profiles', {})))
    let path = 'g:etcd.profiles.' . name
    call s:check(path, name =~# '^\w[[:alnum:]_.-]*$', 'cannot be a name: see :help etcd-address-canonical')
    call s:check(path, name !=# 'default', 'is at the top level of g:etcd')
    let profile = s:dictionary(path, given)
    call s:check_names(path, profile, keys(s:fields), 'is no setting of a profile')
    let profiles[name] = s:profile(path, profile)
    call s:check(path . '.endpoints', !empty(get(profiles[name], 'endpoints', [])), 'is missing')
  endfor
  return profiles
endfunction

" {value} as a dictionary. An empty one of Lua arrives as an empty list.
function! s:dictionary(path, value) abort
  call s:check(a:path, type(a:value) == v:t_dict || (type(a:value) == v:t_list && empty(a:value)), 'must be a dictionary')
  return type(a:value) == v:t_dict ? a:value : {}
endfunction

function! s:check_names(path, settings, known, why) abort
  for name in sort(keys(a:settings))
    let near = index(a:known, name) >= 0 || name =~# s:secret ? '' : etcd#verb#near#setting(name, a:known)
    call s:check(a:path . '.' . name, index(a:known, name) >= 0 || name =~# s:secret,
          \ a:why . (near ==# '' ? '' : '; did you mean ' . near . '?'))
  endfor
endfunction

" The top level of g:etcd; the environment wins: the one belongs to a vimrc, the other to a shell.
function! s:default(settings) abort
  let profile = s:profile('g:etcd', a:settings)
  for [field, variable] in items(s:environment)
    let value = getenv(variable)
    if value isnot v:null && value !=# ''
      let given = s:fields[field] ==# 'switch' ? value =~? '^\%(1\|t\|true\)$' : value
      let profile[field] = s:value('$' . variable, s:fields[field], given)
    endif
  endfor
  call extend(profile, s:login(profile))
  " etcdctl would look the cluster up: 127.0.0.1 may be another one.
  if $ETCDCTL_DISCOVERY_SRV !=# '' && !has_key(profile, 'endpoints')
    return extend(profile, {'endpoints': [], 'discovery_srv': $ETCDCTL_DISCOVERY_SRV})
  endif
  return extend(profile, {'endpoints': ['127.0.0.1:2379']}, 'keep')
endfunction

" As etcdctl takes them: a password of its own, or the one after the colon. Whoever is another user than the one of the vimrc
" does not have that one's password.
function! s:login(profile) abort
  let [user, password] = [$ETCDCTL_USER, $ETCDCTL_PASSWORD]
  if password ==# ''
    let [user, password] = matchlist(user, '^\([^:]*\):\=\(.*\)$')[1:2]
  endif
  if password !=# '' || (user !=# '' && user !=# get(a:profile, 'user', ''))
    call filter(a:profile, 'v:key !~# "^password_"')
  endif
  return extend(user ==# '' ? {} : {'user': user}, password ==# '' ? {} : {'password': password})
endfunction

let s:secret = '^\%(password\|passphrase\)$'

function! s:profile(path, settings) abort
  for field in ['password', 'passphrase']
    call s:check(a:path . '.' . field, !has_key(a:settings, field), 'does not belong into a vimrc; set '
          \ . field . '_command or ' . field . '_file, or be asked for it')
  endfor
  let profile = {}
  for field in keys(s:fields)
    if has_key(a:settings, field)
      let profile[field] = s:value(a:path . '.' . field, s:fields[field], a:settings[field])
    endif
  endfor
  return profile
endfunction

" {value} of the setting {path}, which is of {kind}, checked, as Node takes it.
function! s:value(path, kind, value) abort
  if a:kind ==# 'switch'
    call s:check(a:path, index([0, 1, v:false, v:true], a:value) >= 0, 'must be true or false')
    return a:value ? v:true : v:false
  elseif a:kind ==# 'endpoints'
    let list = type(a:value) == v:t_string ? split(a:value, '\s*,\s*') : a:value
    call s:check(a:path, s:texts(list), 'must be a list of texts')
    " Not shown: what stands before the "@" may be a password.
    call s:check(a:path, empty(filter(copy(list), 'stridx(v:val, "@") >= 0')), 'cannot hold a user; set user and password_command')
    return list
  elseif a:kind ==# 'rules'
    call s:check(a:path, type(a:value) == v:t_list, 'must be a list of dictionaries')
    return map(copy(a:value), {i, rule -> s:key_rule(printf('%s[%d]', a:path, i), rule)})
  elseif a:kind ==# 'command'
    call s:check(a:path, s:texts(a:value) && !empty(a:value), 'must be a list: the program and its arguments')
    return a:value
  endif
  if a:kind ==# 'patterns'
    call s:check(a:path, s:texts(a:value), 'must be a list of texts')
    return a:value
  elseif a:kind ==# 'columns'
    call s:check(a:path, s:texts(a:value), 'must be a list of texts')
    for name in a:value
      call s:check(a:path, index(s:columns, name) >= 0, 'may have ' . join(s:columns, ', ') . ', not ' . name)
    endfor
    return a:value
  endif
  call s:check(a:path, type(a:value) == v:t_string, 'must be a text')
  " It becomes a part of a status line.
  call s:check(a:path, a:kind !=# 'group' || a:value =~# '^\h\w*$', 'must be the name of a highlight group')
  call s:check(a:path, a:kind !=# 'host' || index(['', 'remote'], a:value) >= 0, 'must be "remote", or not be set')
  return a:kind ==# 'file' ? s:file(a:value) : a:value
endfunction

function! s:key_rule(path, given) abort
  let rule = s:dictionary(a:path, a:given)
  call s:check_names(a:path, rule, keys(s:rule), 'is no setting of a rule')
  let checked = {}
  for [name, value] in items(rule)
    let checked[name] = s:value(a:path . '.' . name, s:rule[name], value)
  endfor
  call s:check(a:path . '.keys', get(checked, 'keys', '') !=# '', 'is missing: a pattern of keys')
  return checked
endfunction

function! s:texts(list) abort
  return type(a:list) == v:t_list && empty(filter(copy(a:list), 'type(v:val) != v:t_string'))
endfunction

" {file} in full: Node works in another directory. $NAME and ~ stand for what they do in a shell; not by expand(), which would
" run what is in backticks and look for wildcards.
function! s:file(file) abort
  let named = substitute(a:file, '\$\(\h\w*\|{\h\w*}\)', '\=s:variable(submatch(0))', 'g')
  return named ==# '' ? '' : fnamemodify(named, ':p')
endfunction

function! s:variable(text) abort
  let value = getenv(matchstr(a:text, '\w\+'))
  return value is v:null ? a:text : value
endfunction

function! s:check(path, fine, why) abort
  if !a:fine
    throw printf('etcd: %s %s; see :help etcd-settings', a:path, a:why)
  endif
endfunction

let &cpoptions = s:cpo | unlet s:cpo
