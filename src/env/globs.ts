/** Patterns of names: `*` for any letters, `?` for one. */

/** Whether that is a name of one of the patterns, in whole. */
export function matches(globs: readonly string[], name: string): boolean {
  return globs.some((glob) => fits(glob, name));
}

/** By hand: a regular expression of many stars may take for ever. */
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
