/** How requests reach an endpoint: what gateway.ts needs of an HTTP client. Whoever opens a client chooses one. */
import type { ConnectOptions } from '../tls.js';

/** ms that a connection may take, if the settings do not say. */
export const CONNECTING = 3000;

/**
 * After this many ms without a byte the system asks whether the other host is still there, and then each second, ten times. Without it,
 * a request that goes on for hours, like a watch, would not notice that a host or a network is gone. It costs this process nothing.
 */
export const KEEP_ALIVE = 15_000;

/** The `code` of {@link unsent}. */
export const UNSENT = 'ETCD_UNSENT';

/** What a request throws that ended before it had a connection. The caller then knows that nothing was written. */
function unsent(reason: unknown): Error {
  return Object.assign(new Error('no connection in time', { cause: reason }), { code: UNSENT });
}

/**
 * Waits for the answer until the signal aborts. HTTP clients look at the signal only after they have a connection, and that may take
 * longer than the request may.
 * @param mayBeSent asked when it aborts
 */
export async function heeding<T>(signal: AbortSignal, sent: Promise<T>, mayBeSent: () => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(mayBeSent() ? (signal.reason as Error) : unsent(signal.reason));
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    void sent.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

export interface Reply {
  statusCode: number;
  /** If you leave the loop over it, or the request's signal aborts, its connection is closed. */
  chunks: AsyncIterable<Buffer>;
}

/** Connections to one endpoint, opened when they are needed and kept for the next request. */
export interface Wire {
  /**
   * @param signal ends the request and its answer
   * @throws what fromTransport() (errors.ts) can name; after the signal has aborted, the reason of the signal
   */
  post(path: string, body: string, headers: Record<string, string>, signal: AbortSignal): Promise<Reply>;
  /** The same without a body. */
  get(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Reply>;
  close(): Promise<void>;
}

export interface WireSettings {
  /** ms that a connection may take. */
  connecting: number;
  /** The most connections; null: as many as there are requests. */
  connections: number | null;
  /** For TLS. It is asked for each connection. */
  identity?: (() => Promise<ConnectOptions>) | undefined;
  /** Called for each connection. */
  onConnect?: () => void;
  onDisconnect?: () => void;
}

/** @param origin `http://host:port` or `https://host:port` */
export type Transport = (origin: string, settings: WireSettings) => Wire;
