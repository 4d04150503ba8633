/**
 * Keys and values as a shell reads variables: `NAME=value`, quoted if needed. It holds only what a shell can hold: a key that is a
 * variable's name, and a text without NUL. Nothing in it is expanded.
 */
import { EtcdError } from '../../client/index.js';
import { encodeSegments } from '../address.js';
import { textOf, type Codec, type Entry, type OnKey } from './entry.js';
import { beginReading, type Reading } from './reading.js';

export const env: Codec = {
  encode: (entries) => [...entries].map(encodeVariable).join(''),
  decode,
};

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PLAIN = /^[A-Za-z0-9_@%+:,./-]*$/;

function encodeVariable({ key, value }: Entry): string {
  const shown = JSON.stringify(encodeSegments(key));
  if (!NAME.test(key)) throw cannotHold(`the key ${shown} is no name of a variable`);
  const text = textOf(value);
  if (text === undefined) throw cannotHold(`the value of ${shown} is no text`);
  return `${key}=${PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`}\n`;
}

function cannotHold(why: string): EtcdError {
  return new EtcdError('invalid_value', `variables cannot hold all of it: ${why}`, { hint: '?yaml and ?json hold everything' });
}

function decode(text: string, onKey?: OnKey): Entry[] {
  const reading = beginReading(text, onKey);
  const blank = /(?:[ \t\r]*(?:#[^\n]*)?(?:\n|$))*[ \t]*/y;
  const start = /(?:export[ \t]+)?([^\s=]+)=/y;
  for (let at = 0; at < text.length;) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    if (at >= text.length) break;
    start.lastIndex = at;
    const [whole, name = ''] = start.exec(text) ?? reading.refuse(at, 'NAME=value is expected here');
    if (!NAME.test(name)) reading.refuse(at, `${JSON.stringify(name)} is no name of a variable`);
    const { value, end } = decodeWord(reading, text, at + whole.length);
    reading.add({ key: name, value: reading.bytes(value, at) }, at);
    at = end;
  }
  return reading.entries();
}

/** Reads one word of a shell, and the end of its line. */
function decodeWord(reading: Reading, text: string, from: number): { value: string; end: number } {
  const part = /'([^']*)'|"((?:[^"\\$`]|\\[^])*)"|\\([^])|([^\s'"\\$`;&|<>()]+)/y;
  const rest = /[ \t\r]*(?:[ \t]#[^\n]*)?(?:\n|$)/y;
  let [value, at] = ['', from];
  for (;;) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (!found) break;
    const [whole, single, double, escaped, plain] = found;
    value += single ?? double?.replace(/\\(?:\n|([$`"\\]))/g, '$1') ?? (escaped === '\n' ? '' : escaped) ?? plain ?? '';
    at += whole.length;
  }
  rest.lastIndex = at;
  const end = rest.exec(text);
  return end ? { value, end: at + end[0].length } : reading.refuse(at, 'a shell would expand that, or end the word there: quote it');
}
