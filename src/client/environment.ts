/** The variables of etcdctl (https://etcd.io/docs/v3.5/dev-guide/interacting_v3/): what they say of a cluster, checked. */
import type { ClusterSettings } from './connection.js';
import { parseDuration } from './duration.js';
import { parseEndpoint } from './endpoint-url.js';
import { EtcdError, isEtcdError } from './errors.js';
import { openSecret } from './secret.js';
import type { TlsSettings } from './tls.js';

/** As process.env. A variable that is empty counts as one that is not set, as for etcdctl. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface FromEnvironment {
  /** `endpoints` is empty only if there are none and $ETCDCTL_DISCOVERY_SRV is set, which is not looked up: another cluster may be
   * at the default, 127.0.0.1:2379. */
  settings: ClusterSettings;
  /** ms. */
  commandTimeout?: number;
  /** ms. */
  dialTimeout?: number;
}

/** @throws EtcdError invalid_value that names the variable, and its value only if that cannot be a secret */
export function readEnvironment(environment: Environment): FromEnvironment {
  const get = (name: string): string | undefined => environment[`ETCDCTL_${name}`] || undefined;
  const discoverySrv = get('DISCOVERY_SRV');
  const endpoints = get('ENDPOINTS') === undefined ? undefined : endpointsOf(get('ENDPOINTS') as string);
  const login = loginOf(get('USER'), get('PASSWORD'));
  const [commandTimeout, dialTimeout] = ['COMMAND_TIMEOUT', 'DIAL_TIMEOUT'].map((name) => durationOf(name, get(name)));
  return {
    settings: {
      endpoints: endpoints ?? (discoverySrv === undefined ? ['127.0.0.1:2379'] : []),
      ...(endpoints === undefined && discoverySrv !== undefined && { discoverySrv }),
      ...(login && { credentials: { user: login.user, password: openSecret({ what: 'password', ...login.given }) } }),
      tls: tlsOf(get),
    },
    ...(commandTimeout !== undefined && { commandTimeout }),
    ...(dialTimeout !== undefined && { dialTimeout }),
  };
}

function tlsOf(get: (name: string) => string | undefined): TlsSettings {
  const [cacert, cert, key] = [get('CACERT'), get('CERT'), get('KEY')];
  const skip = get('INSECURE_SKIP_TLS_VERIFY');
  return {
    ...(cacert !== undefined && { cacert }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(skip !== undefined && { insecureSkipVerify: switchOf('INSECURE_SKIP_TLS_VERIFY', skip) }),
  };
}

/** A password of its own, or the one after the colon. */
function loginOf(user: string | undefined, password: string | undefined): { user: string; given: { given?: string } } | undefined {
  if (user === undefined) return undefined;
  if (password !== undefined) return { user, given: { given: password } };
  const at = user.indexOf(':');
  if (at < 0) return { user, given: {} };
  return { user: user.slice(0, at), given: user.length > at + 1 ? { given: user.slice(at + 1) } : {} };
}

function endpointsOf(text: string): string[] {
  const list = text.split(',').map((endpoint) => endpoint.trim());
  // Not shown: what is before the "@" may be a password.
  if (text.includes('@')) throw wrong('ENDPOINTS', 'cannot hold a user', 'set $ETCDCTL_USER and $ETCDCTL_PASSWORD');
  for (const endpoint of list.filter((it) => it !== '')) {
    try {
      parseEndpoint(endpoint);
    } catch (thrown) {
      throw isEtcdError(thrown) ? wrong('ENDPOINTS', thrown.message) : thrown;
    }
  }
  return list;
}

/** As Go's strconv.ParseBool. */
function switchOf(name: string, text: string): boolean {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw wrong(name, 'must be true or false');
}

function durationOf(name: string, text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : parseDuration(text);
  if (text !== undefined && (ms === undefined || ms <= 0)) throw wrong(name, 'must be a duration such as 5s or 1m30s');
  return ms;
}

function wrong(name: string, why: string, hint?: string): EtcdError {
  return new EtcdError('invalid_value', `$ETCDCTL_${name}: ${why}`, hint === undefined ? {} : { hint });
}
