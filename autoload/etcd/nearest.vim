" Misspelt words.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The word of {known} that {word} is most likely meant to be; '' where none is like it.
function! etcd#nearest#of(word, known) abort
  let [best, least] = ['', 1 + strchars(a:word) / 3]
  for known in sort(copy(a:known))
    let distance = s:distance(tolower(a:word), known)
    if distance < least || (distance == least && best ==# '')
      let [best, least] = [known, distance]
    endif
  endfor
  return best
endfunction

" How many letters are wrong, missing, too many, or have changed places with the next one.
function! s:distance(one, other) abort
  let [one, other] = [split(a:one, '\zs'), split(a:other, '\zs')]
  let [before, row] = [[], range(len(other) + 1)]
  for i in range(len(one))
    let next = [i + 1]
    for j in range(len(other))
      let cost = min([row[j] + (one[i] !=# other[j]), row[j + 1] + 1, next[j] + 1])
      if i > 0 && j > 0 && one[i] ==# other[j - 1] && one[i - 1] ==# other[j]
        let cost = min([cost, before[j - 1] + 1])
      endif
      call add(next, cost)
    endfor
    let [before, row] = [row, next]
  endfor
  return row[-1]
endfunction

let &cpoptions = s:cpo | unlet s:cpo
