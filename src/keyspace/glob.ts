/** Globs of names: `*` and `?` are within a segment, `**` is any. */

/**
 * The expression never goes back into what comes before the last `*` of a run of segments, or before the last `**`: the first match
 * of that is as good as any. So many stars take no longer than few.
 * @returns the source of the expression that a glob means, without its ends; it wants the flags `su`
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
    // Whole segments begin after a slash only, which need not be after the first match.
    const isFirstBest = next === '**' || (next !== undefined && (run === '' ? wild !== '**' : run.endsWith('/')));
    source += isFirstBest ? once(found) : found();
  }
  return source;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+()[\]{}|]/g, '\\$&').replaceAll('?', '[^/]');
}

/** What the next byte may be, or a way past it. */
type Token =
  | number
  /** A byte that is no slash. */
  | 'one'
  /** Any number of bytes that go on with a character of UTF-8. */
  | 'rest'
  /** Any number of bytes that are no slash. */
  | 'segment'
  /** Any number of bytes. */
  | 'any'
  /** Whole segments, or none: the next token is how they go on. */
  | 'segments'
  | 'within';

const TOKENS: Readonly<Record<string, Token[]>> = {
  '**/': ['segments', 'within'],
  '**': ['any'],
  '*': ['segment'],
  '?': ['one', 'rest'],
};
const SLASH = 47;

/**
 * All ways through the glob are walked at once, so it takes no longer than the length of the name times that of the glob.
 * @param textOf what is meant by a part without wildcards, in bytes as latin1
 * @returns whether a whole name, in bytes as latin1, is what the glob means
 */
export function globTest(glob: string, textOf: (part: string) => string): (name: string) => boolean {
  const tokens = partsOf(glob).flatMap((part, i): Token[] =>
    i % 2 === 0 ? [...Buffer.from(textOf(part), 'latin1')] : (TOKENS[part] ?? []),
  );
  return (name) => {
    let now = from(tokens, [0]);
    for (let i = 0; i < name.length && now.size > 0; i++) {
      const byte = name.charCodeAt(i);
      now = from(
        tokens,
        [...now].flatMap((at) => after(tokens, at, byte)),
      );
    }
    return now.has(tokens.length);
  };
}

/** Every second one is a wildcard. */
function partsOf(glob: string): string[] {
  return glob.split(/(\*\*\/|\*\*|[*?])/);
}

/** Places in the glob, and those that can be had from them without a byte. */
function from(tokens: readonly Token[], places: readonly number[]): Set<number> {
  const all = new Set<number>();
  const add = (at: number): void => {
    if (all.has(at)) return;
    all.add(at);
    const token = tokens[at];
    if (token === 'rest' || token === 'segment' || token === 'any' || token === 'segments') add(at + 1);
    if (token === 'segments') add(at + 2);
  };
  places.forEach(add);
  return all;
}

/** Places that a byte leads to. */
function after(tokens: readonly Token[], at: number, byte: number): number[] {
  const token = tokens[at];
  if (token === 'within') return byte === SLASH ? [at, at + 1] : [at];
  if (token === 'any') return [at];
  if (token === 'segment') return byte === SLASH ? [] : [at];
  if (token === 'rest') return byte >= 0x80 && byte <= 0xbf ? [at] : [];
  return token === byte || (token === 'one' && byte !== SLASH) ? [at + 1] : [];
}
