" Listings: prefixes stand out from keys, and escaped bytes from the rest.
scriptencoding utf-8
if exists('b:current_syntax')
  finish
endif
let s:cpo = &cpoptions | set cpoptions&vim

syntax match etcdPrefix '^.*/$' contains=etcdSlash,etcdEscape
syntax match etcdSlash '/$' contained
syntax match etcdEscape '%\x\x'

highlight default link etcdPrefix Directory
highlight default link etcdSlash Delimiter
highlight default link etcdEscape SpecialChar

let b:current_syntax = 'etcd'

let &cpoptions = s:cpo | unlet s:cpo
