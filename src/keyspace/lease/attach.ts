/** A new lease for keys, and what becomes of it if they do not get it. */
import { isEtcdError, type CallOptions, type Client } from '../../client/index.js';
import { revokeLease } from './list.js';

/**
 * @param ttl in seconds
 * @param attach puts the keys with the lease of that id
 * @returns what `attach` does
 * @throws what `attach` does. The lease is revoked then, but only if it is known that no key has got it: keys go with their lease
 */
export async function attachNew<T>(client: Client, ttl: number, attach: (lease: string) => Promise<T>, options: CallOptions): Promise<T> {
  const { id } = await client.leases.grant({ ttl }, options);
  try {
    return await attach(id);
  } catch (thrown) {
    // A put of which nobody knows may still be carried out. What was written and overwritten since may have the lease, too.
    const isKnown = isEtcdError(thrown) && thrown.code !== 'outcome_unknown' && !thrown.indefinite;
    if (isKnown) await revokeLease(client, id, [], options).catch(() => undefined);
    throw thrown;
  }
}
