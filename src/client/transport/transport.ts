/** How requests reach an endpoint: what gateway.ts needs of an HTTP client, which whoever opens a client chooses. */
import type { ConnectOptions } from '../tls.js';

/** ms that a connection may take, if the settings do not say. */
export const CONNECTING = 3000;

/**
 * After this many ms without a byte the system asks whether the other host is still there, and again each second, ten times. What goes
 * on for hours, as a watch does, would not hear of a host or a network that is gone. It costs this process nothing.
 */
export const KEEP_ALIVE = 15_000;

/** The `code` of {@link unsent}. */
export const UNSENT = 'ETCD_UNSENT';

/** What a request throws that was ended before it had a connection: whoever wrote knows that nothing was written. */
function unsent(reason: unknown): Error {
  return Object.assign(new Error('no connection in time', { cause: reason }), { code: UNSENT });
}

/**
 * The answer, until the signal aborts: HTTP clients look at it only after they have a connection, which may take longer than the
 * request may.
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
  /** Leaving the loop over it, and the signal of the request, close its connection. */
  chunks: AsyncIterable<Buffer>;
}

/** Connections to one endpoint, opened when they are needed and kept for the next request. */
export interface Wire {
  /**
   * @param signal ends the request and its answer
   * @throws what fromTransport() (errors.ts) gives a name; the reason of the signal after it has aborted
   */
  post(path: string, body: string, headers: Record<string, string>, signal: AbortSignal): Promise<Reply>;
  /** The same without a body. */
  get(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Reply>;
  close(): Promise<void>;
}

export interface WireSettings {
  /** ms that a connection may take. */
  connecting: number;
  /** At the most; null: as many as there are requests. */
  connections: number | null;
  /** For TLS: asked for each connection. */
  identity?: (() => Promise<ConnectOptions>) | undefined;
  /** Hear of each connection. */
  onConnect?: () => void;
  onDisconnect?: () => void;
}

/** @param origin `http://host:port` or `https://host:port` */
export type Transport = (origin: string, settings: WireSettings) => Wire;
