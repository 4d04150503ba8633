" etcd as a file system: what exists. No logic and no Node here; the work is in autoload/etcd/.
scriptencoding utf-8
if exists('g:loaded_etcd')
  finish
endif
let s:cpo = &cpoptions | set cpoptions&vim
let g:loaded_etcd = 1

augroup etcd
  autocmd!
  " The slash in the braces makes it the whole name that is matched, as it was given: without one it would be the tail, also
  " that of /tmp/etcd:x. Only :source has a full name for a short address: etcd#file#source() tells which is meant.
  autocmd BufNew,BufReadCmd etcd:*{/,}*         call etcd#foreign#guard() | call etcd#case#tell_apart()
  autocmd BufReadCmd    etcd:*{/,}* ++nested execute etcd#buffer#read(str2nr(expand('<abuf>')))
  autocmd BufWriteCmd   etcd:*{/,}* ++nested execute etcd#write#buffer(expand('<afile>'), expand('<amatch>'))
  autocmd FileReadCmd   etcd:*{/,}* ++nested execute etcd#file#read(expand('<afile>'), expand('<amatch>'))
  autocmd FileWriteCmd  etcd:*{/,}* ++nested execute etcd#write#lines(expand('<afile>'), expand('<amatch>'), 0)
  autocmd FileAppendCmd etcd:*{/,}* ++nested execute etcd#write#lines(expand('<afile>'), expand('<amatch>'), 1)
  autocmd SourceCmd     etcd:*{/,}*,*/etcd:*{/,}* ++nested execute etcd#file#source(expand('<afile>'), expand('<amatch>'))
  autocmd BufEnter      etcd:*{/,}*             call etcd#name#entered()
  autocmd BufFilePost   etcd:*{/,}* ++nested    execute etcd#rename#to_address(str2nr(expand('<abuf>')))
  autocmd BufWipeout    etcd:*{/,}*             call etcd#case#let_go(str2nr(expand('<abuf>')))
  autocmd OptionSet     fileignorecase          call etcd#case#chosen()
  if has('nvim') && !has('nvim-0.10')
    " It overwrites a local file from an 'acwrite' buffer without a word.
    autocmd BufWritePre,FileWritePre * if exists('b:etcd') | call etcd#file#check_over(expand('<afile>:p')) | endif
  endif
  autocmd BufEnter,CursorHold etcd:*{/,}* ++nested call etcd#buffer#heal()
  autocmd VimEnter      etcd:*{/,}*             call timer_start(0, {-> etcd#buffer#heal()})
  autocmd BufUnload     etcd:*{/,}*             call etcd#kept#note(str2nr(expand('<abuf>')))
  " :saveas and :file take a buffer of ours to a local name.
  autocmd BufFilePost * if &buftype ==# 'acwrite' && exists('b:etcd') | call etcd#rename#to_file(str2nr(expand('<abuf>'))) | endif
  " Else a final newline would be put to a value that has none when one comes back to it.
  autocmd BufEnter      etcd:*{/,}*             if &cpoptions =~# 'S' | setlocal noswapfile noundofile nofixeol | endif
  autocmd BufWinEnter,BufFilePost,BufWritePost etcd:*{/,}* call etcd#colour#paint()
  autocmd BufFilePost   * if exists('b:etcd_colour') | call etcd#colour#paint() | endif
  " These we fire ourselves; with something that matches, :doautocmd never says that nothing does.
  autocmd BufReadPre,BufReadPost,BufNewFile,BufWritePre,BufWritePost etcd:*{/,}* :
  autocmd FileReadPre,FileReadPost,FileWritePre,FileWritePost,FileAppendPre,FileAppendPost etcd:*{/,}* :
  autocmd SourcePre,SourcePost etcd:*{/,}* :
  autocmd CmdlineChanged : if stridx(getcmdline(), 'etcd:') >= 0 | call etcd#cmdline#changed() | endif
  autocmd CmdlineChanged : if getcmdline() =~# '[%#]' && bufname('%') . bufname('#') =~# 'etcd:' | call etcd#cmdline#changed() | endif
augroup END

command! -bar -nargs=* -bang -complete=customlist,etcd#complete#command Etcd execute etcd#command#run(<q-mods>, <bang>0, <q-args>)

nnoremap <silent> <Plug>(etcd-open)    :<C-U>call etcd#listing#open('edit', 0)<CR>
nnoremap <silent> <Plug>(etcd-split)   :<C-U>call etcd#listing#open('split', v:count)<CR>
nnoremap <silent> <Plug>(etcd-vsplit)  :<C-U>call etcd#listing#open('vsplit', v:count)<CR>
nnoremap <silent> <Plug>(etcd-tab)     :<C-U>call etcd#listing#open('tabedit', v:count)<CR>
nnoremap <silent> <Plug>(etcd-preview) :<C-U>call etcd#listing#open('pedit', 0)<CR>
xnoremap <silent> <Plug>(etcd-open)    :<C-U>call etcd#listing#open_range('edit')<CR>
xnoremap <silent> <Plug>(etcd-split)   :<C-U>call etcd#listing#open_range('split')<CR>
xnoremap <silent> <Plug>(etcd-vsplit)  :<C-U>call etcd#listing#open_range('vsplit')<CR>
xnoremap <silent> <Plug>(etcd-tab)     :<C-U>call etcd#listing#open_range('tabedit')<CR>
nnoremap <silent> <Plug>(etcd-up)      :<C-U>call etcd#listing#up(v:count1)<CR>
nnoremap <silent> <Plug>(etcd-refresh) :<C-U>call etcd#listing#refresh()<CR>
nnoremap <silent> <Plug>(etcd-stop)    :<C-U>call etcd#stream#stop(bufnr('%'))<CR>
nnoremap <silent> <Plug>(etcd-help)    :<C-U>help etcd-listing-maps<CR>

let &cpoptions = s:cpo | unlet s:cpo
