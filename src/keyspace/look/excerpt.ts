/** What a value looks like on one line of a few cells. It is never written back, so it may lose what cannot be shown. */

/** How many bytes of a value are looked at. */
const MOST_BYTES = 2048;
/** A line that says nothing by itself. The next lines are appended to it. */
const BARE = /^[\s[{(<>-]*$/;
/** Characters that would end the line, move the cursor, turn the direction, or stay invisible. */
const UNSHOWN = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufffd]/gu;
const NOT_ASCII = /[^\x20-\x7e]/g;

/**
 * @param width characters at the most
 * @returns the first line that says something, in printable characters. If it is not UTF-8, each byte that is not printable is `\xNN`
 */
export function excerptOf(value: Buffer, width: number): string {
  const text = textOf(value.subarray(0, MOST_BYTES));
  if (text === undefined) return printableOf(value, width);
  let line = '';
  for (const next of text.split(/\r\n|\n|\r/)) {
    line = `${line} ${next.trim()}`.trimStart();
    if (!BARE.test(line) || line.length > width) break;
  }
  return cut(line.replaceAll('\t', ' ').replace(UNSHOWN, escapeCharacter), width);
}

/** All of the bytes, newlines too, as printable characters, at most `width` of them. */
export function printableOf(bytes: Buffer, width: number): string {
  const text = textOf(bytes.subarray(0, MOST_BYTES));
  if (text === undefined) return cut(bytes.toString('latin1', 0, width + 1).replace(NOT_ASCII, escapeByte), width);
  return cut(text.replace(UNSHOWN, escapeCharacter), width);
}

/** Whether a person can read it: UTF-8 without NUL. */
export function isText(value: Buffer): boolean {
  return textOf(value) !== undefined;
}

/** The bytes as text. A character may be cut in two at the end. */
function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: bytes.length === MOST_BYTES });
  } catch {
    return undefined;
  }
}

function cut(line: string, width: number): string {
  const characters = Array.from(line.slice(0, 2 * width + 2));
  return characters.length <= width ? line : `${characters.slice(0, width - 1).join('')}…`;
}

function escapeByte(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function escapeCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u{${code}}`;
}
