" Listings: their keys. The work is in autoload, which is compiled once, while this file is read for every listing.
scriptencoding utf-8
if exists('b:did_ftplugin')
  finish
endif
let s:cpo = &cpoptions | set cpoptions&vim
let b:did_ftplugin = 1

setlocal nowrap
call etcd#listing#view#map_keys()
let b:undo_ftplugin = 'setlocal wrap< | call etcd#cmdline#cpo#default(function("etcd#listing#view#unmap_keys"))'

let &cpoptions = s:cpo | unlet s:cpo
