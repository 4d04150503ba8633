/** Globs of names: `*` and `?` are within a segment, `**` is any. */

const WILD: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' };

/**
 * @param textOf what is meant by a part without wildcards; by default its own letters
 * @param one the source of what `?` stands for
 * @returns the source of the expression that it means, without its ends; it wants the flag `s`
 */
export function globSource(glob: string, textOf = (part: string): string => part, one = '[^/]'): string {
  // Every second part is a wildcard.
  const parts = glob.split(/(\*\*\/|\*\*|[*?])/);
  return parts.map((part, i) => (i % 2 === 0 ? escaped(textOf(part)) : (WILD[part] ?? one))).join('');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
