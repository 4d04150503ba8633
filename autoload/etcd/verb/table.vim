" The verbs of :Etcd. A verb is a row here, and the file in this folder that has its name.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" run: does it. It gets a dict:
"   argument  what follows the verb, a text
"   bang      0 or 1
"   range     [first, last], the lines; [] if none were given
"   mods      the command modifiers, a text (:h <mods>)
" It may throw 'etcd: …'.
" range, bang: whether the verb takes them.
" complete: gives the list of what may follow the verb; 'address' if addresses may; 'names' if several may, with blanks written '\ ';
"   v:null if nothing may.
" part: complete gets the word that is typed, and the command line before it, and gives what replaces that word.
let s:rows = {
      \ 'as': {'run': function('etcd#verb#as#run'), 'range': 0, 'bang': 0, 'complete': function('etcd#verb#as#complete')},
      \ 'at': {'run': function('etcd#verb#at#run'), 'range': 0, 'bang': 1, 'complete': function('etcd#verb#at#complete')},
      \ 'blame': {'run': function('etcd#verb#blame#run'), 'range': 0, 'bang': 1, 'complete': v:null},
      \ 'changes': {'run': function('etcd#verb#changes#run'), 'range': 0, 'bang': 0, 'complete': v:null},
      \ 'cp': {'run': function('etcd#verb#cp#run'), 'range': 1, 'bang': 1, 'complete': 'names'},
      \ 'diff': {'run': function('etcd#verb#diff#run'), 'range': 0, 'bang': 0, 'complete': v:null},
      \ 'edit': {'run': function('etcd#verb#edit#run'), 'range': 0, 'bang': 1, 'complete': 'address'},
      \ 'env': {'run': function('etcd#verb#env#run'), 'range': 0, 'bang': 1, 'part': 1, 'complete': function('etcd#verb#env#complete')},
      \ 'find': {'run': function('etcd#verb#find#run'), 'range': 0, 'bang': 1, 'part': 1,
      \   'complete': function('etcd#search#names#offer')},
      \ 'format': {'run': function('etcd#verb#format#run'), 'range': 1, 'bang': 0, 'complete': v:null},
      \ 'grep': {'run': function('etcd#verb#grep#run'), 'range': 0, 'bang': 1, 'part': 1,
      \   'complete': function('etcd#search#names#offer')},
      \ 'health': {'run': function('etcd#verb#health#run'), 'range': 0, 'bang': 0, 'complete': v:null},
      \ 'history': {'run': function('etcd#verb#history#run'), 'range': 0, 'bang': 0, 'complete': 'address'},
      \ 'info': {'run': function('etcd#verb#info#run'), 'range': 0, 'bang': 0, 'complete': 'address'},
      \ 'leases': {'run': function('etcd#verb#leases#run'), 'range': 0, 'bang': 0, 'complete': function('etcd#host#profile#titles')},
      \ 'lgrep': {'run': function('etcd#verb#lgrep#run'), 'range': 0, 'bang': 1, 'part': 1,
      \   'complete': function('etcd#search#names#offer')},
      \ 'log': {'run': function('etcd#verb#log#run'), 'range': 0, 'bang': 0, 'complete': v:null},
      \ 'merge': {'run': function('etcd#verb#merge#run'), 'range': 0, 'bang': 0, 'complete': v:null},
      \ 'mv': {'run': function('etcd#verb#mv#run'), 'range': 1, 'bang': 1, 'complete': 'names'},
      \ 'restart': {'run': function('etcd#verb#restart#run'), 'range': 0, 'bang': 0, 'complete': v:null},
      \ 'restore': {'run': function('etcd#verb#restore#run'), 'range': 0, 'bang': 1, 'complete': v:null},
      \ 'rm': {'run': function('etcd#verb#rm#run'), 'range': 1, 'bang': 1, 'complete': 'names'},
      \ 'sort': {'run': function('etcd#verb#sort#run'), 'range': 0, 'bang': 0, 'complete': function('etcd#listing#sorted#columns')},
      \ 'status': {'run': function('etcd#verb#status#run'), 'range': 0, 'bang': 0, 'complete': function('etcd#host#profile#titles')},
      \ 'ttl': {'run': function('etcd#verb#ttl#run'), 'range': 1, 'bang': 1, 'complete': {-> []}},
      \ 'undo': {'run': function('etcd#verb#undo#run'), 'range': 0, 'bang': 1, 'complete': {-> []}},
      \ 'watch': {'run': function('etcd#verb#watch#run'), 'range': 0, 'bang': 0, 'complete': 'address'},
      \ 'use': {'run': function('etcd#verb#use#run'), 'range': 0, 'bang': 0, 'complete': function('etcd#host#profile#titles')},
      \ }

" The rows by verb. It is the table itself, so that a test can add a row.
function! etcd#verb#table#rows() abort
  return s:rows
endfunction

" The verbs in the order in which they are shown.
function! etcd#verb#table#verbs() abort
  return sort(keys(s:rows))
endfunction

let &cpoptions = s:cpo | unlet s:cpo
