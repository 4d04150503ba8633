/** One cluster as its settings describe it: endpoints, TLS and login put together, opened at the first request. */
import { openAuth, type Auth, type Credentials } from './auth.js';
import type { RawHeader } from './codec.js';
import { openEndpoints, type Attempted, type Endpoints, type Patience } from './endpoints.js';
import { parseEndpoint } from './endpoint-url.js';
import { EtcdError } from './errors.js';
import { openGateway, type Exchange, type Gateway } from './gateway.js';
import { connectOptions, meansTls, type TlsSettings } from './tls.js';

export interface ClusterSettings {
  /** As in $ETCDCTL_ENDPOINTS: `host:port` or URLs. */
  endpoints: string[];
  credentials?: Credentials;
  tls?: TlsSettings;
  /** Hears what the user should know once: a password in the clear, verification that is off. */
  onNotice?: (text: string) => void;
}

export interface CallOptions {
  /** ms for the call, all attempts together. */
  budget: number;
  signal?: AbortSignal;
}

export interface Connection {
  readonly auth: Auth;
  /**
   * To whichever endpoint answers, more than once where need be.
   * @param before is done on the same endpoint just before each attempt
   */
  call<Answer extends { header?: RawHeader }>(
    path: string,
    body: object,
    options: CallOptions & Pick<Patience, 'hopeless' | 'persist'>,
    before?: (gateway: Gateway, exchange: Exchange) => Promise<void>,
  ): Promise<Attempted<Answer>>;
  /** To each member once until one answers, whether it has a leader or not. */
  callAny<Answer extends { header?: RawHeader }>(path: string, body: object, options: CallOptions): Promise<Answer>;
  gateways(options: CallOptions): Promise<readonly Gateway[]>;
  /** The endpoint in use, for messages. */
  endpoint(): string;
  close(): Promise<void>;
}

/** @throws EtcdError invalid_address for an endpoint that cannot be one */
export function openConnection(settings: ClusterSettings): Connection {
  const { tls = {}, onNotice = () => undefined } = settings;
  const urls = settings.endpoints.map((endpoint) => parseEndpoint(endpoint, meansTls(tls)));
  if (urls.length === 0)
    throw new EtcdError('invalid_address', 'no endpoint is given', { hint: 'set $ETCDCTL_ENDPOINTS or g:etcd.endpoints' });
  const auth = openAuth(settings.credentials, onNotice);
  const isSecure = urls.some((url) => url.startsWith('https:'));
  let opening: Promise<Endpoints> | undefined;
  let open: Endpoints | undefined;

  async function connect({ budget, signal }: CallOptions): Promise<Endpoints> {
    const options = isSecure ? await connectOptions(tls, { end: performance.now() + budget, signal }) : {};
    if (isSecure && tls.insecureSkipVerify) onNotice(`etcd: the certificate of ${urls.join(', ')} is not verified`);
    return openEndpoints(urls.map((url) => openGateway(url, url.startsWith('https:') ? options : {})));
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

  return {
    auth,
    async call<Answer extends { header?: RawHeader }>(
      path: string,
      body: object,
      options: CallOptions & Pick<Patience, 'hopeless' | 'persist'>,
      before?: (gateway: Gateway, exchange: Exchange) => Promise<void>,
    ) {
      const all = await endpoints(options);
      const send = (gateway: Gateway, exchange: Exchange): Promise<Answer> =>
        auth.send(gateway, exchange, async (entitled) => {
          await before?.(gateway, entitled);
          return gateway.post<Answer>(path, body, entitled);
        });
      return all.attempt(send, options).catch(reopen);
    },
    async callAny<Answer extends { header?: RawHeader }>(path: string, body: object, options: CallOptions) {
      const all = await endpoints(options);
      const send = (gateway: Gateway, exchange: Exchange): Promise<Answer> =>
        auth.send(gateway, { ...exchange, leaderless: true }, (entitled) => gateway.post<Answer>(path, body, entitled));
      return all.each(send, options);
    },
    gateways: async (options) => (await endpoints(options)).gateways,
    endpoint: () => open?.current() ?? (urls[0] as string),
    async close() {
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}
