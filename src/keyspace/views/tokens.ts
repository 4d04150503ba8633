/** JSON as its tokens, each with the white space before it. A view shows these, and writes them back. */

export interface Token {
  /** White space before it. */
  space: string;
  text: string;
}

export interface Tokens {
  all: Token[];
  /** White space after the last one. */
  tail: string;
}

const TOKEN = /([ \t\n\r]*)("[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]|[^\s{}[\]:,"]+)/y;
const INDENT = '  ';
/** The most characters of a view. Deeply nested lists would be little more than indentation. */
const MOST = 64 * 1024 * 1024;

/** @param json valid JSON */
export function tokensOf(json: string): Tokens {
  const all: Token[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(json); match; match = TOKEN.exec(json)) {
    end = TOKEN.lastIndex;
    all.push({ space: match[1] ?? '', text: match[2] ?? '' });
  }
  return { all, tail: json.slice(end) };
}

/**
 * Puts the tokens on lines of their own, indented by two spaces. It adds nothing but white space.
 * @throws RangeError if that is too much text
 */
export function indented(tokens: readonly Token[]): string {
  const parts: string[] = [];
  let [depth, length, previous] = [0, 0, ''];
  for (const { text } of tokens) {
    if (text === '}' || text === ']') depth--;
    const space = spaceBetween(previous, text, depth);
    length += space.length + text.length;
    if (length > MOST) throw new RangeError('it is nested too deep to be indented');
    parts.push(space, text);
    if (text === '{' || text === '[') depth++;
    previous = text;
  }
  return `${parts.join('')}\n`;
}

function spaceBetween(before: string, after: string, depth: number): string {
  if (before === ':') return ' ';
  const isOpened = before === '{' || before === '[';
  const isClosing = after === '}' || after === ']';
  const isLine = before === ',' || (isOpened ? !isClosing : isClosing);
  return isLine ? `\n${INDENT.repeat(depth)}` : '';
}
