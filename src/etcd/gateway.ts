/** One HTTP request to one endpoint of etcd's JSON gateway. Knows no retry, no rotation and no meaning. */
import { Pool } from 'undici';
import { readBody, parseBody } from './body.js';
import { changed, fromAnswer, fromTransport, notEtcd, EtcdError } from './errors.js';
import { closedUnheard } from './tls-errors.js';
import type { ConnectOptions } from './tls.js';
import type { RawHeader } from './codec.js';

export interface Exchange {
  /** ms for the exchange, and a second more for each megabyte that is sent or has arrived. */
  share: number;
  /** When it must be over in any case, in terms of performance.now(). */
  end: number;
  signal?: AbortSignal | undefined;
  token?: string | undefined;
  /** Ask a member that has no leader as well. */
  leaderless?: boolean;
  /** For what 3.4 answers without a header. */
  headerless?: boolean;
}

export interface Gateway {
  /** The endpoint as messages name it, e.g. `http://127.0.0.1:2379`. */
  readonly endpoint: string;
  /** The cluster_id that was in an answer since when a connection has been open without a break; undefined where none has. */
  cluster(): string | undefined;
  /**
   * @param path below the endpoint, e.g. `/v3/kv/range`
   * @param body the request, built from types only: the gateway ignores fields it does not know
   * @returns the answer, which has a header
   * @throws EtcdError
   */
  post<Answer extends { header?: RawHeader }>(path: string, body: object, exchange: Exchange): Promise<Answer>;
  close(): Promise<void>;
}

const CONNECTIONS = 4;

/**
 * @param endpoint `http://host:port` or `https://host:port`
 * @param tls what tls.ts made of the settings
 */
export function openGateway(endpoint: string, tls: ConnectOptions = {}): Gateway {
  const pool = new Pool(endpoint, {
    connections: CONNECTIONS,
    keepAliveTimeout: 60_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    // Explicit, because the environment could turn it off (NODE_TLS_REJECT_UNAUTHORIZED).
    connect: { timeout: 3000, rejectUnauthorized: true, ...tls },
  });
  let connections = 0;
  let cluster: string | undefined;
  let heard = false;
  pool.on('connect', () => (connections += 1));
  pool.on('disconnect', () => {
    connections -= 1;
    if (connections <= 0) cluster = undefined;
  });

  async function ask(path: string, body: object, exchange: Exchange, clock: Clock): Promise<{ status: number; text: string }> {
    const json = JSON.stringify(body);
    clock.moved(json.length);
    const answer = await pool.request({ path, method: 'POST', headers: headersOf(exchange, clock), body: json, signal: clock.signal });
    heard = true;
    const text = await readBody(answer.body as AsyncIterable<Buffer>, answer.statusCode === 200, endpoint, clock.moved);
    return { status: answer.statusCode, text };
  }

  /** A server that closes the connection without a word gives no reason: the likely one is a hint. */
  function explained(error: EtcdError): EtcdError {
    const { cause } = error;
    if (heard || error.code !== 'unavailable' || !(cause instanceof Error) || !/other side closed/.test(cause.message)) return error;
    if (endpoint.startsWith('http:')) return changed(error, { hint: closedUnheard['http:'] });
    return new EtcdError('tls', error.message, { hint: closedUnheard['https:'], endpoint, indefinite: true, cause });
  }

  return {
    endpoint,
    cluster: () => cluster,
    async post<Answer extends { header?: RawHeader }>(path: string, body: object, exchange: Exchange) {
      const clock = startClock(exchange);
      try {
        const { status, text } = await ask(path, body, exchange, clock);
        if (status !== 200) throw fromAnswer(status, text, endpoint);
        const answer = parseBody<Answer>(text, endpoint);
        const id = answer.header?.cluster_id;
        if (typeof id === 'string') cluster = id;
        else if (!exchange.headerless) throw notEtcd('the answer has no cluster_id', endpoint);
        return answer;
      } catch (thrown) {
        throw explained(fromTransport(exchange.signal?.aborted ? exchange.signal.reason : thrown, endpoint));
      } finally {
        clock.stop();
      }
    },
    close: () => pool.destroy(),
  };
}

/** The server is told the deadline too, and to say at once when it has no leader, instead of keeping us waiting. */
function headersOf({ token, leaderless }: Exchange, clock: Clock): Record<string, string> {
  return {
    'content-type': 'application/json',
    'grpc-timeout': `${clock.left()}m`,
    ...(!leaderless && { 'grpc-metadata-hasleader': 'true' }),
    ...(token !== undefined && { authorization: token }),
  };
}

interface Clock {
  signal: AbortSignal;
  /** ms, at least 1. */
  left(): number;
  /** So many bytes went over the wire. */
  moved(bytes: number): void;
  stop(): void;
}

/** Aborts when the share is used up, which grows with what is transferred, or when the caller does. */
function startClock({ share, end, signal }: Exchange): Clock {
  const began = performance.now();
  const stop = new AbortController();
  let moved = 0;
  const left = (): number => Math.max(1, Math.ceil(Math.min(began + share + moved / 1000, end) - performance.now()));
  const tick = (): void => {
    if (left() > 1) timer = setTimeout(tick, left());
    else stop.abort(new DOMException('no answer in time', 'TimeoutError'));
  };
  let timer = setTimeout(tick, left());
  return {
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    left,
    moved: (bytes) => void (moved += bytes),
    stop: () => clearTimeout(timer),
  };
}
