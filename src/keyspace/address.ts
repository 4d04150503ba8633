/**
 * Addresses: the names by which people and their tools call keys and prefixes.
 *
 *     etcd://[profile]/rest[?rev=N]          canonical
 *     etcd://[profile]/rest?as=hex[&rev=N]   the same: the value, in a form that can be read
 *     etcd://[profile]/rest/?yaml[&rev=N]    the same: all keys below, as one document
 *     etcd://[profile]/rest/?edit            the listing as text that can be edited; ?edit=all: every key below
 *     etcd:/rest   etcd:rest                 typed; default profile, or the one that the user has chosen instead
 *
 * The key is '/' + rest. If `./` stands before the rest, the key has no leading slash. A trailing '/' or an empty rest means a listing
 * of that prefix. A key that ends in '/' is written `…%2F`. `decode(encode(key)) == key`, and a key has one canonical address. An
 * address with a format always means the prefix: `/app?yaml` is `/app/?yaml`.
 */
import { EtcdError, keyOf, type Key, type Revision } from '../client/index.js';

/** The formats of a document, which has all keys below a prefix. */
export const FORMATS = ['yaml', 'json', 'jsonl', 'env'] as const;
export type Format = (typeof FORMATS)[number];

/** The forms in which a value is read and edited (views/view.ts). 'text' is the value as it is, whatever the settings say. */
export const VIEWS = ['json', 'hex', 'base64', 'gzip', 'zstd', 'k8s', 'text'] as const;
export type ViewName = (typeof VIEWS)[number];

export interface Address {
  /** '' is the default profile. */
  profile: string;
  /** A listing of a prefix, or the value of a key. */
  kind: 'prefix' | 'key';
  key: Key;
  /** Set if the address reads the past. */
  revision?: Revision;
  /** Set if the address is a document; `kind` is then 'prefix'. */
  format?: Format;
  /** Set if the value is shown in another form; `kind` is then 'key'. */
  as?: ViewName;
  /** Set if the names are shown as text to edit, those of the children or of all keys below; `kind` is then 'prefix'. */
  edit?: 'level' | 'tree';
  /** Nothing was given but the scheme (and profile). It means everything, or '/' if every key begins with it. */
  top?: boolean;
}

const PROFILE = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
/** '@' is not among these: after a '%' it begins a click label, if a 'statusline' is put together from names. */
const ODD = /[^A-Za-z0-9._~:=,+-]+/g;
const READABLE = /^[\p{L}\p{M}\p{N}]$/u;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/** The letters beyond ASCII that can be shown; undefined: all of Unicode. One process serves one user. */
let letters: ReadonlySet<string> | undefined;

/**
 * From now on addresses show only these letters beyond ASCII. All others are written as `%XX`.
 * @param known every letter that can be shown; undefined: all of Unicode
 */
export function writeWith(known: string | undefined): void {
  letters = known === undefined ? undefined : new Set(known);
}

/**
 * Parses an address as it was typed, canonical or not.
 * @param short the profile that short forms mean; '' is the default one
 * @throws EtcdError invalid_address
 */
export function parseAddress(text: string, short = ''): Address {
  const match = /^etcd:(?:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/s.exec(text);
  if (!match) throw invalid(text, 'an address begins with etcd:');
  const [, authority, path = '', query] = match;
  const profile = authority ?? short;
  if (profile !== '' && !PROFILE.test(profile)) throw invalid(text, `${JSON.stringify(profile)} cannot be a profile`);
  const asked = query === undefined ? {} : parseQuery(query, text);
  if (asked.as !== undefined && /(^|\/)$/.test(path)) throw invalid(text, 'only a value can be read as something else');
  if (path === '') return { profile, kind: 'prefix', key: '', top: true, ...asked };
  const relative = path.startsWith('/./') ? path.slice(3) : path.startsWith('/') ? undefined : path.replace(/^\.\//, '');
  const written = relative ?? path;
  const kind = written === '' || written.endsWith('/') ? 'prefix' : 'key';
  const key = decodeSegments(written);
  if ((asked.format ?? asked.edit) !== undefined && kind === 'key') return { profile, kind: 'prefix', key: `${key}/`, ...asked };
  return { profile, kind, key, ...asked };
}

/** The canonical address. */
export function formatAddress({ profile, kind, key, revision, format, as, edit }: Address): string {
  const other = as === undefined ? format : `as=${as}`;
  const view = edit === undefined ? other : edit === 'tree' ? 'edit=all' : 'edit';
  const asked = [...(view === undefined ? [] : [view]), ...(revision === undefined ? [] : [`rev=${revision}`])];
  const query = asked.length === 0 ? '' : `?${asked.join('&')}`;
  const relative = !key.startsWith('/') || (kind === 'key' && key === '/');
  if (kind === 'prefix') return `etcd://${profile}${relative ? '/./' : ''}${encodeSegments(key)}${query}`;
  return `etcd://${profile}${relative ? '/./' : ''}${encodeKey(key)}${query}`;
}

/** The bytes of a key, or of a part of one, as an address has them. */
export function encodeSegments(key: Key): string {
  return key
    .split('/')
    .map((segment) => (segment === '.' || segment === '..' ? segment.replaceAll('.', '%2E') : encodeBytes(segment)))
    .join('/');
}

/** The same for a whole key. A slash at its end is encoded, because it does not mean a prefix. */
export function encodeKey(key: Key): string {
  return key.endsWith('/') ? `${encodeSegments(key.slice(0, -1))}%2F` : encodeSegments(key);
}

/** Not strict: a `%` that begins no escape stands for itself, and any character stands for its UTF-8 bytes. */
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

/** The readable character that has these bytes. */
function characterOf(bytes: Key, width: number): string | undefined {
  const sequence = Buffer.from(bytes, 'latin1');
  const character = sequence.toString('utf8');
  const isExact = sequence.length === width && Buffer.from(character, 'utf8').equals(sequence) && !character.includes('\ufffd');
  const isShown = READABLE.test(character) && !INVISIBLE.test(character) && (!letters || letters.has(character));
  return isExact && isShown ? character : undefined;
}

/** How many bytes a UTF-8 sequence with this first byte should have. */
function sequenceWidth(first: number): number {
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
}

function escapeByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

function parseQuery(query: string, text: string): Pick<Address, 'revision' | 'format' | 'as' | 'edit'> {
  if (query === 'edit' || query === 'edit=all') return { edit: query === 'edit' ? 'level' : 'tree' };
  const asked: Pick<Address, 'revision' | 'format' | 'as'> = {};
  for (const part of query.split('&')) {
    const found = parsePart(part);
    const isOther = asked.format === undefined && asked.as === undefined;
    const isNew = found && (found.revision === undefined ? isOther : asked.revision === undefined);
    if (!isNew) throw invalid(text, `after "?" only ${UNDERSTOOD} are understood; a "?" in a key is written %3F`);
    Object.assign(asked, found);
  }
  return asked;
}

const UNDERSTOOD = `rev=N, edit, ${FORMATS.join(', ')}, and as=${VIEWS.join('|')}`;

function parsePart(part: string): Pick<Address, 'revision' | 'format' | 'as'> | undefined {
  const revision = /^rev=([1-9]\d{0,18})$/.exec(part)?.[1] as Revision | undefined;
  if (revision !== undefined) return { revision };
  const format = FORMATS.find((name) => name === part);
  if (format !== undefined) return { format };
  const as = VIEWS.find((name) => `as=${name}` === part);
  return as && { as };
}

function invalid(text: string, why: string): EtcdError {
  return new EtcdError('invalid_address', `${JSON.stringify(text)}: ${why}`, { subject: { reason: 'address' } });
}
