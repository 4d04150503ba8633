/** Patterns of names: `*` is any number of letters, `?` is one. */

/** Whether the whole name matches one of the patterns. */
export function matches(globs: readonly string[], name: string): boolean {
  return globs.some((glob) => fits(glob, name));
}

/** Written by hand, because a regular expression with many stars may take for ever. */
function fits(glob: string, name: string): boolean {
  let [at, from, star, back] = [0, 0, -1, 0];
  while (from < name.length) {
    if (glob[at] === '*') [star, back] = [at++, from];
    else if (at < glob.length && (glob[at] === '?' || glob[at] === name[from])) [at, from] = [at + 1, from + 1];
    else if (star >= 0) [at, from] = [star + 1, ++back];
    else return false;
  }
  return /^\**$/.test(glob.slice(at));
}
