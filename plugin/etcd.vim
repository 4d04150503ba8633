" etcd as a file system: what exists. There is no logic and no Node here; the work is in autoload/etcd/.
scriptencoding utf-8
if exists('g:loaded_etcd')
  finish
endif
let s:cpo = &cpoptions | set cpoptions&vim
let g:loaded_etcd = 1

augroup etcd
  autocmd!
  " Because of the slash in the braces the whole name is matched, as it was given. Without it the tail would be matched, also that of
  " /tmp/etcd:x. Only :source has a full name for a short address; etcd#buffer#file#source() tells which is meant.
  autocmd BufNew,BufReadCmd etcd:*{/,}*         call etcd#buffer#foreign#guard() | call etcd#buffer#case#tell_apart()
  autocmd BufReadCmd    etcd:*{/,}* ++nested execute etcd#buffer#read#read(str2nr(expand('<abuf>')))
  autocmd BufWriteCmd   etcd:*{/,}* ++nested execute etcd#buffer#write#buffer(expand('<afile>'), expand('<amatch>'))
  autocmd FileReadCmd   etcd:*{/,}* ++nested execute etcd#buffer#file#read(expand('<afile>'), expand('<amatch>'))
  autocmd FileWriteCmd  etcd:*{/,}* ++nested execute etcd#buffer#write#lines(expand('<afile>'), expand('<amatch>'), 0)
  autocmd FileAppendCmd etcd:*{/,}* ++nested execute etcd#buffer#write#lines(expand('<afile>'), expand('<amatch>'), 1)
  autocmd SourceCmd     etcd:*{/,}*,*/etcd:*{/,}* ++nested execute etcd#buffer#file#source(expand('<afile>'), expand('<amatch>'))
  autocmd BufEnter      etcd:*{/,}*             call etcd#buffer#name#entered()
  autocmd BufReadPost,BufNewFile,BufWinEnter,BufWritePost,BufFilePost,BufUnload etcd:*{/,}* call etcd#live#open#changed()
  autocmd BufFilePre    etcd:*{/,}*             call etcd#buffer#rename#begin(str2nr(expand('<abuf>')))
  autocmd BufFilePost   etcd:*{/,}* ++nested    execute etcd#buffer#rename#to_address(str2nr(expand('<abuf>')))
  autocmd BufWipeout    etcd:*{/,}*             call etcd#buffer#case#let_go(str2nr(expand('<abuf>')))
  autocmd BufWipeout    etcd:*{/,}*\?*          call etcd#buffer#document#let_go(str2nr(expand('<abuf>')))
  autocmd OptionSet     fileignorecase          call etcd#buffer#case#chosen()
  if has('nvim') && !has('nvim-0.10')
    " From an 'acwrite' buffer, a local file would be overwritten without a word.
    autocmd BufWritePre,FileWritePre * if exists('b:etcd') | call etcd#buffer#file#check_over(expand('<afile>:p')) | endif
  endif
  autocmd BufEnter,CursorHold etcd:*{/,}* ++nested call etcd#buffer#read#heal()
  autocmd VimEnter      etcd:*{/,}*             call timer_start(0, {-> etcd#buffer#read#heal()})
  autocmd BufUnload     etcd:*{/,}*             call etcd#buffer#kept#note(str2nr(expand('<abuf>')))
  " :saveas and :file give a buffer of ours a local name.
  autocmd BufFilePost * if exists('b:etcd') | execute etcd#buffer#rename#to_file(str2nr(expand('<abuf>'))) | endif
  " Otherwise a value without a final newline would get one when one comes back to it.
  autocmd BufEnter      etcd:*{/,}*             if &cpoptions =~# 'S' | setlocal noswapfile noundofile nofixeol | endif
  autocmd BufWinEnter,BufFilePost,BufWritePost etcd:*{/,}* call etcd#ui#colour#paint()
  autocmd BufFilePost   * if exists('b:etcd_colour') | call etcd#ui#colour#paint() | endif
  " We fire these ourselves. With something that matches, :doautocmd never says that nothing does.
  autocmd BufReadPre,BufReadPost,BufNewFile,BufWritePre,BufWritePost etcd:*{/,}* :
  autocmd FileReadPre,FileReadPost,FileWritePre,FileWritePost,FileAppendPre,FileAppendPost etcd:*{/,}* :
  autocmd SourcePre,SourcePost etcd:*{/,}* :
  autocmd CmdlineChanged : if stridx(getcmdline(), 'etcd:') >= 0 | call etcd#cmdline#address#changed() | endif
  autocmd CmdlineChanged : if getcmdline() =~# '[%#]' && bufname('%') . bufname('#') =~# 'etcd:'
        \ | call etcd#cmdline#address#changed() | endif
augroup END

command! -bar -range -nargs=* -bang -complete=customlist,etcd#verb#complete#command Etcd
      \ execute etcd#verb#command#run(<q-mods>, <bang>0, <range> ? [<line1>, <line2>] : [], <q-args>)

nnoremap <silent> <Plug>(etcd-open)    :<C-U>call etcd#listing#view#open('edit', 0)<CR>
nnoremap <silent> <Plug>(etcd-split)   :<C-U>call etcd#listing#view#open('split', v:count)<CR>
nnoremap <silent> <Plug>(etcd-vsplit)  :<C-U>call etcd#listing#view#open('vsplit', v:count)<CR>
nnoremap <silent> <Plug>(etcd-tab)     :<C-U>call etcd#listing#view#open('tabedit', v:count)<CR>
nnoremap <silent> <Plug>(etcd-preview) :<C-U>call etcd#listing#view#open('pedit', 0)<CR>
xnoremap <silent> <Plug>(etcd-open)    :<C-U>call etcd#listing#view#open_range('edit')<CR>
xnoremap <silent> <Plug>(etcd-split)   :<C-U>call etcd#listing#view#open_range('split')<CR>
xnoremap <silent> <Plug>(etcd-vsplit)  :<C-U>call etcd#listing#view#open_range('vsplit')<CR>
xnoremap <silent> <Plug>(etcd-tab)     :<C-U>call etcd#listing#view#open_range('tabedit')<CR>
nnoremap <silent> <Plug>(etcd-up)      :<C-U>call etcd#listing#view#up(v:count1)<CR>
nnoremap <silent> <Plug>(etcd-edit)    :<C-U>Etcd edit<CR>
nnoremap <silent> <Plug>(etcd-refresh) :<C-U>call etcd#listing#view#refresh()<CR>
nnoremap <silent> <Plug>(etcd-info)    :<C-U>call etcd#verb#info#show()<CR>
nnoremap <silent> <Plug>(etcd-columns) :<C-U>call etcd#listing#columns#cycle()<Bar>call etcd#live#open#changed()<CR>
nnoremap <silent> <Plug>(etcd-sort)    :<C-U>call etcd#listing#sorted#next()<CR>
nnoremap <silent> <Plug>(etcd-stop)    :<C-U>call etcd#listing#stream#stop(bufnr('%'))<CR>
nnoremap <silent> <Plug>(etcd-delete)  :<C-U>call etcd#listing#change#delete(line('.'), line('.') + v:count1 - 1)<CR>
xnoremap <silent> <Plug>(etcd-delete)  :<C-U>call etcd#listing#change#delete(line("'<"), line("'>"))<CR>
nnoremap <silent> <Plug>(etcd-rename)  :<C-U>call etcd#listing#change#rename(line('.'), line('.') + v:count1 - 1, 0)<CR>
xnoremap <silent> <Plug>(etcd-rename)  :<C-U>call etcd#listing#change#rename(line("'<"), line("'>"), 0)<CR>
nnoremap <silent> <Plug>(etcd-copy)    :<C-U>call etcd#listing#change#rename(line('.'), line('.') + v:count1 - 1, 1)<CR>
xnoremap <silent> <Plug>(etcd-copy)    :<C-U>call etcd#listing#change#rename(line("'<"), line("'>"), 1)<CR>
nnoremap <silent> <Plug>(etcd-undo)    :<C-U>call etcd#listing#change#undo()<CR>
nnoremap          <Plug>(etcd-add)     :<C-U>edit <C-R>=fnameescape(get(get(b:, 'etcd', {}), 'address', 'etcd:'))<CR>
nnoremap <silent> <Plug>(etcd-changed) :<C-U>call etcd#past#walk#diff()<CR>
nnoremap <silent> <Plug>(etcd-older)   :<C-U>call etcd#past#walk#step('-', v:count1)<CR>
nnoremap <silent> <Plug>(etcd-newer)   :<C-U>call etcd#past#walk#step('+', v:count1)<CR>
nnoremap <silent> <Plug>(etcd-help)    :<C-U>help etcd-listing-maps<CR>

let &cpoptions = s:cpo | unlet s:cpo
