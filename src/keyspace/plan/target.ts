/** What a name means that is to be deleted, moved or copied: a key, or everything below a prefix. It never guesses. */
import { after, EtcdError, type CallOptions, type Client, type Header, type Key } from '../../client/index.js';
import { encodeKey, encodeSegments, type Address } from '../address.js';
import { spanBelow } from '../subtree.js';
import type { Span } from '../listing/scope.js';

/** A key or a prefix. */
export type Target = Pick<Address, 'kind' | 'key'>;

/** Words by which this refusal is known from others. */
export const BOTH = 'is both a key and a prefix';

/**
 * @param target as it was typed: a name without a slash may be a key, a prefix, or both
 * @param seen the revision to look at; the newest by default
 * @throws EtcdError not_found if it is neither, invalid_address if it is both
 */
export async function targetOf(client: Client, { kind, key }: Target, options: CallOptions, seen?: Header): Promise<Target> {
  if (kind === 'prefix') return { kind, key };
  const below: Key = `${key}/`;
  const { start, end } = spanBelow(below);
  const count = { op: 'range' as const, countOnly: true, ...(seen && { revision: seen.revision }) };
  const then = [
    { ...count, key },
    { ...count, key: start, rangeEnd: end },
  ];
  const { answers } = await client.txn({ then, ...(seen && { seen }) }, options);
  const [isKey, isPrefix] = answers.map((answer) => answer.op === 'range' && answer.count > 0);
  const name = encodeSegments(key);
  if (isKey && isPrefix) {
    throw new EtcdError('invalid_address', `${name} ${BOTH}`, { hint: `${name}/ is what is below it`, endpoint: client.endpoint() });
  }
  if (!isKey && !isPrefix) throw absent(client, { kind, key });
  return isKey ? { kind, key } : { kind: 'prefix', key: below };
}

/** @returns EtcdError not_found */
export function absent(client: Client, { kind, key }: Target): EtcdError {
  return new EtcdError('not_found', `there is no ${kind === 'key' ? encodeKey(key) : encodeSegments(key) || 'key at all'}`, {
    endpoint: client.endpoint(),
  });
}

/** The range of a target. */
export function spanOf({ kind, key }: Target): Span {
  return kind === 'prefix' ? spanBelow(key) : { start: key, end: after(key) };
}

/** The targets that are not below another target, each once. */
export function outermost(targets: readonly Target[]): Target[] {
  const prefixes = targets.filter(({ kind }) => kind === 'prefix').map(({ key }) => key);
  const isInside = ({ kind, key }: Target): boolean =>
    prefixes.some((prefix) => key.startsWith(prefix) && !(kind === 'prefix' && key === prefix));
  const once = new Map(targets.map((target) => [`${target.kind} ${target.key}`, target]));
  return [...once.values()].filter((target) => !isInside(target));
}
