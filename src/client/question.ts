/** How one request is sent to one endpoint, and how its answer is checked. */
import type { Header } from './codec.js';
import { EtcdError, isEtcdError, withTraits } from './errors.js';
import type { Lineage } from './lineage.js';
import type { Send } from './rotation.js';

/** One request, and the check of its answer. */
export interface Question<Answer> {
  path: string;
  body: object;
  /** @throws EtcdError if `raw` is no answer to this */
  decode(raw: unknown): Answer;
}

/** No other endpoint is tried after one that may have carried it out. So that one has all the time that there is. */
export function onlyOnce<Answer>(send: Send<Answer>): Send<Answer> {
  return async (gateway, exchange) => {
    try {
      return await send(gateway, { ...exchange, share: exchange.end - performance.now() });
    } catch (thrown) {
      if (!isEtcdError(thrown) || !thrown.indefinite) throw thrown;
      throw new EtcdError('outcome_unknown', `${thrown.message}; etcd may or may not hold the new value`, {
        cause: thrown,
        indefinite: true,
        endpoint: gateway.endpoint,
      });
    }
  };
}

/** Asks, and decodes what the gateway sends. */
export function asked<Answer>({ path, body, decode }: Question<Answer>): Send<Answer> {
  return async (gateway, exchange) => {
    const raw = await gateway.post(path, body, exchange);
    try {
      return decode(raw);
    } catch (thrown) {
      throw located(thrown, gateway.endpoint);
    }
  };
}

/** The same, and the lineage hears of the answer. */
export function heardBy<Answer extends { header: Header }>(
  lineage: Lineage,
  question: Question<Answer>,
  before?: Send<void>,
): Send<Answer> {
  const ask = asked(question);
  return async (gateway, exchange) => {
    await before?.(gateway, exchange);
    const mark = lineage.mark();
    const answer = await ask(gateway, exchange);
    return { ...answer, header: lineage.heard(answer.header, mark, gateway.link()) };
  };
}

/** A decoder does not know which endpoint gave the answer, so the endpoint is added here. */
export function located(thrown: unknown, endpoint: string): unknown {
  return isEtcdError(thrown) && !thrown.endpoint ? withTraits(thrown, { endpoint }) : thrown;
}
