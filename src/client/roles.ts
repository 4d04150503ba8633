/** What the user may read and write, as far as etcd tells users: their own roles, and what those allow. */
import { decodeHeader, fieldsOf, listOf, textOf } from './decoders.js';
import { decodeKey, type Header, type Key } from './codec.js';
import type { Question } from './question.js';
import { isEtcdError } from './errors.js';
import { isBefore } from './range.js';

/** `[key, rangeEnd)`. If `rangeEnd` is undefined, it is only the key. */
export interface KeyRange {
  key: Key;
  rangeEnd: Key | undefined;
}

export interface Readable {
  header: Header;
  /** In no order. */
  ranges: KeyRange[];
  /** What the roles allow to write, in no order. */
  writable: KeyRange[];
}

/** Whether `key` lies in any of the ranges. */
export function holds(ranges: readonly KeyRange[], key: Key): boolean {
  return ranges.some((each) => (each.rangeEnd === undefined ? each.key === key : each.key <= key && isBefore(key, each.rangeEnd)));
}

/** Sends one request. */
export type Call = <Answer>(question: Question<Answer>) => Promise<{ answer: Answer }>;

/**
 * Users may ask for themselves and for the roles that they have, on every etcd since 3.1.
 * @param user not ''
 * @returns the ranges that the user's roles allow to read, and those to write
 */
export async function readableRanges(call: Call, user: string): Promise<Readable> {
  const decode = (raw: unknown): { header: Header; names: string[] } => {
    const { header, roles } = fieldsOf(raw, 'user');
    return { header: decodeHeader(header), names: listOf(roles, 'roles').map((role) => textOf(role, 'role')) };
  };
  const { answer } = await call({ path: '/v3/auth/user/get', body: { name: user }, decode });
  const { header, names } = answer;
  const perms = (await Promise.all(names.map((role) => readRole(call, role)))).flat();
  return {
    header,
    ranges: perms.filter(({ type }) => type !== 'WRITE').map(({ range }) => range),
    writable: perms.filter(({ type }) => type !== 'READ').map(({ range }) => range),
  };
}

export interface Permission {
  /** READ, WRITE or READWRITE. */
  type: string;
  range: KeyRange;
}

/** What a role allows; nothing if it has just gone. */
export async function readRole(call: Call, role: string): Promise<Permission[]> {
  const decode = (raw: unknown): Permission[] => listOf(fieldsOf(raw, 'role')['perm'], 'permissions').map(decodePermission);
  const { answer } = await call({ path: '/v3/auth/role/get', body: { role }, decode }).catch((error: unknown) => {
    // A role that was taken away just now allows nothing.
    if (isEtcdError(error, 'permission_denied')) return { answer: [] };
    throw error;
  });
  return answer;
}

/** READ is 0, so the gateway leaves it out. */
function decodePermission(raw: unknown): Permission {
  const { permType, key, range_end } = fieldsOf(raw, 'permission');
  const range = { key: key === undefined ? '' : decodeKey(key), rangeEnd: range_end === undefined ? undefined : decodeKey(range_end) };
  return { type: textOf(permType, 'permission') || 'READ', range };
}
