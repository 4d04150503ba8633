/** Which roles may read and write a range, in words. */
import { after, firstKey, prefixEnd, type Access, type Key, type KeyRange, type Role } from '../client/index.js';
import { readableSpans, type Span } from '../keyspace/listing/scope.js';

/** The range of everything below the prefix. */
export function prefixSpan(prefix: Key): Span {
  return { start: firstKey(prefix), end: prefixEnd(prefix) };
}

/**
 * @param access undefined if it could not be found out
 * @param user '' if requests are made without a login
 */
export function rightsOf(access: Access | undefined, span: Span, user: string): [label: string, text: string][] {
  if (access?.enabled === false) return [['rights', 'everyone may read and write: there is no login']];
  if (!access) return [['rights', 'not known']];
  const who = access.whole ? '' : `, of the roles of ${user}; others are not shown to you`;
  return [
    ['read by', `${namesOf(access.roles, 'WRITE', span)}${who}`],
    ['written by', `${namesOf(access.roles, 'READ', span)}${who}`],
  ];
}

/** @param other the permission that does not allow it */
function namesOf(roles: readonly Role[], other: 'READ' | 'WRITE', span: Span): string {
  const names = roles.flatMap(({ name, permissions }) => {
    // root may do everything, and etcd shows no permissions for it.
    if (name === 'root') return [name];
    const ranges = permissions.filter(({ type }) => type !== other).map(({ range }) => range);
    const held = share(ranges, span);
    return held === 'none' ? [] : [held === 'all' ? name : `${name} (in part)`];
  });
  return names.length === 0 ? 'none' : names.join(', ');
}

function share(ranges: readonly KeyRange[], { start, end }: Span): 'all' | 'part' | 'none' {
  const spans = readableSpans(ranges, { start, end });
  if (spans.length === 0) return 'none';
  return spans.length === 1 && spans[0]?.start === start && spans[0].end === end ? 'all' : 'part';
}

/** The range of one key. */
export const keySpan = (key: Key): Span => ({ start: key, end: after(key) });
