/** Tokens of one Vim script command, and the brackets and operators between them. */

export interface Token {
  /** slot: something that Vim fills in, like `<q-args>`. */
  kind: 'string' | 'number' | 'name' | 'option' | 'slot' | 'op';
  text: string;
  /** White space stands before it. */
  spaced: boolean;
}

/** Whether a token is the one that we look for. */
type Test = (token: Token, index: number) => boolean;

const TOKEN = new RegExp(
  [
    /(?<string>'(?:[^']|'')*'|"(?:[^"\\]|\\.)*")/,
    /(?<slot><(?:q-args|q-mods|f-args|args|mods|bang|count|line1|line2|reg|SID|Bar|CR|Cmd|C-U)>)/,
    /(?<number>0x[\da-f]+|\d+(?:\.\d+)?)/,
    /(?<option>[&$](?:[gl]:)?[a-z_]\w*)/,
    /(?<name>(?:a:\d+|(?:[abglstvw]:)?[a-z_][\w#]*)(?:\.[a-z_]\w*)*)/,
    /(?<op>\\.|\|\||&&|\?\?|[=!][=~][#?]?|[<>]=|->|\.\.=|\.\.|[-.+*/%]=|\S)/,
  ]
    .map((part) => part.source)
    .join('|'),
  'iy',
);

/** @returns the tokens of one command line, up to a comment */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const blank = text.slice(at).search(/\S|$/);
    TOKEN.lastIndex = at + blank;
    const match = TOKEN.exec(text);
    // A double quote that begins no string begins a comment.
    if (!match || match[0] === '"') break;
    const [kind] = Object.entries<string | undefined>({ ...match.groups }).find(([, part]) => part !== undefined) as [
      Token['kind'],
      string,
    ];
    tokens.push({ kind, text: match[0], spaced: blank > 0 });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

/** Whether {token} is one of these operators. */
export function isOp(token: Token | undefined, ...texts: string[]): boolean {
  return token?.kind === 'op' && texts.includes(token.text);
}

/** The parts between those tokens outside of all brackets that {isSeparator}. Separators belong to no part. */
export function split(tokens: readonly Token[], isSeparator: Test): Token[][] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isOp(token, ')', ']', '}')) depth--;
    if (depth === 0 && isSeparator(token, index)) parts.push([]);
    else parts.at(-1)?.push(token);
    if (isOp(token, '(', '[', '{')) depth++;
  }
  return parts;
}

/** The elements between commas. */
export function listed(tokens: readonly Token[]): Token[][] {
  return split(tokens, (token) => isOp(token, ',', ';')).filter((part) => part.length > 0);
}

/** The index of the bracket that closes the one at {open}, or -1. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    if (isOp(tokens[index], '(', '[', '{')) depth++;
    if (isOp(tokens[index], ')', ']', '}') && --depth === 0) return index;
  }
  return -1;
}

/** The arguments of the call whose name is token {index}; undefined if that is no call. */
export function callArguments(tokens: readonly Token[], index: number): Token[][] | undefined {
  const open = tokens[index + 1];
  const end = isOp(open, '(') && !open?.spaced && tokens[index]?.kind === 'name' ? closing(tokens, index + 1) : -1;
  return end < 0 ? undefined : listed(tokens.slice(index + 2, end));
}

/** The operands that stand side by side, as after :execute and :echo. */
export function sideBySide(tokens: readonly Token[]): Token[][] {
  const isWord = (token: Token | undefined): boolean => token?.kind === 'name' && /^is(not)?[#?]?$/.test(token.text);
  const ends = (token: Token | undefined): boolean =>
    token?.kind === 'op' ? isOp(token, ')', ']', '}') : token !== undefined && !isWord(token);
  const begins = (token: Token): boolean => token.spaced && (token.kind === 'op' ? isOp(token, '(', '[', '{') : !isWord(token));
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (depth === 0 && ends(tokens[index - 1]) && begins(token)) parts.push([]);
    parts.at(-1)?.push(token);
    depth += isOp(token, '(', '[', '{') ? 1 : isOp(token, ')', ']', '}') ? -1 : 0;
  }
  return parts;
}

/** The two outcomes of `condition ? one : other`; undefined if it is something else. */
export function outcomes(tokens: readonly Token[]): Token[][] | undefined {
  const [condition = [], ...rest] = split(tokens, (token) => isOp(token, '?'));
  if (rest.length === 0) return undefined;
  const behind = tokens.slice(condition.length + 1);
  let open = 0;
  let colon = -1;
  split(behind, (token) => {
    if (isOp(token, '?')) open++;
    if (isOp(token, ':') && open-- === 0 && colon < 0) colon = behind.indexOf(token);
    return false;
  });
  return colon < 0 ? [behind] : [behind.slice(0, colon), behind.slice(colon + 1)];
}

/** The tokens as they were written. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text, spaced }, index) => (spaced && index > 0 ? ` ${text}` : text)).join('');
}
