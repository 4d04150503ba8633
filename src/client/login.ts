/** User and password -> token (etcd API reference "AuthenticateRequest"). */
import { fieldsOf, textOf } from './decoders.js';
import { EtcdError, isEtcdError, notEtcd, withTraits } from './errors.js';
import type { Exchange, Gateway } from './gateway.js';
import type { SecretSource } from './secret.js';

export interface Token {
  token: string;
  /** The cluster that takes it. */
  clusterId: string;
}

/**
 * A wrong password is forgotten. One from a command or a file may have changed, so it is fetched once more.
 * @returns undefined if etcd has no users
 * @throws EtcdError unauthenticated, with `wants` if the user has to be asked
 */
export async function login(gateway: Gateway, exchange: Exchange, user: string, password: SecretSource): Promise<Token | undefined> {
  const { endpoint } = gateway;
  const wants = { wants: 'password', endpoint } as const;
  let wrong: EtcdError | undefined;
  let tried: string | undefined;
  for (;;) {
    const secret = await password.get(exchange);
    if (wrong && secret === undefined) throw withTraits(wrong, wants);
    if (secret === undefined) throw new EtcdError('unauthenticated', `the password of ${user} is not known`, wants);
    if (wrong && secret === tried) throw wrong;
    const token = await authenticate(gateway, exchange, user, secret);
    if (!isEtcdError(token)) return token;
    if (wrong) throw token;
    [wrong, tried] = [token, secret];
    password.forget();
  }
}

/** @returns the error if user and password do not fit */
async function authenticate(gateway: Gateway, exchange: Exchange, user: string, secret: string): Promise<Token | undefined | EtcdError> {
  try {
    const body = { name: user, password: secret };
    const { header, token } = fieldsOf(await gateway.post('/v3/auth/authenticate', body, exchange), 'login');
    if (typeof token !== 'string' || token === '') throw notEtcd('the answer has no token', gateway.endpoint);
    return { token, clusterId: textOf(fieldsOf(header, 'header')['cluster_id'], 'cluster_id') };
  } catch (thrown) {
    if (!isEtcdError(thrown)) throw thrown;
    const { message, indefinite } = thrown;
    if (/authentication is not enabled/.test(message)) return undefined;
    if (/authentication failed, invalid user/.test(message)) return withTraits(thrown, {}, `wrong password, or no user ${user}`);
    if (/no password user/.test(message)) throw withTraits(thrown, {}, `user ${user} has no password`);
    // Nothing of ours was written by logging in.
    throw indefinite ? withTraits(thrown, { indefinite: false }) : thrown;
  }
}
