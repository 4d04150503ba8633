" Profiles with `confirm`: before each put its diff is shown and a question asked.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" Asks whether what {params} (of `put`, src/rpc/protocol.ts) would do is wanted. {params} then compares with the value that was
" shown, so nothing else is overwritten. Throws 'etcd: …' where the answer is no, or nobody can answer and nothing is forced.
function! etcd#confirm#put(params) abort
  let profile = etcd#profile#title(etcd#profile#of(a:params.name))
  if !etcd#person#present()
    if a:params.force
      return
    endif
    throw printf('etcd: not written: %s: the profile %s asks before each write, and nobody can be asked here; add ! to write',
          \ a:params.name, profile)
  endif
  let preview = extend({'name': a:params.name, 'file': a:params.file, 'append': get(a:params, 'append', v:false)},
        \ has_key(a:params, 'base') ? {'base': a:params.base} : {})
  let got = etcd#rpc#request('preview', preview, 'write')
  try
    if !s:is_sent(a:params, got)
      return
    endif
    let lines = got.text ? s:lines(got.file) : getfsize(got.file) ? ['Binary values differ.'] : []
  finally
    call delete(got.file)
  endtry
  let old = '--- ' . got.address . (got.base.mod_revision ==# '0' ? ', which is not there' : ' at revision ' . got.base.mod_revision)
  if !s:agreed(profile, [old, '+++ what is written'] + (empty(lines) ? ['The same bytes: the key only gets a new revision.'] : lines))
    throw printf('etcd: not written: %s: you have not said yes; the text is still here', got.address)
  endif
  if !preview.append && !empty(lines)
    let a:params.base = got.base
    let a:params.force = v:false
  endif
endfunction

" Whether etcd would take it: a conflict, another cluster, and a value that is unchanged, are `put`'s to tell.
function! s:is_sent(params, got) abort
  if a:got.foreign
    return 0
  elseif a:params.force || get(a:params, 'append', v:false)
    return 1
  endif
  let base = get(a:params, 'base', {'address': ''})
  let expected = base.address ==# a:got.address ? base.mod_revision : '0'
  return getfsize(a:got.file) != 0 && expected ==# a:got.base.mod_revision
endfunction

" Hunks are in the encoding of the value, most likely UTF-8.
function! s:lines(file) abort
  return map(readfile(a:file), 'iconv(v:val, "utf-8", &encoding)')
endfunction

function! s:agreed(profile, lines) abort
  let window = win_getid()
  let room = max([3, &lines - 12])
  let rest = len(a:lines) - room
  let lines = map(a:lines[: room - 1], 'etcd#message#line(v:val)') + (rest > 0 ? [rest . ' more lines; :Etcd diff shows all'] : [])
  " Of a buffer in no window (:wall) no window can be opened.
  let shown = win_gettype() !=# 'autocmd'
  if shown
    " With room below for the question: Neovim covers the screen with it, Vim scrolls the screen up.
    execute 'botright' (len(lines) + 3) . 'new'
    call etcd#scratch#become('etcd-write ' . a:profile)
    call setline(1, lines)
    setlocal nomodifiable nonumber norelativenumber filetype=diff
    let scratch = win_getid()
  endif
  try
    redraw
    if !shown
      echo join(lines, "\n")
    endif
    call inputsave()
    return confirm('Write to ' . a:profile . '?', "&Yes\n&No", 2) == 1
  catch /^Vim:Interrupt$/
    return 0
  finally
    call inputrestore()
    if shown
      call win_execute(scratch, 'close')
      call win_gotoid(window)
      redraw
    endif
  endtry
endfunction

let &cpoptions = s:cpo | unlet s:cpo
