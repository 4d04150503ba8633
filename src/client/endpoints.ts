/** Several endpoints used as one. It stays with one that works, and moves on when that fails. */
import { either } from './signals.js';
import { asEtcdError, EtcdError, withTraits } from './errors.js';
import type { Gateway } from './gateway.js';
import { movesOn, openRotation, type Failed, type Rotation, type Send } from './rotation.js';
import { pause } from './timer.js';

export interface Patience {
  /** ms for all attempts together. */
  budget: number;
  /** ms after which to give up if no endpoint is alive. One that is alive but slow has the whole budget. The default is the budget. */
  hopeless?: number;
  /** ms to wait for an endpoint that went away and may have carried out a write before. */
  persist?: number;
  signal?: AbortSignal | undefined;
}

export interface Attempted<Answer> {
  answer: Answer;
  /** An earlier attempt ended with an unknown outcome, so the answer may be about our own write. */
  uncertain: boolean;
}

export interface Endpoints {
  readonly gateways: readonly Gateway[];
  /**
   * Sends to the endpoint in use, then to one that is alive, until one answers or the budget is over.
   * Only requests that may be sent twice belong here: reads, and txns that compare.
   * @throws EtcdError of the last round of attempts; `indefinite` when any attempt was
   */
  attempt<Answer>(send: Send<Answer>, patience: Patience): Promise<Attempted<Answer>>;
  /**
   * Sends to all at once, and takes the first success. It is for questions that any member can answer. It takes no longer than the fastest.
   * @throws EtcdError if all have failed
   */
  each<Answer>(send: Send<Answer>, patience: Patience): Promise<Answer>;
  /** The endpoint in use. */
  current(): string;
  close(): Promise<void>;
}

/** ms that one endpoint has in the first round; it doubles with every round. */
const FIRST_SHARE = 1000;
/** ms below which another round is not worth starting. */
const SHORTEST_TRY = 50;
/** @param gateways at least one */
export function openEndpoints(gateways: readonly Gateway[]): Endpoints {
  const rotation = openRotation(gateways);
  return {
    gateways,
    attempt: (send, patience) => attempt(rotation, send, patience),
    each: (send, patience) => each(gateways, send, patience),
    current: () => rotation.current().endpoint,
    async close() {
      await Promise.all(gateways.map((gateway) => gateway.close()));
    },
  };
}

async function attempt<Answer>(rotation: Rotation, send: Send<Answer>, patience: Patience): Promise<Attempted<Answer>> {
  const { budget, hopeless = budget, persist = 0, signal } = patience;
  const began = performance.now();
  const end = began + budget;
  let uncertain = false;
  let before: EtcdError[] = [];
  for (let rounds = 0; ; rounds++) {
    const failed: Failed = new Map();
    try {
      const found = await rotation.round(send, { share: FIRST_SHARE * 2 ** rounds, end, signal }, failed, rounds === 0);
      uncertain ||= anyIndefinite(failed);
      if (found) return { answer: found.answer, uncertain };
    } catch (thrown) {
      throw withOutcome(thrown, uncertain || anyIndefinite(failed));
    }
    const errors = [...failed.values()];
    const now = performance.now();
    const waits = uncertain && now - began < persist;
    const mayPass = waits || errors.some((error) => error.retryable && error.code !== 'unreachable');
    const isSlow = now - began < hopeless || (await rotation.isAlive({ share: FIRST_SHARE, end, signal }));
    if (!mayPass || signal?.aborted || end - now < SHORTEST_TRY || !isSlow) {
      // An attempt that the budget cut short says less than an earlier error.
      throw withOutcome(worst(errors.every((error) => error.code === 'timeout') && before.length > 0 ? before : errors), uncertain);
    }
    before = errors;
    await pause(20 + Math.random() * 80, signal);
  }
}

async function each<Answer>(gateways: readonly Gateway[], send: Send<Answer>, { budget, signal }: Patience): Promise<Answer> {
  const end = performance.now() + budget;
  const stop = new AbortController();
  const ended = either(signal, stop.signal);
  try {
    return await Promise.any(gateways.map(async (gateway) => send(gateway, { share: FIRST_SHARE, end, signal: ended })));
  } catch (thrown) {
    throw worst((thrown as AggregateError).errors.map(asEtcdError));
  } finally {
    stop.abort(new EtcdError('cancelled', 'another endpoint has answered'));
  }
}

function anyIndefinite(failed: Failed): boolean {
  return [...failed.values()].some((error) => error.indefinite);
}

/** The error of a round that says most. It names every endpoint that was tried. */
function worst(errors: readonly EtcdError[]): EtcdError {
  const told = errors.filter((error) => error.code !== 'unreachable');
  const telling = told.find((error) => !movesOn(error)) ?? told[0] ?? (errors[0] as EtcdError);
  const endpoint = [...new Set(errors.map((error) => error.endpoint))].join(', ');
  return withTraits(telling, { endpoint, indefinite: errors.some((error) => error.indefinite) });
}

function withOutcome(thrown: unknown, uncertain: boolean): unknown {
  return uncertain ? withTraits(thrown, { indefinite: true, settled: false }) : thrown;
}
