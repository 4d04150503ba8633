/** The exact moments at which a fault meets what passes a relay, so that it does not depend on luck. */
import { once } from 'node:events';
import type { Relay, Wire } from '../harness/relay.js';

type Answering = Omit<Wire, 'answered'>;

/**
 * Makes `fault` come just before the next request to that path passes.
 * @param fault if it gives a promise, the request waits for it
 * @returns settles when it has come
 */
export async function atRequest(relay: Relay, path: string, fault: (wire: Wire) => unknown): Promise<void> {
  return new Promise((resolve) => {
    relay.onRequest = (piece, wire) => {
      if (!piece.includes(`${path} `)) return undefined;
      relay.onRequest = undefined;
      const done = fault(wire);
      void Promise.resolve(done).then(() => resolve());
      return done;
    };
  });
}

/** The same for the next piece of an answer that contains `text`. */
export async function atAnswer(relay: Relay, text: string, fault: (wire: Answering, piece: Buffer) => unknown): Promise<void> {
  return new Promise((resolve) => {
    relay.onAnswer = (piece, wire) => {
      if (!piece.includes(text)) return undefined;
      relay.onAnswer = undefined;
      const done = fault(wire, piece);
      void Promise.resolve(done).then(() => resolve());
      return done;
    };
  });
}

/** Waits until what is held is lost. Whoever waits for something else may wait for ever after that. */
export async function untilLost({ lost }: { lost: AbortSignal }): Promise<void> {
  if (!lost.aborted) await once(lost, 'abort');
}

/** Stands in the next message of a watch that tells of a change. */
export const EVENTS = '"events":';
/** Stands in the message that a watch has begun. */
export const LISTENING = '"created":true';
/** An address at which nothing listens. */
export const NOWHERE = '127.0.0.1:1';
/** The path that keeps a lease alive, and what stands in the answer. */
export const [RENEWING, RENEWED] = ['/v3/lease/keepalive', '"TTL":'];
