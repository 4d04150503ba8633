/** undici: the quickest with many requests at once. Loading it takes longer than a short command may take in all. */
import { buildConnector, Pool } from 'undici';
import type { ConnectOptions } from '../tls.js';
import { CONNECTING, KEEP_ALIVE, type Transport } from './transport.js';

const CONNECT = { timeout: CONNECTING, keepAliveInitialDelay: KEEP_ALIVE };

/** For a process that stays. */
export const overUndici: Transport = (origin, { connections, identity, onConnect, onDisconnect }) => {
  const connect = identity ? secured(identity) : CONNECT;
  const pool = new Pool(origin, { connections, keepAliveTimeout: 60_000, headersTimeout: 0, bodyTimeout: 0, connect });
  if (onConnect) pool.on('connect', onConnect);
  if (onDisconnect) pool.on('disconnect', onDisconnect);
  return {
    async post(path, body, headers, signal) {
      const { statusCode, body: chunks } = await pool.request({ path, method: 'POST', headers, body, signal });
      return { statusCode, chunks: chunks as AsyncIterable<Buffer> };
    },
    async get(path, headers, signal) {
      const { statusCode, body: chunks } = await pool.request({ path, method: 'GET', headers, signal });
      return { statusCode, chunks: chunks as AsyncIterable<Buffer> };
    },
    close: () => pool.destroy(),
  };
};

/** It is made anew where the identity is another, so that no session of the old one is resumed. */
function secured(identity: () => Promise<ConnectOptions>): buildConnector.connector {
  let known: ConnectOptions | undefined;
  let connect: buildConnector.connector;
  return (options, callback) => {
    identity()
      .then((now) => {
        // Explicit, because the environment could turn it off (NODE_TLS_REJECT_UNAUTHORIZED).
        if (now !== known) connect = buildConnector({ ...CONNECT, rejectUnauthorized: true, ...now });
        known = now;
        connect(options, callback);
      })
      .catch((thrown: unknown) => callback(thrown as Error, null));
  };
}
