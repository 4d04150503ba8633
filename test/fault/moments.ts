/** The moments at which a fault meets what passes a relay: for certain, and not by luck. */
import { once } from 'node:events';
import type { Relay, Wire } from '../harness/relay.js';

type Answering = Omit<Wire, 'answered'>;

/**
 * Has `fault` come just before the next request to that path passes.
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

/** The same for the next piece of an answer in which `text` stands. */
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

/** Until what is held is lost: who waits for something else may wait for ever after that. */
export async function untilLost({ lost }: { lost: AbortSignal }): Promise<void> {
  if (!lost.aborted) await once(lost, 'abort');
}

/** In the next message of a watch that tells of a change. */
export const EVENTS = '"events":';
/** In the message that a watch has begun. */
export const LISTENING = '"created":true';
/** Where nothing listens. */
export const NOWHERE = '127.0.0.1:1';
/** What asks to keep a lease alive, and what stands in the answer. */
export const [RENEWING, RENEWED] = ['/v3/lease/keepalive', '"TTL":'];
