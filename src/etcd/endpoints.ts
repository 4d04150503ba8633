/** Several endpoints as one: stays with the one that works, moves on when it does not. */
import { setTimeout as pause } from 'node:timers/promises';
import { EtcdError, type ErrorTraits } from './errors.js';
import { openGateway, type Gateway } from './gateway.js';

export interface Attempted<Answer> {
  answer: Answer;
  /** An earlier attempt ended with an unknown outcome, so the answer may be about our own write. */
  uncertain: boolean;
}

export interface Endpoints {
  /**
   * Sends to the endpoint in use, then to the others in turn, until one answers or the budget is over.
   * Only requests that may be sent twice belong here: reads, and txns that compare.
   * @param budget ms for all attempts together
   * @throws EtcdError of the last attempt; `indefinite` when any attempt was
   */
  attempt<Answer>(send: Send<Answer>, budget: number, signal?: AbortSignal): Promise<Attempted<Answer>>;
  /** The endpoint in use. */
  current(): string;
  close(): Promise<void>;
}

/** ms that one endpoint has in the first round while others wait; it doubles with every round. */
const FIRST_DEADLINE = 1000;
/** ms below which another round is not worth starting. */
const SHORTEST_TRY = 50;

/**
 * What people write in $ETCDCTL_ENDPOINTS (`host`, `host:port`, `http://host:port`), as etcdctl understands it.
 * @throws EtcdError invalid_address
 */
export function parseEndpoint(text: string): string {
  const trimmed = text.trim();
  const bare = !/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed);
  let url: URL;
  try {
    url = new URL(bare ? `http://${trimmed}` : trimmed);
  } catch {
    throw new EtcdError('invalid_address', `endpoint ${JSON.stringify(trimmed)} is not host:port or a URL`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new EtcdError('invalid_address', `endpoint ${JSON.stringify(trimmed)}: only http and https`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new EtcdError('invalid_address', 'an endpoint may not hold a user or a password');
  }
  if (bare && !/:\d+$/.test(trimmed.replace(/\/.*/, ''))) url.port = '2379';
  return url.origin;
}

/** @param endpoints at least one, as parseEndpoint returns them */
export function openEndpoints(endpoints: readonly string[]): Endpoints {
  const gateways = endpoints.map((endpoint) => openGateway(endpoint));
  let current = 0;

  /** One attempt on each endpoint, the one in use first. */
  async function round<Answer>(send: Send<Answer>, end: number, share: number, errors: EtcdError[]): Promise<Answer | undefined> {
    const first = current;
    for (let turn = 0; turn < gateways.length; turn++) {
      const index = (first + turn) % gateways.length;
      const left = end - performance.now();
      if (left <= 0 && errors.length > 0) return undefined;
      try {
        const answer = await send(gateways[index] as Gateway, gateways.length === 1 ? left : Math.min(left, share));
        current = index;
        return answer;
      } catch (thrown) {
        const error = thrown as EtcdError;
        errors.push(error);
        if (!movesOn(error)) throw error;
      }
    }
    return undefined;
  }

  return {
    async attempt(send, budget, signal) {
      const end = performance.now() + budget;
      let uncertain = false;
      let before: EtcdError[] = [];
      for (let rounds = 0; ; rounds++) {
        const errors: EtcdError[] = [];
        try {
          const answer = await round(send, end, FIRST_DEADLINE * 2 ** rounds, errors);
          uncertain ||= errors.some((error) => error.indefinite);
          if (answer !== undefined) return { answer, uncertain };
        } catch (thrown) {
          throw withOutcome(thrown as EtcdError, uncertain || errors.some((error) => error.indefinite));
        }
        const mayPass = errors.some((error) => error.retryable && error.code !== 'unreachable');
        if (!mayPass || signal?.aborted || end - performance.now() < SHORTEST_TRY) {
          // What the budget cut short says less than what went wrong before.
          throw withOutcome(worst(errors.every((error) => error.code === 'timeout') && before.length > 0 ? before : errors), uncertain);
        }
        before = errors;
        await pause(20 + Math.random() * 80, undefined, { signal }).catch(() => undefined);
      }
    },
    current: () => (gateways[current] as Gateway).endpoint,
    async close() {
      await Promise.all(gateways.map((gateway) => gateway.close()));
    },
  };
}

type Send<Answer> = (gateway: Gateway, deadline: number) => Promise<Answer>;

/** Another endpoint may do better: it is down, slow or no etcd at all. */
function movesOn(error: EtcdError): boolean {
  return error.retryable || error.code === 'unsupported';
}

/** Of one round's errors the one that says most, naming every endpoint that was tried. */
function worst(errors: readonly EtcdError[]): EtcdError {
  const telling = errors.find((error) => error.code !== 'unreachable') ?? (errors[0] as EtcdError);
  const endpoint = [...new Set(errors.map((error) => error.endpoint))].join(', ');
  return copyError(telling, { endpoint, indefinite: errors.some((error) => error.indefinite) });
}

function withOutcome(error: EtcdError, indefinite: boolean): EtcdError {
  return error.indefinite || !indefinite ? error : copyError(error, { indefinite });
}

function copyError(error: EtcdError, changes: ErrorTraits): EtcdError {
  const { retryable, indefinite, hint, endpoint, cause } = error;
  return new EtcdError(error.code, error.message, {
    retryable,
    indefinite,
    cause,
    ...(hint && { hint }),
    ...(endpoint && { endpoint }),
    ...changes,
  });
}
