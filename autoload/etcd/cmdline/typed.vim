" Addresses in the command line are typed as they are shown. In them %20 is an escape, but for the editor % is the current file (:h :_%).
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

let s:modifier = 'sil\%[ent]\|vert\%[ical]\|hor\%[izontal]\|tab\|bel\%[owright]\|abo\%[veleft]\|lefta\%[bove]\|rightb\%[elow]\|'
      \ . 'to\%[pleft]\|bo\%[tright]\|keepa\%[lt]\|kee\%[pmarks]\|keepj\%[umps]\|loc\%[kmarks]\|noa\%[utocmd]\|nos\%[wapfile]\|'
      \ . 'hid\%[e]\|conf\%[irm]\|bro\%[wse]'
let s:command = 'e\%[dit]\|ex\|vi\%[sual]\|vie\%[w]\|sv\%[iew]\|sp\%[lit]\|vs\%[plit]\|new\|vne\%[w]\|tabe\%[dit]\|tabnew\|'
      \ . 'r\%[ead]\|w\%[rite]\|wq\|x\%[it]\|sav\%[eas]\|f\%[ile]\|diffs\%[plit]\|so\%[urce]\|ped\%[it]\|bad\%[d]\|dr\%[op]\|'
      \ . 'ar\%[gs]\|arge\%[dit]\|arga\%[dd]'
" A command that takes file names. There an address can only stand in a name.
let s:takes_names = '^[[:space:]:]*\%(\%(' . s:modifier . '\)!\=\s*\)*\%(\d\+\|[%.$,;+-]\|''.\)*\s*\%(' . s:command . '\)!\=\%(\s\|>>\)'
let s:address = '\%(\s\|>\)\@<=etcd:\%([^[:space:]\\|]\|\\.\)*'
let s:place = '\%(^\|\s\)\zs[%#]\%(:[hp]\)*\%(/[^[:space:]]*\)\=$'
let s:escape = '\\\@<!%\ze\x\x'

" What <CR> feeds: first the backslashes that the escapes of addresses need, then itself.
function! etcd#cmdline#typed#enter() abort
  return getcmdtype() ==# ':' && etcd#cmdline#typed#escaped() !=# getcmdline() ? "\<C-\>eetcd#cmdline#typed#escaped()\<CR>\<CR>" : "\<CR>"
endfunction

" The command line with those backslashes.
function! etcd#cmdline#typed#escaped() abort
  let line = getcmdline()
  if line !~# s:takes_names
    return line
  endif
  call setcmdpos(9999)
  return substitute(line, s:address, '\=substitute(submatch(0), s:escape, ''\\%'', "g")', 'g')
endfunction

" What to say if {address} holds nothing: '; …' if nobody would name a key like that, because the editor has put a file's name into it;
" else ''.
function! etcd#cmdline#typed#doubt(address) abort
  let [stem, line] = matchlist(a:address, '^\(.\{-}\)\%(:\(\d\+\)\)\=$')[1:2]
  if line !=# '' && index(etcd#cmdline#candidates#of(stem), stem) >= 0
    " gF and grep write a line like that.
    return printf('; line %s of the key without it: :e +%s %s', line, line, stem)
  endif
  let within = a:address =~# '^etcd:.*etcd:/'
  let unescaped = matchstr(etcd#cmdline#last#line(), s:address) =~# s:escape
  return within || unescaped ? '; the editor has put a file name in place of %: write \%, or :Etcd ADDRESS' : ''
endfunction

" The address before the cursor, if it is written with the name of a buffer, like '%:h/d'; else ''.
function! etcd#cmdline#typed#place() abort
  let before = strpart(getcmdline(), 0, getcmdpos() - 1)
  let word = before =~# s:takes_names ? matchstr(before, s:place) : ''
  let [sign, modifiers, rest] = matchlist(word, '^\([%#]\=\)\(\%(:[hp]\)*\)\(.*\)$')[1:3]
  let name = sign ==# '' ? '' : bufname(sign)
  " :h also removes the slashes of etcd://.
  let head = substitute(fnamemodify(name, substitute(modifiers, ':p', '', 'g')), '^etcd:/*$', 'etcd://', '')
  return name =~# '^etcd:' ? head . rest : ''
endfunction

" The command line with that address in its place (for c_CTRL-\_e).
function! etcd#cmdline#typed#placed() abort
  let head = strpart(getcmdline(), 0, getcmdpos() - 1)
  let placed = substitute(head, s:place, '', '') . fnameescape(etcd#cmdline#typed#place())
  call setcmdpos(strlen(placed) + 1)
  return placed . strpart(getcmdline(), strlen(head))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
