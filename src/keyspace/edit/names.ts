/**
 * Names in the text of an edited listing, which stand after the number. A name is written like the end of an address, after the listed
 * prefix: `port`, `db/` (all keys below), `db/host`. `%2F` alone is the key that equals the prefix. `../` goes up. In a name that
 * begins with `./` only what follows counts, so every key can be written: `./%2F`, `.//x`.
 */
import { EtcdError, type Key } from '../../client/index.js';
import { decodeSegments, encodeSegments, type Address } from '../address.js';

/** What a name means: one key, or all keys that begin with it. A prefix is '' or ends in '/'. */
export type Place = Pick<Address, 'kind' | 'key'>;

/** The key that equals the prefix. */
const ITSELF = '%2F';

/** Names that equal the bytes of the key. Most do. */
const PLAIN = /^[\w~:=,+-]+\/?$/;

/** The name of a place that begins with `prefix`; placeOf() finds it again. */
export function nameOf(prefix: Key, { kind, key }: Place): string {
  const rest = key.slice(prefix.length);
  if (rest === '') return ITSELF;
  const name = kind === 'key' && rest.endsWith('/') ? `${encodeSegments(rest.slice(0, -1))}%2F` : encodeSegments(rest);
  const isOdd = name === ITSELF || (name.startsWith('/') && prefix !== '');
  return isOdd ? `./${name}` : name;
}

/**
 * @param where the name is written, for the message: `line 3`
 * @throws EtcdError invalid_address
 */
export function placeOf(prefix: Key, name: string, where: string): Place {
  if (PLAIN.test(name)) return { kind: name.endsWith('/') ? 'prefix' : 'key', key: prefix + name };
  let [base, rest] = [prefix, name];
  for (; rest.startsWith('../'); rest = rest.slice(3)) {
    if (base === '') throw refused(where, `${name} is above everything`);
    base = base.slice(0, base.slice(0, -1).lastIndexOf('/') + 1);
  }
  if (rest === ITSELF) {
    if (base === '') throw refused(where, 'a key has at least one byte');
    return { kind: 'key', key: base };
  }
  if (rest.startsWith('./')) rest = rest.slice(2);
  else if (rest.startsWith('/') && base !== '') {
    throw refused(where, `a name begins below ${encodeSegments(base)}`, '../ goes up, and .// is an empty segment');
  }
  const odd = oddityOf(rest);
  if (odd) throw refused(where, ...odd);
  return { kind: rest.endsWith('/') ? 'prefix' : 'key', key: base + decodeSegments(rest) };
}

/** Whether the place has the key. */
export function holdsKey({ kind, key }: Place, other: Key): boolean {
  return kind === 'prefix' ? other.startsWith(key) : other === key;
}

/** Whether both are the same key, or the same prefix. */
export function isSame(one: Place, other: Place): boolean {
  return one === other || (one.key === other.key && one.kind === other.kind);
}

/** A text for each place, different for each. */
export function idOf({ kind, key }: Place): string {
  return `${kind} ${key}`;
}

/** The error of a text that cannot be understood. */
export function refused(where: string, why: string, hint?: string): EtcdError {
  return new EtcdError('invalid_address', `${where}: ${why}`, hint === undefined ? {} : { hint });
}

function oddityOf(rest: string): [why: string, hint?: string] | undefined {
  if (rest === '') return ['there is no name'];
  if (/[\0-\x20\x7f]/.test(rest)) return ['a name has no spaces', 'in a key a space is written %20'];
  const isDots = rest.split('/').some((segment) => segment === '.' || segment === '..');
  return isDots ? ['a segment of dots', 'in a key they are written %2E'] : undefined;
}
