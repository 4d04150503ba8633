/** Whether a key went with its lease. etcd does not tell who has deleted a key. */
import type { CallOptions, Client } from '../../client/index.js';

/** @returns false for '0', and if it cannot be asked */
export async function hasEnded(client: Client, lease: string, options: CallOptions): Promise<boolean> {
  return lease !== '0' && (await client.leaseTtl(lease, options).catch(() => 0)) < 0;
}
