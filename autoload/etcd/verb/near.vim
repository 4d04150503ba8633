" What somebody meant whose spelling is wrong.
scriptencoding utf-8
let s:cpo = &cpoptions | set cpoptions&vim

" The one of {words} that begins with {word}, or that is at most two slips away from it; '' if there is none.
function! etcd#verb#near#of(word, words) abort
  let begun = filter(copy(a:words), 'stridx(v:val, a:word) == 0')
  if !empty(begun)
    return begun[0]
  endif
  let slips = map(copy(a:words), 's:slips(a:word, v:val)')
  let least = min(slips)
  " In a word of three letters two slips would be nearly all of it.
  return least <= min([2, strchars(a:word) / 2]) ? a:words[index(slips, least)] : ''
endfunction

" Counts letters that are too many, missing, wrong, or swapped.
function! s:slips(one, other) abort
  let [one, other] = [split(a:one, '\zs'), split(a:other, '\zs')]
  let rows = [range(len(other) + 1)]
  for i in range(1, len(one))
    let row = [i]
    for j in range(1, len(other))
      let same = one[i - 1] ==# other[j - 1]
      let least = min([rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + !same])
      let swapped = i > 1 && j > 1 && one[i - 1] ==# other[j - 2] && one[i - 2] ==# other[j - 1]
      call add(row, swapped ? min([least, rows[i - 2][j - 2] + 1]) : least)
    endfor
    call add(rows, row)
  endfor
  return rows[-1][-1]
endfunction

let &cpoptions = s:cpo | unlet s:cpo
