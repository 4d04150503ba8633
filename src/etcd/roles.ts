/** What the user may read and write, as far as etcd tells them: their own roles, and what those allow. */
import { decodeHeader, decodeKey, type Header, type Key, type RawHeader } from './codec.js';
import type { EtcdError } from './errors.js';
import { isBefore } from './range.js';

/** `[key, rangeEnd)`; `rangeEnd` undefined: that one key. */
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

/** Sends one request, as any other. */
export type Call = <Answer extends { header?: RawHeader }>(path: string, body: object) => Promise<{ answer: Answer }>;

interface RawRole {
  header?: RawHeader;
  /** READ is 0, which the gateway leaves out. */
  perm?: { permType?: string; key?: string; range_end?: string }[];
}

/**
 * A user may ask for themselves and for the roles that they have, on every etcd since 3.1.
 * @param user not ''
 * @returns the ranges that the user's roles allow to read, and those to write
 */
export async function readableRanges(call: Call, user: string): Promise<Readable> {
  const { answer } = await call<{ header?: RawHeader; roles?: string[] }>('/v3/auth/user/get', { name: user });
  const roles = await Promise.all((answer.roles ?? []).map((role) => readRole(call, role)));
  const perms = roles.flat();
  return {
    header: decodeHeader(answer.header),
    ranges: perms.filter(({ type }) => type !== 'WRITE').map(({ range }) => range),
    writable: perms.filter(({ type }) => type !== 'READ').map(({ range }) => range),
  };
}

async function readRole(call: Call, role: string): Promise<{ type: string; range: KeyRange }[]> {
  const { answer } = await call<RawRole>('/v3/auth/role/get', { role }).catch((error: unknown) => {
    // A role that was taken away just now.
    if ((error as EtcdError).code === 'permission_denied') return { answer: {} as RawRole };
    throw error;
  });
  return (answer.perm ?? []).map(({ permType = 'READ', key = '', range_end }) => ({
    type: permType,
    range: { key: decodeKey(key), rangeEnd: range_end === undefined ? undefined : decodeKey(range_end) },
  }));
}
