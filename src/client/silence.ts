/** Connections that a server closes without a word. With TLS 1.3, nothing more shows that it refuses a certificate. */
import { EtcdError, withTraits } from './errors.js';
import type { Subject } from './subjects.js';
import { expiry, type ConnectOptions } from './tls.js';

export interface Silence {
  /** A connection was made. */
  connected(): void;
  /** The server has answered. */
  heard(): void;
  /** @returns the error; or, if the server says nothing, what it most likely means */
  explain(error: EtcdError, tls: ConnectOptions | undefined): EtcdError;
}

/**
 * A closed connection means "no" to who we are in two cases. One is a server that has never said anything. The other, with TLS, is two
 * connections in a row that end that way, the second made after the first was closed. A server that is going away closes once, and then
 * cannot be connected to.
 */
export function openSilence(endpoint: string): Silence {
  const isHttp = endpoint.startsWith('http:');
  let made = 0;
  let [isFresh, hasSpoken] = [true, false];
  /** How many connections had been made when one was last closed. */
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
