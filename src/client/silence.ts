/** Connections that a server closes without a word: with TLS 1.3 that is all one sees of a certificate that it refuses. */
import { EtcdError, withTraits } from './errors.js';
import type { Subject } from './subjects.js';
import { expiry, type ConnectOptions } from './tls.js';

export interface Silence {
  /** A connection was made. */
  connected(): void;
  /** The server has answered. */
  heard(): void;
  /** @returns the error, or what the server most likely means, where it says nothing */
  explain(error: EtcdError, tls: ConnectOptions | undefined): EtcdError;
}

/**
 * That is its answer to who we are if it has never said anything; and, with TLS, if two connections in a row, the second made
 * after the first was closed, end that way: a server that goes away does so once, and then cannot be connected to.
 */
export function openSilence(endpoint: string): Silence {
  const isHttp = endpoint.startsWith('http:');
  let made = 0;
  let [isFresh, hasSpoken] = [true, false];
  /** Connections made when one was closed last. */
  let closed: number | undefined;

  function isReason(): boolean {
    if (!hasSpoken) return true;
    if (isHttp || !isFresh) return false;
    const isSecond = closed !== undefined && made > closed;
    closed = made;
    return isSecond;
  }

  return {
    connected() {
      made += 1;
      isFresh = true;
    },
    heard() {
      [isFresh, hasSpoken, closed] = [false, true, undefined];
    },
    explain(error, tls) {
      const { code, cause, subject } = error;
      if (subject?.reason === 'certificate_refused') return refusedFor(error, tls, subject);
      const isClosed = code === 'unavailable' && cause instanceof Error && /other side closed/.test(cause.message);
      if (!isClosed || !isReason()) return error;
      if (isHttp) return withTraits(error, { hint: 'if that port wants TLS, write https://' });
      return refusedFor(error, tls, { reason: 'closed_unheard' });
    },
  };
}

/** @param otherwise what it is about if the client certificate has not expired */
function refusedFor(error: EtcdError, tls: ConnectOptions | undefined, otherwise: Subject): EtcdError {
  const expired = tls && expiry(tls);
  const why = expired === undefined ? error.message : `the client certificate has expired (${expired})`;
  const subject: Subject = expired === undefined ? otherwise : { reason: 'certificate_expired' };
  const { endpoint = '', cause } = error;
  return new EtcdError('tls', why, { subject, endpoint, indefinite: true, cause });
}
