/** One cluster as its settings describe it: endpoints, TLS and login put together, opened at the first request. */
import { setMaxListeners } from 'node:events';
import { openAuth, type Auth, type Credentials } from './auth.js';
import type { Header } from './codec.js';
import type { Fields } from './decoders.js';
import type { Attempted, Patience } from './endpoints.js';
import { parseEndpoints } from './endpoint-url.js';
import { EtcdError, isEtcdError, withTraits } from './errors.js';
import type { Exchange, Gateway } from './gateway.js';
import { openLineage, type Lineage } from './lineage.js';
import { begun, readMessages } from './messages.js';
import { openLazily } from './opening.js';
import { asked, heardBy, located, onlyOnce, type Question } from './question.js';
import type { Send } from './rotation.js';
import { completed } from './subjects.js';
import { meansTls, type TlsSettings } from './tls.js';
import type { Transport } from './transport/transport.js';

export interface ClusterSettings {
  /** As in $ETCDCTL_ENDPOINTS: `host:port` or URLs. */
  endpoints: string[];
  /** A domain as in $ETCDCTL_DISCOVERY_SRV. It is not looked up. If there are no endpoints, the error says so. */
  discoverySrv?: string;
  credentials?: Credentials;
  tls?: TlsSettings;
  /** ms that one connection may take, within the time of the request. The default is 3000. */
  connectTimeout?: number;
  /** What the caller calls these settings. Errors carry it as `settings`. */
  name?: string;
  /** Hears what the user should know once, like a password in the clear, or verification that is off. */
  onNotice?: (text: string) => void;
}

export interface CallOptions {
  /** ms for the call, all attempts together. */
  budget: number;
  signal?: AbortSignal;
  /** Bytes that an answer may have on the wire. A larger one is `too_large`. The default is 96 MiB. */
  mostBytes?: number;
}

type CallPatience = CallOptions & Pick<Patience, 'hopeless' | 'persist'> & { /** For what may not be sent twice. */ once?: boolean };

/** Takes an answer in chunks. */
export interface Sink<Answer> {
  /** If it returns a promise, no more is read until that is kept. */
  push(chunk: Buffer): void | Promise<void>;
  /** @throws EtcdError if the answer was not whole */
  end(): Answer;
}

/** @throws EtcdError if the first message is a refusal */
export type Accept = (first: Fields, endpoint: string) => void;

export interface Connection {
  readonly auth: Auth;
  readonly lineage: Lineage;
  /** Sends to whichever endpoint answers, more than once if need be. */
  call<Answer>(question: Question<Answer>, options: CallPatience): Promise<Attempted<Answer>>;
  /**
   * The same for a question that needs a quorum. What the answer's header says of the cluster is remembered.
   * @param before is done on the same endpoint just before each attempt
   */
  callLeader<Answer extends { header: Header }>(
    question: Question<Answer>,
    options: CallPatience,
    before?: Send<void>,
  ): Promise<Attempted<Answer>>;
  /** Sends to all endpoints at once, whether they have a leader or not. The first answer is taken. */
  callAny<Answer>(question: Question<Answer>, options: CallOptions): Promise<Answer>;
  /**
   * Like call(), for an answer of any size.
   * @param open makes a sink for the answer, a new one for each attempt
   */
  stream<Answer>(path: string, body: object, options: CallOptions, open: (endpoint: string) => Sink<Answer>): Promise<Answer>;
  /**
   * An answer that goes on, like that of a watch, on a connection of its own. The budget is for its beginning; the signal ends it.
   * @param accept throws if the first message is a refusal. If a token has ended, all is asked again with a new one
   * @returns each message, decoded. It ends only with an error or with the signal
   * @throws EtcdError as call() until it begins, what `accept` throws, and after that as readMessages()
   */
  messages(path: string, body: object, options: CallOptions, accept?: Accept): Promise<AsyncIterable<Fields>>;
  gateways(options: CallOptions): Promise<readonly Gateway[]>;
  /** The endpoint in use, for messages. */
  endpoint(): string;
  /** Aborts when close() is called. It is for work that goes on until someone ends it. */
  readonly closed: AbortSignal;
  close(): Promise<void>;
}

/** @throws EtcdError invalid_address for an endpoint that cannot be one */
export function openConnection(settings: ClusterSettings, transport: Transport): Connection {
  const { tls = {}, onNotice = () => undefined } = settings;
  const urls = parseEndpoints(settings.endpoints, meansTls(tls));
  if (urls.length === 0) {
    const why = settings.discoverySrv === undefined ? 'no endpoint is given' : '$ETCDCTL_DISCOVERY_SRV is not looked up';
    const missing = new EtcdError('invalid_address', why, { subject: { reason: 'no_endpoints' } });
    throw placed(missing, settings);
  }
  const auth = openAuth(settings.credentials, onNotice);
  const lineage = openLineage();
  const closing = new AbortController();
  // There are as many listeners as there are leases that are kept alive.
  setMaxListeners(0, closing.signal);
  const { endpoints, reopen, current, close } = openLazily(urls, transport, settings);

  /** A {@link Send} that adds a token to the request if one is needed. */
  function entitled<Answer>(request: Send<Answer>, more: Partial<Exchange> = {}): Send<Answer> {
    return (gateway, exchange) => auth.send(gateway, { ...exchange, ...more }, (allowed) => request(gateway, allowed));
  }

  const attempt = <Answer>(send: Send<Answer>, options: CallPatience): Promise<Attempted<Answer>> =>
    placing(settings, async () => {
      const limitedSend = limited(options.once ? onlyOnce(send) : send, options);
      return (await endpoints(options)).attempt(limitedSend, options).catch(reopen);
    });

  return {
    auth,
    lineage,
    call: (question, options) => attempt(entitled(asked(question)), options),
    callLeader: (question, options, before) => attempt(entitled(heardBy(lineage, question, before)), options),
    callAny: (question, options) =>
      placing(settings, async () =>
        (await endpoints(options)).each(limited(entitled(asked(question), { leaderless: true }), options), options),
      ),
    async stream<Answer>(path: string, body: object, options: CallOptions, open: (endpoint: string) => Sink<Answer>) {
      const send = entitled(async (gateway, exchange) => {
        const sink = open(gateway.endpoint);
        try {
          await gateway.stream(path, body, exchange, sink.push);
          return sink.end();
        } catch (thrown) {
          throw located(thrown, gateway.endpoint);
        }
      });
      return (await attempt(send, options)).answer;
    },
    async messages(path, body, options, accept) {
      const send = entitled(async (gateway, exchange) => {
        const chunks = await gateway.open(path, body, exchange);
        return begun(readMessages(chunks, gateway.endpoint, options.signal), (first) => accept?.(first, gateway.endpoint));
      });
      return (await attempt(send, options)).answer;
    },
    gateways: async (options) => placing(settings, async () => (await endpoints(options)).gateways),
    endpoint: () => current() ?? (urls[0] as string),
    closed: closing.signal,
    close() {
      closing.abort(new EtcdError('cancelled', 'the client was closed'));
      return close();
    },
  };
}

/** A {@link Send} whose answers are no larger than the caller can hold. */
function limited<Answer>(send: Send<Answer>, { mostBytes }: CallOptions): Send<Answer> {
  return (gateway, exchange) => send(gateway, { ...exchange, mostBytes });
}

/** Adds to every error of a request the settings that it is about, and whose settings they are. */
async function placing<T>(settings: ClusterSettings, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (thrown) {
    throw placed(thrown, settings);
  }
}

function placed(thrown: unknown, { tls = {}, name }: ClusterSettings): unknown {
  if (!isEtcdError(thrown) || !thrown.subject) return thrown;
  return withTraits(thrown, { subject: completed(thrown.subject, tls), ...(name !== undefined && { settings: name }) });
}
