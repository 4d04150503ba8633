/**
 * Users: each request carries a token. An expired token is renewed once, silently.
 * (https://etcd.io/docs/v3.5/learning/design-auth-v3/; an expiry is answered with 401 `invalid auth token` or 400 `revision of auth
 * store is old`.) A token of another cluster can make a server wait for ever, so a token is dropped at the first doubt.
 */
import { isPrivate } from './endpoint-url.js';
import { isDenied, isEtcdError, withTraits } from './errors.js';
import type { Exchange, Gateway } from './gateway.js';
import { login, type Token } from './login.js';
import { within, type SecretSource } from './secret.js';

export interface Credentials {
  user: string;
  password: SecretSource;
}

export interface Auth {
  /** '' if there is none. */
  readonly user: string;
  /**
   * Sends one request with a token, if there is a user and etcd wants one.
   * @param request called again, once, with a new token if the old one was refused
   * @throws EtcdError unauthenticated, with `wants: 'password'` if no password is known, or the one that the user gave is wrong
   */
  send<Answer>(gateway: Gateway, exchange: Exchange, request: (exchange: Exchange) => Promise<Answer>): Promise<Answer>;
}

/**
 * @param credentials if absent, requests go out as they are
 * @param onNotice hears, once, that the password crosses a network in the clear
 */
export function openAuth(credentials: Credentials | undefined, onNotice: (text: string) => void): Auth {
  if (!credentials)
    return { user: '', send: (_, exchange, request) => request(exchange).catch((error: unknown) => throwRefused(error, '')) };
  const { user, password } = credentials;
  let held: Token | undefined;
  let isOff = false;
  let warned = false;
  const entering = new Map<Gateway, { exchange: Exchange; over: Promise<void> }>();

  async function enter(gateway: Gateway, exchange: Exchange): Promise<void> {
    if (!warned && !isPrivate(gateway.endpoint)) {
      warned = true;
      onNotice(`etcd: the password of ${user} goes to ${gateway.endpoint} unencrypted; use https://`);
    }
    held = await login(gateway, exchange, user, password);
    isOff = held === undefined;
  }

  /** One login at a time on each endpoint. A second request waits, and uses the token or gets the error of the first. */
  async function renew(gateway: Gateway, exchange: Exchange): Promise<void> {
    while (fresh(gateway) === undefined) {
      const other = entering.get(gateway);
      if (!other) {
        const over = enter(gateway, exchange).finally(() => entering.delete(gateway));
        entering.set(gateway, { exchange, over });
        return over;
      }
      try {
        await within(other.over, exchange, 'the login');
        return;
      } catch (thrown) {
        // The login that we waited for was given up, but this request was not.
        if (!other.exchange.signal?.aborted || exchange.signal?.aborted) throw thrown;
      }
    }
  }

  /** Drops only the token that was refused: another request may have got a new one meanwhile. */
  function drop(token: string | undefined): void {
    if (held?.token === token) held = undefined;
  }

  /** A token of another cluster is not sent. If the cluster is not known yet, only the deadline protects us. */
  function fresh(gateway: Gateway): string | undefined {
    if (held && gateway.cluster() !== undefined && gateway.cluster() !== held.clusterId) held = undefined;
    return held?.token;
  }

  return {
    user,
    async send(gateway, exchange, request) {
      let sent: string | undefined;
      try {
        if (!isOff && fresh(gateway) === undefined && (await password.get(exchange)) !== undefined) await renew(gateway, exchange);
        sent = fresh(gateway);
        return await request({ ...exchange, token: sent });
      } catch (thrown) {
        if (isEtcdError(thrown, 'timeout') && gateway.cluster() !== held?.clusterId) drop(sent);
        if (!isExpiry(thrown)) return throwRefused(thrown, user);
      }
      drop(sent);
      await renew(gateway, exchange);
      return request({ ...exchange, token: fresh(gateway) }).catch((error: unknown) => throwRefused(error, user));
    },
  };
}

/** Whether a token has ended. Such errors are definite: the request was not carried out and may be sent again. */
export function isExpiry(thrown: unknown): boolean {
  return isEtcdError(thrown, 'unauthenticated') && /invalid auth token|auth store is old|user name is empty/.test(thrown.message);
}

/** Throws `error` on. If rights were denied, it names the user, or says that there is none. */
export function throwRefused(error: unknown, user: string): never {
  if (!isDenied(error)) throw error;
  if (user !== '') throw withTraits(error, {}, `permission denied to user ${user}`);
  throw withTraits(error, { subject: { reason: 'not_logged_in' } });
}
