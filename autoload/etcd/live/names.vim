" A listing follows what others create and delete.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The question to Node about the listing whose b:etcd is {known} (src/host/methods/names.ts). A listing that was read without a quorum,
" or by roles that allow only parts, is read again as a whole.
function! etcd#live#names#params(known) abort
  return {'name': a:known.address, 'whole': a:known.stale || a:known.scoped ? v:true : v:false, 'revision': a:known.revision}
endfunction

" Listing {bufnr} becomes {got}, which Node has answered because of {event}; {}: it could not.
function! etcd#live#names#settle(bufnr, event, got) abort
  let known = getbufvar(a:bufnr, 'etcd')
  if empty(a:got)
    return etcd#live#told#below(a:bufnr, a:event)
  elseif a:event.event !=# 'resync' && !etcd#live#told#is_newer(a:got.revision, known.revision)
    " It was read since.
    return
  endif
  let hunks = has_key(a:got, 'file') ? s:whole(a:bufnr, known.count, a:got.file)
        \ : etcd#listing#hunks#of(a:bufnr, known.count, s:shown(a:got.come), s:shown(a:got.gone))
  let fields = {'count': etcd#listing#renew#lines(a:bufnr, hunks)}
  call extend(fields, filter(copy(a:got), 'index(["revision", "cluster_id", "stale", "scoped"], v:key) >= 0'))
  call etcd#buffer#kind#change(a:bufnr, fields, ['newer'])
  " A name that stays may have another value.
  call etcd#listing#columns#renew(a:bufnr, has_key(a:got, 'file') ? [] : a:got.come + a:got.gone)
  call etcd#live#told#fire(a:bufnr, extend({'revision': a:got.revision}, a:event, 'keep'), 1)
  if bufwinnr(a:bufnr) > 0
    redrawstatus!
  endif
endfunction

function! s:whole(bufnr, count, file) abort
  return etcd#listing#hunks#between(a:count ? getbufline(a:bufnr, 1, '$') : [], s:shown(readfile(a:file)))
endfunction

function! s:shown(names) abort
  return &encoding ==# 'utf-8' ? a:names : map(a:names, 'iconv(v:val, "utf-8", &encoding)')
endfunction

let &cpoptions = s:cpo | unlet s:cpo
