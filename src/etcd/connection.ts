/** One cluster as its settings describe it: endpoints, TLS and login put together, opened at the first request. */
import { advised } from './advice.js';
import { openAuth, type Auth, type Credentials } from './auth.js';
import type { Header } from './codec.js';
import type { Attempted, Patience } from './endpoints.js';
import { parseEndpoints } from './endpoint-url.js';
import { EtcdError } from './errors.js';
import type { Exchange, Gateway } from './gateway.js';
import { openLineage, type Lineage } from './lineage.js';
import { openLazily } from './opening.js';
import { asked, heardBy, located, onlyOnce, type Question } from './question.js';
import type { Send } from './rotation.js';
import { meansTls, type TlsSettings } from './tls.js';

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
  const { endpoints, reopen, current, close } = openLazily(urls, tls, onNotice);

  /** {@link Send} of a request that goes out with a token where one is needed. */
  function entitled<Answer>(request: Send<Answer>, more: Partial<Exchange> = {}): Send<Answer> {
    return (gateway, exchange) => auth.send(gateway, { ...exchange, ...more }, (allowed) => request(gateway, allowed));
  }

  const attempt = <Answer>(send: Send<Answer>, options: CallPatience): Promise<Attempted<Answer>> =>
    advising(settings, async () => (await endpoints(options)).attempt(send, options).catch(reopen));

  return {
    auth,
    lineage,
    call: (question, options) => attempt(options.once ? onlyOnce(entitled(asked(question))) : entitled(asked(question)), options),
    callLeader: (question, options, before) => attempt(entitled(heardBy(lineage, question, before)), options),
    callAny: (question, options) =>
      advising(settings, async () => (await endpoints(options)).each(entitled(asked(question), { leaderless: true }), options)),
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
    gateways: async (options) => advising(settings, async () => (await endpoints(options)).gateways),
    endpoint: () => current() ?? (urls[0] as string),
    close,
  };
}

/** Every error of a request leaves with the hint that helps. */
async function advising<T>({ tls = {}, called }: ClusterSettings, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (thrown) {
    throw advised(thrown, tls, called);
  }
}
