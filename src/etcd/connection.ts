/** One cluster as its settings describe it: endpoints, TLS and login put together, opened at the first request. */
import { advised } from './advice.js';
import { openAuth, type Auth, type Credentials } from './auth.js';
import type { Header } from './codec.js';
import { openEndpoints, type Attempted, type Endpoints, type Patience } from './endpoints.js';
import { parseEndpoints } from './endpoint-url.js';
import { changed, EtcdError } from './errors.js';
import { openGateway, type Exchange, type Gateway } from './gateway.js';
import { openLineage, type Lineage } from './lineage.js';
import type { Send } from './rotation.js';
import { meansTls, openIdentity, type TlsSettings } from './tls.js';

export interface ClusterSettings {
  /** As in $ETCDCTL_ENDPOINTS: `host:port` or URLs. */
  endpoints: string[];
  /** A domain as in $ETCDCTL_DISCOVERY_SRV, which is not looked up: without endpoints the error says so. */
  discoverySrv?: string;
  credentials?: Credentials;
  tls?: TlsSettings;
  /** What hints call these settings: `g:etcd.profiles.prod`. Without it they are those of the default profile. */
  called?: string;
  /** Hears what the user should know once: a password in the clear, verification that is off. */
  onNotice?: (text: string) => void;
}

export interface CallOptions {
  /** ms for the call, all attempts together. */
  budget: number;
  signal?: AbortSignal;
}

type CallPatience = CallOptions & Pick<Patience, 'hopeless' | 'persist'> & { /** For what may not be sent twice. */ once?: boolean };

/** One request, and what holds its answer against it. */
export interface Question<Answer> {
  path: string;
  body: object;
  /** @throws EtcdError where that is no answer to this */
  decode(raw: unknown): Answer;
}

/** Takes an answer in chunks. */
export interface Sink<Answer> {
  push(chunk: Buffer): void;
  /** @throws EtcdError where that was no whole answer */
  end(): Answer;
}

export interface Connection {
  readonly auth: Auth;
  readonly lineage: Lineage;
  /** To whichever endpoint answers, more than once where need be. */
  call<Answer>(question: Question<Answer>, options: CallPatience): Promise<Attempted<Answer>>;
  /**
   * The same for what needs a quorum: what its header says of the cluster is remembered.
   * @param before is done on the same endpoint just before each attempt
   */
  callLeader<Answer extends { header: Header }>(
    question: Question<Answer>,
    options: CallPatience,
    before?: Send<void>,
  ): Promise<Attempted<Answer>>;
  /** To all endpoints at once, whether they have a leader or not; the first answer is taken. */
  callAny<Answer>(question: Question<Answer>, options: CallOptions): Promise<Answer>;
  /**
   * As call(), for an answer of any size.
   * @param open makes what takes the answer, anew for each attempt
   */
  stream<Answer>(path: string, body: object, options: CallOptions, open: (endpoint: string) => Sink<Answer>): Promise<Answer>;
  gateways(options: CallOptions): Promise<readonly Gateway[]>;
  /** The endpoint in use, for messages. */
  endpoint(): string;
  close(): Promise<void>;
}

/** @throws EtcdError invalid_address for an endpoint that cannot be one */
export function openConnection(settings: ClusterSettings): Connection {
  const { tls = {}, onNotice = () => undefined } = settings;
  const urls = parseEndpoints(settings.endpoints, meansTls(tls));
  if (urls.length === 0) {
    const why = settings.discoverySrv === undefined ? 'no endpoint is given' : '$ETCDCTL_DISCOVERY_SRV is not looked up';
    const missing = new EtcdError('invalid_address', why, { hint: 'set $ETCDCTL_ENDPOINTS or g:etcd.endpoints' });
    throw advised(missing, tls, settings.called);
  }
  const auth = openAuth(settings.credentials, onNotice);
  const lineage = openLineage();
  const isSecure = urls.some((url) => url.startsWith('https:'));
  let opening: Promise<Endpoints> | undefined;
  let open: Endpoints | undefined;

  async function connect({ budget, signal }: CallOptions): Promise<Endpoints> {
    const identity = openIdentity(tls);
    if (isSecure) await identity.current({ end: performance.now() + budget, signal });
    if (isSecure && tls.insecureSkipVerify) onNotice(`etcd: the certificate of ${urls.join(', ')} is not verified`);
    const current = async (limit: number) => identity.current({ end: performance.now() + limit });
    return openEndpoints(urls.map((url) => openGateway(url, url.startsWith('https:') ? current : undefined)));
  }

  async function endpoints(options: CallOptions): Promise<Endpoints> {
    opening ??= connect(options);
    return (open = await opening.catch(reopen));
  }

  /** Files and passphrase are read again after they proved wrong, or when waiting for them was given up. */
  function reopen(error: unknown): never {
    if (opening && (open === undefined || (error instanceof EtcdError && error.code === 'tls'))) {
      opening = undefined;
      void open?.close();
      open = undefined;
    }
    throw error;
  }

  /** Every error of a request leaves with the hint that helps. */
  async function advising<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (thrown) {
      throw advised(thrown, tls, settings.called);
    }
  }

  /** {@link Send} of a request that goes out with a token where one is needed. */
  function entitled<Answer>(request: Send<Answer>, more: Partial<Exchange> = {}): Send<Answer> {
    return (gateway, exchange) => auth.send(gateway, { ...exchange, ...more }, (allowed) => request(gateway, allowed));
  }

  const attempt = <Answer>(send: Send<Answer>, options: CallPatience): Promise<Attempted<Answer>> =>
    advising(async () => (await endpoints(options)).attempt(send, options).catch(reopen));

  return {
    auth,
    lineage,
    call: (question, options) => attempt(options.once ? onlyOnce(entitled(asked(question))) : entitled(asked(question)), options),
    callLeader: (question, options, before) => attempt(entitled(heardBy(lineage, question, before)), options),
    callAny: (question, options) =>
      advising(async () => (await endpoints(options)).each(entitled(asked(question), { leaderless: true }), options)),
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
    gateways: async (options) => advising(async () => (await endpoints(options)).gateways),
    endpoint: () => open?.current() ?? (urls[0] as string),
    async close() {
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}

/** No other endpoint is tried after one that may have carried it out; hence that one has all the time that there is. */
function onlyOnce<Answer>(send: Send<Answer>): Send<Answer> {
  return async (gateway, exchange) => {
    try {
      return await send(gateway, { ...exchange, share: exchange.end - performance.now() });
    } catch (thrown) {
      const error = thrown as EtcdError;
      if (!error.indefinite) throw error;
      throw new EtcdError('outcome_unknown', `${error.message}; etcd may or may not hold the new value`, {
        cause: error,
        indefinite: true,
        endpoint: gateway.endpoint,
      });
    }
  };
}

function asked<Answer>({ path, body, decode }: Question<Answer>): Send<Answer> {
  return async (gateway, exchange) => {
    const raw = await gateway.post(path, body, exchange);
    try {
      return decode(raw);
    } catch (thrown) {
      throw located(thrown, gateway.endpoint);
    }
  };
}

/** The same, of which the lineage hears. */
function heardBy<Answer extends { header: Header }>(lineage: Lineage, question: Question<Answer>, before?: Send<void>): Send<Answer> {
  const ask = asked(question);
  return async (gateway, exchange) => {
    await before?.(gateway, exchange);
    const mark = lineage.mark();
    const answer = await ask(gateway, exchange);
    return { ...answer, header: lineage.heard(answer.header, mark, gateway.link()) };
  };
}

/** What holds an answer against its question does not know who has given it. */
function located(thrown: unknown, endpoint: string): unknown {
  return thrown instanceof EtcdError && !thrown.endpoint ? changed(thrown, { endpoint }) : thrown;
}
