/**
 * Globs of names. `*` and `?` stay within a segment, `**` is anything. A glob can become an expression, which is fastest, for a thread
 * that can be stopped. Or it can become a walk, which takes only linear time whatever the glob is, for quick questions in between.
 */

/**
 * The expression never goes back before the last `*` of a run of segments, or before the last `**`, because the first match up to there
 * is as good as any. So many stars take no longer than few.
 * @returns the source of the expression that a glob means, without its ends; it needs the flags `su`
 */
export function globSource(glob: string): string {
  let groups = 0;
  const once = (source: () => string): string => {
    const group = ++groups;
    return `(?=(${source()}))\\${group}`;
  };
  const runOf = (run: string): string => {
    const [first = '', ...parts] = run.split('*').map(literal);
    return parts.reduce((before, part, i) => before + (i < parts.length - 1 ? once(() => `[^/]*?${part}`) : `[^/]*?${part}`), first);
  };
  // Every second part is `**` or `**` and a slash.
  const parts = glob.split(/(\*\*\/?)/);
  let source = runOf(parts[0] ?? '');
  for (let i = 1; i < parts.length; i += 2) {
    const [wild, run = '', next] = parts.slice(i, i + 3);
    const found = (): string => (wild === '**' ? '.*?' : '(?:.*?/)??') + runOf(run);
    // Whole segments begin only after a slash, and that need not be after the first match.
    const isFirstBest = next === '**' || (next !== undefined && (run === '' ? wild !== '**' : run.endsWith('/')));
    source += isFirstBest ? once(found) : found();
  }
  return source;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+()[\]{}|]/g, '\\$&').replaceAll('?', '[^/]');
}

// A token says what the next byte may be: it is a byte, or one of these.
/** A byte that is no slash. */
const ONE = 256;
/** Any number of bytes that continue a character of UTF-8. */
const REST = 257;
/** Any number of bytes that are no slash. */
const SEGMENT = 258;
/** Any number of bytes. */
const ANY = 259;
/** Whole segments, or none: the next token is how they continue. */
const SEGMENTS = 260;
const WITHIN = 261;

const TOKENS: Readonly<Record<string, number[]>> = { '**/': [SEGMENTS, WITHIN], '**': [ANY], '*': [SEGMENT], '?': [ONE, REST] };
const SLASH = 47;

/**
 * Walks all ways through the glob at once, so it takes no longer than the length of the name times that of the glob.
 * @param textOf gives the bytes, as latin1, of a part without wildcards
 * @returns whether a whole name, in bytes as latin1, matches the glob
 */
export function globTest(glob: string, textOf: (part: string) => string): (name: string) => boolean {
  const parts = partsOf(glob).map((part, i) => (i % 2 === 0 ? textOf(part) : part));
  const literals = parts.filter((_, i) => i % 2 === 0);
  const walk = walkOf(
    Uint16Array.from(parts.flatMap((part, i) => (i % 2 === 0 ? [...Buffer.from(part, 'latin1')] : (TOKENS[part] ?? [])))),
  );
  // Most names that do not match lack one of the glob's parts, and that is found quickly.
  return (name) => literals.every((part) => name.includes(part)) && walk(name);
}

function walkOf(tokens: Uint16Array): (name: string) => boolean {
  // For each place in the glob: whether the name can have got there.
  let [now, next] = [new Uint8Array(tokens.length + 2), new Uint8Array(tokens.length + 2)];
  return (name) => {
    now.fill(0)[0] = 1;
    let isAlive = pass(tokens, now);
    for (let i = 0; i < name.length && isAlive; i++) {
      take(tokens, name.charCodeAt(i), now, next.fill(0));
      isAlive = pass(tokens, next);
      [now, next] = [next, now];
    }
    return now[tokens.length] === 1;
  };
}

/** Every second part is a wildcard. */
function partsOf(glob: string): string[] {
  return glob.split(/(\*\*\/|\*\*|[*?])/);
}

/** Adds the places that can be reached from others without a byte. @returns whether there are any */
function pass(tokens: Uint16Array, places: Uint8Array): boolean {
  let isAny = places[tokens.length] === 1;
  for (let at = 0; at < tokens.length; at++) {
    if (places[at] === 0) continue;
    isAny = true;
    const token = tokens[at] as number;
    if (token >= REST && token <= SEGMENTS) places[at + 1] = 1;
    if (token === SEGMENTS) places[at + 2] = 1;
  }
  return isAny;
}

/** Sets in `next` the places that a byte leads to from the places in `now`. */
function take(tokens: Uint16Array, byte: number, now: Uint8Array, next: Uint8Array): void {
  for (let at = 0; at < tokens.length; at++) {
    if (now[at] === 0) continue;
    const token = tokens[at] as number;
    if (token === byte || (token === ONE && byte !== SLASH) || (token === WITHIN && byte === SLASH)) next[at + 1] = 1;
    if (stays(token, byte)) next[at] = 1;
  }
}

function stays(token: number, byte: number): boolean {
  if (token === ANY || token === WITHIN) return true;
  return token === SEGMENT ? byte !== SLASH : token === REST && byte >= 0x80 && byte <= 0xbf;
}
