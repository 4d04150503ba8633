" Runs a command that the user has typed as a part of one of ours. Only this file may run a text that the linter does not know.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" {mods} and {command} as they were typed. Throws what the command throws.
function! etcd#env#typed#run(mods, command) abort
  execute a:mods a:command
endfunction

let &cpoptions = s:cpo | unlet s:cpo
