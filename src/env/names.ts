/** The name of a variable, made from the name of a key. */
import type { Key } from '../client/index.js';

export interface NameStyle {
  /** Stands before each name. */
  prefix: string;
  /** ASCII letters become capitals. */
  upcase: boolean;
  /** Nothing is changed, even if a shell cannot hold that name. */
  raw: boolean;
}

export const USUAL: NameStyle = { prefix: '', upcase: true, raw: false };

/** Whether a shell can hold a variable of that name. */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/**
 * `db-host` -> `DB_HOST`: a name that every shell can hold. With `raw` the name stays as it is.
 * @param part of a key, below the prefix; may hold slashes
 */
export function nameOf(part: Key, { prefix, upcase, raw }: NameStyle): string {
  const text = Buffer.from(part, 'latin1').toString('utf8');
  if (raw) return prefix + text;
  const named = prefix + text.replaceAll(/[^A-Za-z0-9_]/gu, '_');
  const safe = /^\d/.test(named) ? `_${named}` : named;
  return upcase ? safe.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase()) : safe;
}
