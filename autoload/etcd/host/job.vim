" The Node process, as a job of Vim or of Neovim: found, started, fed with lines, and ended.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:root = expand('<sfile>:p:h:h:h:h')
let s:main = s:root . '/dist/main.cjs'
let s:node_floor = [20, 18]
let s:job = v:null
let s:partial = ''
" Takes the lines of the process. The other one hears that it has ended.
let s:Receive = {line -> 0}
let s:Lost = {why -> ''}

augroup etcd_job
  autocmd!
  autocmd VimLeave * call etcd#host#job#stop()
augroup END

" Starts the process if none runs. Returns 1 if it was started now, 0 if it already ran. {Receive} is called with each line that it
" sends. {Lost} is called after it has ended, with the reason. It returns the line that tells the user, or ''.
" Throws 'etcd: …' with the command to run if Node or the build is missing.
function! etcd#host#job#ensure(Receive, Lost) abort
  if s:job isnot v:null
    return 0
  endif
  let s:Receive = a:Receive
  let s:Lost = a:Lost
  if etcd#host#settings#get('host', '') ==# 'remote'
    let s:job = 'remote'
    return 1
  endif
  let node = etcd#host#job#node()
  if !filereadable(s:main)
    throw 'etcd: it is not built yet; run: cd ' . shellescape(s:root) . ' && npm ci --omit=dev'
  endif
  let s:partial = ''
  " The user's NODE_OPTIONS could load foreign code, and the other variable switches TLS verification off.
  let environment = {'NODE_OPTIONS': '', 'NODE_TLS_REJECT_UNAUTHORIZED': ''}
  let s:job = has('nvim') ? s:start_nvim([node, s:main], environment) : s:start_vim([node, s:main], environment)
  return 1
endfunction

" Node's executable. Throws 'etcd: …'.
function! etcd#host#job#node() abort
  let node = exepath(etcd#host#settings#get('node', 'node'))
  if node ==# ''
    throw 'etcd: Node.js ' . join(s:node_floor, '.') . ' or newer is needed and not on $PATH; install it, or set g:etcd.node'
  endif
  return node
endfunction

" Sends one line to the process. If it has just died, its exit tells those who wait (s:on_exit).
function! etcd#host#job#send(line) abort
  if type(s:job) == v:t_string
    call EtcdHostSend(a:line)
    return
  endif
  try
    if has('nvim')
      call chansend(s:job, a:line . "\n")
    else
      call ch_sendraw(s:job, a:line . "\n")
    endif
  catch /^Vim\%((\a\+)\)\=:E\%(630\|631\|900\|906\|474\|475\|5555\)/
  endtry
endfunction

" In Vim, waits for one line from the process and takes it, at most {ms}. It wakes at once, while :sleep wakes each ms; but it does not
" hear Ctrl-C meanwhile.
function! etcd#host#job#listen(ms) abort
  if type(s:job) != v:t_job || ch_status(s:job) !=# 'open'
    sleep 1m
    return
  endif
  let line = ch_read(s:job, {'timeout': a:ms})
  if type(line) == v:t_string
    call etcd#host#job#receive(line)
  endif
endfunction

" Checks whether Vim's job still exists, which Vim itself does at its leisure. If not, those who wait are told (s:on_exit).
function! etcd#host#job#poll() abort
  if !has('nvim') && type(s:job) == v:t_job
    call job_status(s:job)
  endif
endfunction

" Takes one line from the process. Neovim's remote-plugin host calls it too.
function! etcd#host#job#receive(line) abort
  if a:line !~# '^\s*$'
    call s:Receive(a:line)
  endif
endfunction

" Ends the process and removes what it left. Those who wait for an answer are told.
function! etcd#host#job#stop() abort
  let job = s:job
  let s:job = v:null
  if job isnot v:null && type(job) != v:t_string
    if has('nvim')
      call jobstop(job)
    else
      call job_stop(job)
    endif
  endif
  call etcd#host#directory#remove()
  call s:Lost('was stopped')
endfunction

" Throws 'etcd: …' if the editor is leaving and has ended the process. A process that is started now would keep the editor from leaving.
function! etcd#host#job#stay() abort
  if v:exiting isnot v:null && s:job is v:null
    throw 'etcd: the editor is leaving'
  endif
endfunction

" Whether the process runs, and how: '' (it does not), 'job' or 'remote'.
function! etcd#host#job#status() abort
  return s:job is v:null ? '' : type(s:job) == v:t_string ? 'remote' : 'job'
endfunction

function! s:start_nvim(command, environment) abort
  let job = jobstart(a:command, {
        \ 'env': a:environment,
        \ 'cwd': s:root,
        \ 'on_stdout': function('s:on_stdout'),
        \ 'on_exit': {job, status, event -> s:on_exit(job, status)},
        \ })
  if job <= 0
    throw 'etcd: ' . a:command[0] . ' cannot be started'
  endif
  return job
endfunction

function! s:start_vim(command, environment) abort
  " Mode nl, because the json mode loses large replies, and because both editors then work the same.
  let options = {
        \ 'env': a:environment,
        \ 'cwd': s:root,
        \ 'in_mode': 'nl',
        \ 'out_mode': 'nl',
        \ 'err_io': 'null',
        \ 'out_cb': {channel, line -> etcd#host#job#receive(line)},
        \ 'exit_cb': function('s:on_exit'),
        \ }
  try
    let job = job_start(a:command, options)
  catch /^Vim\%((\a\+)\)\=:E145/
    throw 'etcd: Vim starts no Node in restricted mode (-Z)'
  endtry
  if job_status(job) ==# 'fail'
    throw 'etcd: ' . a:command[0] . ' cannot be started'
  endif
  return job
endfunction

" Neovim gives pieces of lines. The first one continues the last one of the call before (:h channel-lines).
function! s:on_stdout(job, data, event) abort
  let lines = copy(a:data)
  let lines[0] = s:partial . lines[0]
  let s:partial = remove(lines, -1)
  for line in lines
    call etcd#host#job#receive(line)
  endfor
endfunction

function! s:on_exit(job, status) abort
  if s:job isnot a:job
    return
  endif
  let s:job = v:null
  let line = s:Lost(a:status == 3 ? s:too_old() : 'ended with status ' . a:status)
  if line !=# ''
    call etcd#ui#message#error(line)
  endif
endfunction

" With exit status 3 src/main.ts says that this Node is too old.
function! s:too_old() abort
  let found = trim(system(shellescape(etcd#host#job#node()) . ' --version'))
  return printf('needs Node.js %s or newer, and %s is %s; install a newer one, or set g:etcd.node',
        \ join(s:node_floor, '.'), etcd#host#job#node(), found)
endfunction

let &cpoptions = s:cpo | unlet s:cpo
