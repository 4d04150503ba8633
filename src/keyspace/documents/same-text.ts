/** What two texts have in common, found without looking at each character. */

/** How many UTF-16 units are the same at their beginnings. */
export function commonStart(one: string, other: string): number {
  return common(one, other, (text, at, length) => text.slice(at, at + length));
}

/** How many UTF-16 units are the same at their ends. */
export function commonEnd(one: string, other: string): number {
  return common(one, other, (text, at, length) => text.slice(text.length - at - length, text.length - at));
}

/** The engine compares long pieces much faster than a loop here does. */
function common(one: string, other: string, piece: (text: string, at: number, length: number) => string): number {
  const most = Math.min(one.length, other.length);
  let at = 0;
  for (let length = 65_536; length >= 1; length /= 16) {
    while (at + length <= most && piece(one, at, length) === piece(other, at, length)) at += length;
  }
  return at;
}
