/** How TLS connections are made: with the certificates as they are on disk at that moment. */
import { buildConnector } from 'undici';
import type { ConnectOptions } from './tls.js';

/** ms for a connection. */
export const CONNECTING = 3000;

/** It is made anew where the identity is another, so that no session of the old one is resumed. */
export function secured(identity: () => Promise<ConnectOptions>): buildConnector.connector {
  let known: ConnectOptions | undefined;
  let connect: buildConnector.connector;
  return (options, callback) => {
    identity()
      .then((now) => {
        // Explicit, because the environment could turn it off (NODE_TLS_REJECT_UNAUTHORIZED).
        if (now !== known) connect = buildConnector({ timeout: CONNECTING, rejectUnauthorized: true, ...now });
        known = now;
        connect(options, callback);
      })
      .catch((thrown: unknown) => callback(thrown as Error, null));
  };
}
