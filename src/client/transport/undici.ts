/** undici: the quickest with many requests at once. But to load it takes longer than a short command may take in all. */
import { buildConnector, errors, Pool, type Dispatcher } from 'undici';
import type { ConnectOptions } from '../tls.js';
import { heeding, KEEP_ALIVE, type Reply, type Transport } from './transport.js';

/** The transport of a process that stays. */
export const overUndici: Transport = (origin, { connections, connecting, identity, onConnect, onDisconnect }) => {
  const common = { timeout: connecting, keepAliveInitialDelay: KEEP_ALIVE };
  const connect = inTime(connecting, identity ? secured(identity, common) : buildConnector(common));
  const pool = new Pool(origin, { connections, keepAliveTimeout: 60_000, headersTimeout: 0, bodyTimeout: 0, connect });
  let open = 0;
  pool.on('connect', () => {
    open += 1;
    onConnect?.();
  });
  pool.on('disconnect', () => {
    open -= 1;
    onDisconnect?.();
  });
  const send = async (options: Omit<Dispatcher.RequestOptions, 'signal'>, signal: AbortSignal): Promise<Reply> => {
    const { statusCode, body } = await heeding(signal, pool.request({ ...options, signal }), () => open > 0);
    return { statusCode, chunks: body as AsyncIterable<Buffer> };
  };
  return {
    post: async (path, body, headers, signal) => send({ path, method: 'POST', headers, body }, signal),
    get: async (path, headers, signal) => send({ path, method: 'GET', headers }, signal),
    close: () => pool.destroy(),
  };
};

/** undici's own clock is up to two seconds late. That clock still cleans up what is left of the connection. */
function inTime(ms: number, connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    let isOver = false;
    const end: buildConnector.Callback = (...result) => {
      if (isOver) {
        result[1]?.destroy();
        return;
      }
      isOver = true;
      clearTimeout(late);
      callback(...result);
    };
    const late = setTimeout(() => end(new errors.ConnectTimeoutError('connect timeout'), null), ms);
    connect(options, end);
  };
}

/** The connector is made anew if the identity changes, so that no session of the old one is resumed. */
function secured(identity: () => Promise<ConnectOptions>, common: buildConnector.BuildOptions): buildConnector.connector {
  let known: ConnectOptions | undefined;
  let connect: buildConnector.connector;
  return (options, callback) => {
    identity()
      .then((now) => {
        // Explicit, because the environment could turn it off (NODE_TLS_REJECT_UNAUTHORIZED).
        if (now !== known) connect = buildConnector({ ...common, rejectUnauthorized: true, ...now });
        known = now;
        connect(options, callback);
      })
      .catch((thrown: unknown) => callback(thrown as Error, null));
  };
}
