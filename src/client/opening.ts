/** The endpoints of a cluster. They are opened at the first request, and again after a certificate, key or passphrase has proved wrong. */
import type { CallOptions, ClusterSettings } from './connection.js';
import { openEndpoints, type Endpoints } from './endpoints.js';
import { isEtcdError } from './errors.js';
import { openGateway } from './gateway.js';
import { openIdentity } from './tls.js';
import type { Transport } from './transport/transport.js';

export interface Opening {
  /** @throws EtcdError tls, unauthenticated, and whatever reading the certificates and the passphrase throws */
  endpoints(options: CallOptions): Promise<Endpoints>;
  /** Throws `error` on. Files and passphrase are read again after they proved wrong, or if the caller gave up waiting for them. */
  reopen(error: unknown): never;
  /** The endpoint in use; undefined if none has been opened. */
  current(): string | undefined;
  close(): Promise<void>;
}

/** @param urls as parseEndpoints() gives them */
export function openLazily(urls: readonly string[], transport: Transport, settings: Omit<ClusterSettings, 'endpoints'>): Opening {
  const { tls = {}, connectTimeout, onNotice = () => undefined } = settings;
  const isSecure = urls.some((url) => url.startsWith('https:'));
  let opening: Promise<Endpoints> | undefined;
  let open: Endpoints | undefined;

  async function connect({ budget, signal }: CallOptions): Promise<Endpoints> {
    const identity = openIdentity(tls);
    if (isSecure) await identity.current({ end: performance.now() + budget, signal });
    if (isSecure && tls.insecureSkipVerify) onNotice(`etcd: the certificate of ${urls.join(', ')} is not verified`);
    const current = async (limit: number) => identity.current({ end: performance.now() + limit });
    const connecting = connectTimeout === undefined ? {} : { connecting: connectTimeout };
    const options = (url: string) => ({ ...connecting, ...(url.startsWith('https:') && { identity: current }) });
    return openEndpoints(urls.map((url) => openGateway(url, transport, options(url))));
  }

  function reopen(error: unknown): never {
    if (opening && (open === undefined || isEtcdError(error, 'tls'))) {
      opening = undefined;
      void open?.close();
      open = undefined;
    }
    throw error;
  }

  return {
    async endpoints(options) {
      opening ??= connect(options);
      return (open = await opening.catch(reopen));
    },
    reopen,
    current: () => open?.current(),
    async close() {
      await (await opening?.catch(() => undefined))?.close();
    },
  };
}
