/** How one request is sent to one endpoint, and what holds its answer against it. */
import type { Header } from './codec.js';
import { EtcdError, isEtcdError, withTraits } from './errors.js';
import type { Lineage } from './lineage.js';
import type { Send } from './rotation.js';

/** One request, and what holds its answer against it. */
export interface Question<Answer> {
  path: string;
  body: object;
  /** @throws EtcdError if that is no answer to this */
  decode(raw: unknown): Answer;
}

/** No other endpoint is tried after one that may have carried it out; hence that one has all the time that there is. */
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

/** As the gateway sends it, decoded. */
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

/** The same, of which the lineage hears. */
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

/** What holds an answer against its question does not know who has given it. */
export function located(thrown: unknown, endpoint: string): unknown {
  return isEtcdError(thrown) && !thrown.endpoint ? withTraits(thrown, { endpoint }) : thrown;
}
