" Edited listings: the number is there and does not stand out; prefixes and escaped bytes as in a listing.
scriptencoding utf-8
if exists('b:current_syntax')
  finish
endif
let s:cpo = &cpoptions | set cpoptions&vim

syntax match etcdNumber '^\d\+\ze\s'
syntax match etcdPrefix '\S*/$' contains=etcdSlash,etcdEscape
syntax match etcdSlash '/$' contained
syntax match etcdEscape '%\x\x'

highlight default link etcdNumber LineNr
highlight default link etcdPrefix Directory
highlight default link etcdSlash Delimiter
highlight default link etcdEscape SpecialChar

let b:current_syntax = 'etcdedit'

let &cpoptions = s:cpo | unlet s:cpo
