/** How requests reach an endpoint: what gateway.ts needs of an HTTP client, which whoever opens a client chooses. */
import type { ConnectOptions } from '../tls.js';

/** ms for a connection. */
export const CONNECTING = 3000;

/**
 * After this many ms without a byte the system asks whether the other host is still there, and again each second, ten times. What goes
 * on for hours, as a watch does, would not hear of a host or a network that is gone. It costs this process nothing.
 */
export const KEEP_ALIVE = 15_000;

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
