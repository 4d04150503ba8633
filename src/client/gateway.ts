/** One HTTP request to one endpoint of etcd's JSON gateway. It knows no retry, no rotation and no meaning. */
import { fromAnswer } from './answers.js';
import { either } from './signals.js';
import { readBody, parseBody } from './body.js';
import { fromTransport, notEtcd, type EtcdError, withTraits } from './errors.js';
import { openLinks } from './links.js';
import { tooOld } from './old-server.js';
import { openSilence } from './silence.js';
import { LONGEST_TIMER } from './timer.js';
import type { ConnectOptions } from './tls.js';
import type { RawHeader } from './codec.js';
import { CONNECTING, type Reply, type Transport, type Wire } from './transport/transport.js';

export interface Exchange {
  /** ms for the exchange, plus a second for each megabyte that is sent or has arrived. */
  share: number;
  /** When it must be over in any case, on the clock of performance.now(). */
  end: number;
  signal?: AbortSignal | undefined;
  token?: string | undefined;
  /** Asks a member that has no leader as well. */
  leaderless?: boolean;
  /** For questions that 3.4 answers without a header. */
  headerless?: boolean;
  /** Bytes of the answer. The default is what body.ts allows. */
  mostBytes?: number | undefined;
}

/** An answer, or a message of one. */
type Headed = { header?: RawHeader; result?: { header?: RawHeader } };

export interface Gateway {
  /** The endpoint as messages name it, e.g. `http://127.0.0.1:2379`. */
  readonly endpoint: string;
  /** The cluster_id of an answer. It counts as long as at least one connection has stayed open since that answer; else undefined. */
  cluster(): string | undefined;
  /** Changes with each connection that is opened or closed. Unique in all processes. */
  link(): string;
  /**
   * @param path below the endpoint, e.g. `/v3/kv/range`
   * @param body the request, built from types only: the gateway ignores fields it does not know
   * @returns the answer, which has a header
   * @throws EtcdError
   */
  post<Answer extends Headed>(path: string, body: object, exchange: Exchange): Promise<Answer>;
  /** Asks another API of etcd by GET. Its answer is JSON and has no header. @throws EtcdError */
  get(path: string, exchange: Exchange): Promise<object>;
  /**
   * The same for an answer of any size. Nothing of it is kept.
   * @param onChunk gets the body of a success as it comes, and the next chunk only after it is done with the last
   * @throws EtcdError also after some chunks
   */
  stream(path: string, body: object, exchange: Exchange, onChunk: OnChunk): Promise<void>;
  /**
   * For an answer that goes on until someone ends it, like that of a watch. It has a connection of its own, so that others do not wait
   * for it. No clock runs after it has begun.
   * @returns its body, which breaks off when `exchange.signal` aborts. What the body throws is not an EtcdError yet
   */
  open(path: string, body: object, exchange: Exchange): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

type OnChunk = (chunk: Buffer) => void | Promise<void>;

const CONNECTIONS = 4;

export interface GatewayOptions {
  /** ms that a connection may take. */
  connecting?: number;
  /** What tls.ts makes of the settings. It is asked for each connection, and gives the same object if nothing has changed. */
  identity?: (limit: number) => Promise<ConnectOptions>;
}

/** @param endpoint `http://host:port` or `https://host:port`, or with a path, `https://host/path` */
export function openGateway(endpoint: string, transport: Transport, options: GatewayOptions = {}): Gateway {
  const { identity } = options;
  const connecting = Math.min(options.connecting ?? CONNECTING, LONGEST_TIMER);
  const [origin, root] = partsOf(endpoint);
  let tls: ConnectOptions | undefined;
  const own = { connecting, ...(identity && { identity: async () => (tls = await identity(connecting)) }) };
  let long: Wire | undefined;
  let cluster: string | undefined;
  const silence = openSilence(endpoint);
  const { link, ...links } = openLinks(silence.connected, () => (cluster = undefined));
  const wire = transport(origin, { ...own, ...links, connections: CONNECTIONS });

  /** @returns the text of a success */
  async function ask(path: string, body: object, exchange: Exchange, clock: Clock, onChunk?: OnChunk): Promise<string> {
    const json = JSON.stringify(body);
    clock.moved(json.length);
    const { statusCode, chunks } = await wire.post(root + path, json, headersOf(exchange, clock.left()), clock.signal);
    silence.heard();
    if (statusCode === 200 && onChunk) return passOn(chunks, clock, onChunk);
    const text = await readBody(chunks, statusCode === 200, endpoint, clock.moved, exchange.mostBytes);
    if (statusCode !== 200) throw measured(await refusalOf(statusCode, text, endpoint, version(clock)), json.length);
    return text;
  }

  const version =
    ({ signal }: Clock) =>
    async () =>
      wire.get(`${root}/version`, {}, signal);

  const timed = async <T>(exchange: Exchange, send: (clock: Clock) => Promise<T>): Promise<T> =>
    onTime(exchange, endpoint, (error) => silence.explain(error, tls), send);

  return {
    endpoint,
    cluster: () => cluster,
    link,
    post: async <Answer extends Headed>(path: string, body: object, exchange: Exchange) =>
      timed(exchange, async (clock) => {
        const answer = parseBody<Answer>(await ask(path, body, exchange, clock), endpoint);
        cluster = clusterOf(answer, exchange, endpoint) ?? cluster;
        return answer;
      }),
    get: async (path, exchange) =>
      timed(exchange, async (clock) => objectOf(await wire.get(root + path, {}, clock.signal), endpoint, clock, exchange)),
    async stream(path, body, exchange, onChunk) {
      await timed(exchange, (clock) => ask(path, body, exchange, clock, onChunk));
    },
    open: async (path, body, exchange) =>
      timed(exchange, async (clock) => {
        long ??= transport(origin, { ...own, connections: null });
        // After the clock has stopped, only the caller's signal can end it.
        const { statusCode, chunks } = await long.post(root + path, JSON.stringify(body), headersOf(exchange), clock.signal);
        silence.heard();
        if (statusCode !== 200)
          throw await refusalOf(statusCode, await readBody(chunks, false, endpoint, clock.moved), endpoint, version(clock));
        return chunks;
      }),
    close: () => Promise.all([wire.close(), long?.close()]).then(() => undefined),
  };
}

async function objectOf({ statusCode, chunks }: Reply, endpoint: string, clock: Clock, { mostBytes }: Exchange): Promise<object> {
  const text = await readBody(chunks, statusCode === 200, endpoint, clock.moved, mostBytes);
  if (statusCode !== 200) throw fromAnswer(statusCode, text, endpoint);
  return parseBody<object>(text, endpoint);
}

async function refusalOf(status: number, text: string, endpoint: string, version: () => Promise<Reply>): Promise<EtcdError> {
  const error = fromAnswer(status, text, endpoint);
  return status === 404 && error.code === 'unsupported' ? tooOld(error, version) : error;
}

/** An answer that goes on has its header in its first message. A refused request has none. */
function clusterOf(answer: Headed, { headerless }: Exchange, endpoint: string): string | undefined {
  const { header } = answer.result ?? answer;
  const id = header?.cluster_id;
  if (typeof id === 'string') return id;
  if (!headerless) throw notEtcd('the answer has no cluster_id', endpoint);
  return undefined;
}

/** @returns what to connect to, and what goes before each path */
function partsOf(endpoint: string): [origin: string, root: string] {
  const { origin, pathname } = new URL(endpoint);
  return [origin, pathname.replace(/\/$/, '')];
}

async function passOn(chunks: Reply['chunks'], clock: Clock, onChunk: OnChunk): Promise<string> {
  for await (const chunk of chunks) {
    clock.moved(chunk.length);
    await onChunk(chunk);
  }
  return '';
}

/** A proxy that finds a request too large counts its JSON, which is a third larger than the value. It does not say how large that is. */
function measured(error: EtcdError, bytes: number): EtcdError {
  const isProxy = error.code === 'too_large' && error.elsewhere;
  return isProxy ? withTraits(error, {}, `${error.message}: the request has ${bytes} bytes`) : error;
}

/**
 * Tells the server the deadline, if there is one. It also asks it to say at once when it has no leader, so that it does not keep us
 * waiting.
 */
function headersOf({ token, leaderless }: Exchange, left?: number): Record<string, string> {
  return {
    'content-type': 'application/json',
    ...(left !== undefined && { 'grpc-timeout': `${left}m` }),
    ...(!leaderless && { 'grpc-metadata-hasleader': 'true' }),
    ...(token !== undefined && { authorization: token }),
  };
}

/** Runs it with a clock, and names every error. */
async function onTime<T>(
  exchange: Exchange,
  endpoint: string,
  explain: (error: EtcdError) => EtcdError,
  send: (clock: Clock) => Promise<T>,
): Promise<T> {
  const clock = startClock(exchange);
  try {
    return await send(clock);
  } catch (thrown) {
    throw explain(fromTransport(exchange.signal?.aborted ? exchange.signal.reason : thrown, endpoint));
  } finally {
    clock.stop();
  }
}

interface Clock {
  signal: AbortSignal;
  /** ms, at least 1. */
  left(): number;
  /** So many bytes went over the wire. */
  moved(bytes: number): void;
  stop(): void;
}

/** Aborts when the share is used up, or when the caller aborts. The share grows with what is transferred. */
function startClock({ share, end, signal }: Exchange): Clock {
  const began = performance.now();
  const stop = new AbortController();
  let moved = 0;
  const left = (): number => Math.max(1, Math.ceil(Math.min(began + share + moved / 1000, end) - performance.now()));
  let late: NodeJS.Immediate | undefined;
  // After a process was stopped, its timers run first, and only then it hears what has arrived meanwhile.
  const tick = (): void => {
    if (left() > 1) timer = setTimeout(tick, left());
    else late = setImmediate(() => stop.abort(new DOMException('no answer in time', 'TimeoutError')));
  };
  let timer = setTimeout(tick, left());
  return {
    signal: either(signal, stop.signal),
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
