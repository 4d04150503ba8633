/** JSON of one line, shown indented. A change is written in the style that the value had. JSON of several lines is shown as it is. */
import { isUtf8 } from 'node:buffer';
import { EtcdError } from '../../client/index.js';
import { restyle } from './restyle.js';
import { indented, tokensOf } from './tokens.js';
import type { View } from './view.js';

export const json: View = {
  show(value) {
    const text = textOf(value);
    if (text === undefined) throw new EtcdError('invalid_value', 'it is no valid JSON');
    return isOneLine(text) ? Buffer.from(indentedOf(text)) : value;
  },
  write(text, original) {
    const fresh = textOf(text);
    if (fresh === undefined) throw new EtcdError('invalid_value', 'it is no valid JSON');
    const was = original && textOf(original);
    return was !== undefined && isOneLine(was) ? Buffer.from(restyle(was, fresh)) : text;
  },
};

/** An object or a list on one line that is not empty: it is easier to read indented. */
export function isFolded(value: Buffer): boolean {
  if (!/^[ \t\r]*[[{][ \t\r]*[^\s\]}]/.test(value.toString('latin1', 0, 200))) return false;
  const text = textOf(value);
  return text !== undefined && isOneLine(text);
}

/** @returns undefined if the bytes are no JSON */
export function textOf(value: Buffer): string | undefined {
  if (!isUtf8(value)) return undefined;
  const text = value.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

function isOneLine(text: string): boolean {
  return !text.trim().includes('\n');
}

function indentedOf(text: string): string {
  try {
    return indented(tokensOf(text).all);
  } catch (cause) {
    throw new EtcdError('invalid_value', (cause as Error).message, { cause });
  }
}
