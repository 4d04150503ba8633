/** A new lease for keys. It is revoked if they do not get it. */
import { isEtcdError, type CallOptions, type Client } from '../../client/index.js';
import { revokeLease } from './list.js';

/**
 * @param ttl in seconds
 * @param attach puts the keys with the lease of that id
 * @returns what `attach` returns
 * @throws what `attach` throws. Then the lease is revoked, but only if it is certain that no key has got it: keys go with their lease
 */
export async function attachNew<T>(client: Client, ttl: number, attach: (lease: string) => Promise<T>, options: CallOptions): Promise<T> {
  const { id } = await client.leases.grant({ ttl }, options);
  try {
    return await attach(id);
  } catch (thrown) {
    // A put whose outcome is unknown may still be carried out. A value that was written and then overwritten may have left the lease, too.
    const isKnown = isEtcdError(thrown) && thrown.code !== 'outcome_unknown' && !thrown.indefinite;
    if (isKnown) await revokeLease(client, id, [], options).catch(() => undefined);
    throw thrown;
  }
}
