/** Keys that get a lease, or lose theirs, and keep their value. */
import { EtcdError, type CallOptions, type Client, type Key } from '../../client/index.js';
import { encodeSegments } from '../address.js';
import { decidedOn, type Plan } from '../write/plan.js';
import { readKeys } from '../write/read-keys.js';

/**
 * @param lease '0': none
 * @returns a plan that writes each value as it is, so that only its lease changes
 * @throws EtcdError not_found, which names a key that does not exist, and the client's
 */
export async function leasePlan(client: Client, keys: readonly Key[], lease: string, options: CallOptions): Promise<Plan> {
  const { header, kvs } = await readKeys(
    client,
    keys.map((key) => ({ key })),
    options,
  );
  const found = new Map(kvs.map((kv) => [kv.key, kv]));
  const steps = keys.flatMap((key) => {
    const kv = found.get(key);
    if (!kv) throw new EtcdError('not_found', `there is no key ${encodeSegments(key)}`, { endpoint: client.endpoint() });
    if (lease === '0' && kv.lease === '0') return [];
    return [{ op: 'put' as const, value: kv.value, lease, ...decidedOn(key, kv) }];
  });
  return { steps, seen: header };
}
