/** The leases of a cluster, with their keys. */
import { EtcdError, type CallOptions, type Client, type Key } from '../../client/index.js';
import { encodeSegments } from '../address.js';

export interface ListedLease {
  id: string;
  /** Seconds that are left. */
  ttl: number;
  /** Seconds it was granted for. */
  granted: number;
  keys: Key[];
}

/** Questions that are asked at once. */
const AT_ONCE = 16;

/** @returns the leases that are alive, the one that ends next first */
export async function listLeases(client: Client, options: CallOptions): Promise<ListedLease[]> {
  const ids = await client.leases.list(options);
  const found: ListedLease[] = [];
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    found.push(...(await Promise.all(ids.slice(i, i + AT_ONCE).map(async (id) => leaseOf(client, id, options)))));
  }
  return found.filter(({ ttl }) => ttl >= 0).sort((a, b) => a.ttl - b.ttl);
}

/** A lease that has ended has the TTL -1, and no keys. */
export async function leaseOf(client: Client, id: string, options: CallOptions): Promise<ListedLease> {
  const { ttl, grantedTtl, keys } = await client.leases.timeToLive({ id, keys: true }, options);
  return { id, ttl, granted: grantedTtl, keys };
}

/**
 * Ends a lease, and deletes its keys.
 * @param known the keys that it had when that was decided
 * @throws EtcdError conflict if another key has got the lease since, lease_not_found, and the client's
 */
export async function revokeLease(client: Client, id: string, known: readonly Key[], options: CallOptions): Promise<void> {
  const { keys } = await leaseOf(client, id, options);
  const more = keys.find((key) => !known.includes(key));
  if (more !== undefined) throw new EtcdError('conflict', `${encodeSegments(more)} has got that lease meanwhile`, { hint: 'look again' });
  await client.leases.revoke(id, options);
}
