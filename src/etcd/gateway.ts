/** One HTTP request to one endpoint of etcd's JSON gateway. Knows no retry, no rotation and no meaning. */
import { Pool } from 'undici';
import { fromAnswer } from './answers.js';
import { readBody, parseBody } from './body.js';
import { CONNECTING, secured } from './connector.js';
import { changed, fromTransport, notEtcd, type EtcdError } from './errors.js';
import { openSilence } from './silence.js';
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
  /** Another text after each connection that is opened or closed; unique in all processes. */
  link(): string;
  /**
   * @param path below the endpoint, e.g. `/v3/kv/range`
   * @param body the request, built from types only: the gateway ignores fields it does not know
   * @returns the answer, which has a header
   * @throws EtcdError
   */
  post<Answer extends { header?: RawHeader }>(path: string, body: object, exchange: Exchange): Promise<Answer>;
  /**
   * The same for an answer of any size, of which nothing is kept.
   * @param onChunk gets the body of a success as it comes
   * @throws EtcdError also after some chunks
   */
  stream(path: string, body: object, exchange: Exchange, onChunk: (chunk: Buffer) => void): Promise<void>;
  close(): Promise<void>;
}

const CONNECTIONS = 4;

/** Of this process and no other one. */
const PROCESS = `${process.pid}-${Date.now().toString(36)}`;
let links = 0;

/**
 * @param endpoint `http://host:port` or `https://host:port`, or below one, `https://host/path`
 * @param identity what tls.ts makes of the settings, asked for each connection; the same object where nothing has changed
 */
export function openGateway(endpoint: string, identity?: (limit: number) => Promise<ConnectOptions>): Gateway {
  const { origin, pathname } = new URL(endpoint);
  const root = pathname.replace(/\/$/, '');
  let tls: ConnectOptions | undefined;
  const pool = new Pool(origin, {
    connections: CONNECTIONS,
    keepAliveTimeout: 60_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: identity ? secured(async () => (tls = await identity(CONNECTING))) : { timeout: CONNECTING },
  });
  let cluster: string | undefined;
  const silence = openSilence(endpoint);
  const link = watchLinks(pool, () => (cluster = undefined));
  pool.on('connect', silence.connected);

  /** The text of a success. */
  async function ask(path: string, body: object, exchange: Exchange, clock: Clock, onChunk?: (chunk: Buffer) => void): Promise<string> {
    const json = JSON.stringify(body);
    clock.moved(json.length);
    const request = { method: 'POST', headers: headersOf(exchange, clock), body: json, signal: clock.signal } as const;
    const answer = await pool.request({ path: root + path, ...request });
    silence.heard();
    const { statusCode, body: chunks } = answer as { statusCode: number; body: AsyncIterable<Buffer> };
    if (statusCode === 200 && onChunk) return passOn(chunks, clock, onChunk);
    const text = await readBody(chunks, statusCode === 200, endpoint, clock.moved);
    if (statusCode !== 200) throw measured(fromAnswer(statusCode, text, endpoint), json.length);
    return text;
  }

  /** With a clock that runs, and every error named. */
  async function timed<T>(exchange: Exchange, send: (clock: Clock) => Promise<T>): Promise<T> {
    const clock = startClock(exchange);
    try {
      return await send(clock);
    } catch (thrown) {
      const error = fromTransport(exchange.signal?.aborted ? exchange.signal.reason : thrown, endpoint);
      throw silence.explain(error, tls);
    } finally {
      clock.stop();
    }
  }

  return {
    endpoint,
    cluster: () => cluster,
    link,
    post: async <Answer extends { header?: RawHeader }>(path: string, body: object, exchange: Exchange) =>
      timed(exchange, async (clock) => {
        const answer = parseBody<Answer>(await ask(path, body, exchange, clock), endpoint);
        const id = answer.header?.cluster_id;
        if (typeof id === 'string') cluster = id;
        else if (!exchange.headerless) throw notEtcd('the answer has no cluster_id', endpoint);
        return answer;
      }),
    async stream(path, body, exchange, onChunk) {
      await timed(exchange, (clock) => ask(path, body, exchange, clock, onChunk));
    },
    close: () => pool.destroy(),
  };
}

/**
 * @param onBreak called when no connection is open any more
 * @returns as Gateway.link()
 */
function watchLinks(pool: Pool, onBreak: () => void): () => string {
  let connections = 0;
  let link = '';
  const changed = (by: 1 | -1): void => {
    connections += by;
    link = `${PROCESS}-${++links}`;
    if (connections <= 0) onBreak();
  };
  pool.on('connect', () => changed(1));
  pool.on('disconnect', () => changed(-1));
  return () => link;
}

async function passOn(chunks: AsyncIterable<Buffer>, clock: Clock, onChunk: (chunk: Buffer) => void): Promise<string> {
  for await (const chunk of chunks) {
    clock.moved(chunk.length);
    onChunk(chunk);
  }
  return '';
}

/** A proxy that finds a request too large counts its JSON, which is a third larger than the value, and does not say how large. */
function measured(error: EtcdError, bytes: number): EtcdError {
  const isProxy = error.code === 'too_large' && error.elsewhere;
  return isProxy ? changed(error, {}, `${error.message}: the request has ${bytes} bytes`) : error;
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
  let late: NodeJS.Immediate | undefined;
  // A process that was stopped hears its timers first, and only then what has arrived meanwhile.
  const tick = (): void => {
    if (left() > 1) timer = setTimeout(tick, left());
    else late = setImmediate(() => stop.abort(new DOMException('no answer in time', 'TimeoutError')));
  };
  let timer = setTimeout(tick, left());
  return {
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
    left,
    moved(bytes) {
      moved += bytes;
    },
    stop() {
      clearTimeout(timer);
      clearImmediate(late);
    },
  };
}
