/** Which endpoint is next: the one in use until it fails, then one that is alive. */
import { isEtcdError, type EtcdError } from './errors.js';
import type { Exchange, Gateway } from './gateway.js';
import { firstAlive } from './probe.js';

/** @param exchange the share of this one attempt, and the end of the whole budget */
export type Send<Answer> = (gateway: Gateway, exchange: Exchange) => Promise<Answer>;

/** What went wrong in one round, by endpoint. */
export type Failed = Map<Gateway, EtcdError>;

export interface Rotation {
  current(): Gateway;
  /** Whether any endpoint answers a probe. */
  isAlive(exchange: Exchange): Promise<boolean>;
  /**
   * Tries each endpoint at most once.
   * @param sticky begin with the one in use, unless it is cold. If false, begin with one that answers a probe
   * @returns undefined if none answered; `failed` says why
   * @throws EtcdError that another endpoint could not avoid
   */
  round<Answer>(send: Send<Answer>, exchange: Exchange, failed: Failed, sticky: boolean): Promise<{ answer: Answer } | undefined>;
}

/** For this many ms an endpoint that failed has to pass a probe before it is sent anything. */
const COLD = 5000;

/** @param gateways at least one */
export function openRotation(gateways: readonly Gateway[]): Rotation {
  let current = gateways[0] as Gateway;
  const coldUntil = new Map<Gateway, number>();
  const isCold = (gateway: Gateway): boolean => (coldUntil.get(gateway) ?? 0) > performance.now();

  function fail(gateway: Gateway, error: EtcdError, failed: Failed): void {
    failed.set(gateway, error);
    coldUntil.set(gateway, performance.now() + COLD);
  }

  /** The only one that is left and not cold, else the first that answers a probe. A single endpoint needs no choice. */
  async function choose(exchange: Exchange, failed: Failed): Promise<Gateway | undefined> {
    const left = gateways.filter((gateway) => !failed.has(gateway));
    const [only] = left;
    if (left.length === 1 && only && (gateways.length === 1 || !isCold(only))) return only;
    return left.length === 0 ? undefined : firstAlive(left, exchange, (gateway, error) => fail(gateway, error, failed));
  }

  return {
    current: () => current,
    isAlive: async (exchange) => (await firstAlive(gateways, exchange, () => undefined)) !== undefined,
    async round(send, exchange, failed, sticky) {
      let next = sticky && !isCold(current) ? current : await choose(exchange, failed);
      while (next !== undefined) {
        try {
          const answer = await send(next, exchange);
          current = next;
          coldUntil.delete(next);
          return { answer };
        } catch (thrown) {
          if (!isEtcdError(thrown) || !movesOn(thrown)) throw thrown;
          fail(next, thrown, failed);
        }
        if (exchange.signal?.aborted || exchange.end - performance.now() <= 0) return undefined;
        next = await choose(exchange, failed);
      }
      return undefined;
    },
  };
}

/** Whether another endpoint may do better: this one is down, slow, misconfigured, not for us or no etcd at all. */
export function movesOn(error: EtcdError): boolean {
  return error.retryable || error.elsewhere || error.code === 'unsupported' || error.code === 'tls';
}
