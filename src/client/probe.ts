/** Whether an endpoint is alive: it answers a read that needs a leader and a quorum, but no rights. */
import { isEtcdError, withTraits, type EtcdError } from './errors.js';
import { either } from './signals.js';
import type { Exchange, Gateway } from './gateway.js';

/** Linearizable, one key, no value. A member asks its leader before it looks at the token, so a refusal proves as much. */
const QUESTION = { key: 'AA==', limit: '1', keys_only: true };

/**
 * Asks all at once.
 * @param onDead hears of each one that is not alive, before the answer; not of those that were only slower than the first
 * @returns the first that answers; undefined if none does
 */
export async function firstAlive(
  gateways: readonly Gateway[],
  exchange: Exchange,
  onDead: (gateway: Gateway, error: EtcdError) => void,
): Promise<Gateway | undefined> {
  const won = new AbortController();
  const signal = either(exchange.signal, won.signal);
  const races = gateways.map(async (gateway) => {
    try {
      await gateway.post('/v3/kv/range', QUESTION, { ...exchange, signal });
    } catch (thrown) {
      if (!isEtcdError(thrown)) throw thrown;
      if (!refuses(thrown)) {
        if (!won.signal.aborted) onDead(gateway, withTraits(thrown, { indefinite: false, settled: false })); // Nothing was written by asking.
        throw thrown;
      }
    }
    return gateway;
  });
  const first = await Promise.any(races).catch(() => undefined);
  won.abort();
  return first;
}

/** Whether etcd refuses. A proxy that refuses has not asked etcd. */
function refuses({ code, retryable, elsewhere }: EtcdError): boolean {
  return !elsewhere && ((code === 'unauthenticated' && !retryable) || code === 'permission_denied');
}
