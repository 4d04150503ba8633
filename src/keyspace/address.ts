/**
 * Addresses: the names that buffers have.
 *
 *     etcd://[profile]/rest[?rev=N]   canonical
 *     etcd:/rest   etcd:rest          typed; default profile, or the one that `:Etcd use` has named
 *
 * The key is '/' + rest. `./` in front of the rest: the key has no leading slash. A trailing '/' or an empty rest: a listing
 * of that prefix. A key that ends in '/' is written `…%2F`. `decode(encode(key)) == key`, and a key has one canonical address.
 */
import { EtcdError, keyOf, type Key, type Revision } from '../etcd/index.js';

export interface Address {
  /** '' is the default profile. */
  profile: string;
  /** A listing of a prefix, or the value of a key. */
  kind: 'prefix' | 'key';
  key: Key;
  /** Set where the address reads the past. */
  revision?: Revision;
  /** Nothing but the scheme (and profile) was given: everything, or '/' when every key begins with it. */
  top?: boolean;
}

const PROFILE = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
/** Not '@': behind an escape it would be a click label in a status line that is put together from names (:h 'statusline'). */
const ODD = /[^A-Za-z0-9._~:=,+-]+/g;
const READABLE = /^[\p{L}\p{M}\p{N}]$/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/** Those beyond ASCII that the editor has; absent: all of Unicode. One process serves one editor. */
let letters: ReadonlySet<string> | undefined;

/**
 * From now on addresses are written with these letters beyond ASCII and no others, which are `%XX` then.
 * @param known every letter that the editor's encoding has; undefined: all of Unicode
 */
export function writeWith(known: string | undefined): void {
  letters = known === undefined ? undefined : new Set(known);
}

/**
 * What was typed, canonical or not, as an address.
 * @param short the profile that short forms mean (`:Etcd use`); '' is the default one
 * @throws EtcdError invalid_address
 */
export function parseAddress(text: string, short = ''): Address {
  const match = /^etcd:(?:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/s.exec(text);
  if (!match) throw invalid(text, 'an address begins with etcd:');
  const [, authority, path = '', query] = match;
  const profile = authority ?? short;
  if (profile !== '' && !PROFILE.test(profile)) throw invalid(text, `${JSON.stringify(profile)} cannot be a profile`);
  const revision = query === undefined ? {} : { revision: parseRevision(query, text) };
  if (path === '') return { profile, kind: 'prefix', key: '', top: true, ...revision };
  const relative = path.startsWith('/./') ? path.slice(3) : path.startsWith('/') ? undefined : path.replace(/^\.\//, '');
  const written = relative ?? path;
  const kind = written === '' || written.endsWith('/') ? 'prefix' : 'key';
  return { profile, kind, key: decodeSegments(written), ...revision };
}

/** The canonical address. */
export function formatAddress({ profile, kind, key, revision }: Address): string {
  const query = revision === undefined ? '' : `?rev=${revision}`;
  const relative = !key.startsWith('/') || (kind === 'key' && key === '/');
  if (kind === 'prefix') return `etcd://${profile}${relative ? '/./' : ''}${encodeSegments(key)}${query}`;
  const encoded = key.endsWith('/') ? `${encodeSegments(key.slice(0, -1))}%2F` : encodeSegments(key);
  return `etcd://${profile}${relative ? '/./' : ''}${encoded}${query}`;
}

/** The bytes of a key, or of a part of one, as they are written in an address. */
export function encodeSegments(key: Key): string {
  return key
    .split('/')
    .map((segment) => (segment === '.' || segment === '..' ? segment.replaceAll('.', '%2E') : encodeBytes(segment)))
    .join('/');
}

/** Loose: a `%` that begins no escape stands for itself, and any character stands for its UTF-8 bytes. */
export function decodeSegments(text: string): Key {
  return keyOf(text).replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function encodeBytes(bytes: Key): string {
  return bytes.replace(ODD, escapeRun);
}

function escapeRun(bytes: Key): string {
  let out = '';
  for (let i = 0; i < bytes.length;) {
    const width = sequenceWidth(bytes.charCodeAt(i));
    const character = width > 1 ? characterOf(bytes.slice(i, i + width), width) : undefined;
    out += character ?? escapeByte(bytes.charCodeAt(i));
    i += character === undefined ? 1 : width;
  }
  return out;
}

/** The readable character that these bytes are. */
function characterOf(bytes: Key, width: number): string | undefined {
  const sequence = Buffer.from(bytes, 'latin1');
  const character = sequence.toString('utf8');
  const isExact = sequence.length === width && Buffer.from(character, 'utf8').equals(sequence) && !character.includes('\ufffd');
  const isShown = READABLE.test(character) && !INVISIBLE.test(character) && (!letters || letters.has(character));
  return isExact && isShown ? character : undefined;
}

/** Bytes that a UTF-8 sequence with this first byte should have. */
function sequenceWidth(first: number): number {
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
}

function escapeByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function parseRevision(query: string, text: string): Revision {
  const match = /^rev=([1-9]\d{0,18})$/.exec(query);
  if (!match) throw invalid(text, 'after "?" only rev=N is understood; a "?" in a key is written %3F');
  return match[1] as Revision;
}

function invalid(text: string, why: string): EtcdError {
  return new EtcdError('invalid_address', `${JSON.stringify(text)}: ${why}`, { hint: 'see :help etcd-address' });
}
