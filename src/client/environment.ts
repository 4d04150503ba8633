/** The variables of etcdctl (https://etcd.io/docs/v3.5/dev-guide/interacting_v3/), and the checked settings that they give. */
import type { ClusterSettings } from './connection.js';
import { parseDuration } from './duration.js';
import { parseEndpoint } from './endpoint-url.js';
import { EtcdError, isEtcdError } from './errors.js';
import { openSecret } from './secret.js';

/** Like process.env. An empty variable counts as unset, as for etcdctl. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the variables say, as etcdctl understands them. Whatever is not set is absent. */
export interface Variables {
  endpoints?: string[];
  /** A domain that is not looked up. */
  discoverySrv?: string;
  user?: string;
  password?: string;
  cacert?: string;
  cert?: string;
  key?: string;
  insecureSkipVerify?: boolean;
  /** ms. */
  dialTimeout?: number;
}

export interface FromEnvironment {
  /**
   * `endpoints` is empty only if there are none and $ETCDCTL_DISCOVERY_SRV is set. That is not looked up, and the default,
   * 127.0.0.1:2379, may be another cluster.
   */
  settings: ClusterSettings;
  /** ms. */
  commandTimeout?: number;
}

/** The endpoint that etcdctl uses if nothing says where the cluster is. */
export const DEFAULT_ENDPOINT = '127.0.0.1:2379';

type Get = (name: string) => string | undefined;

const getter =
  (environment: Environment): Get =>
  (name) =>
    environment[`ETCDCTL_${name}`] || undefined;

/** @throws EtcdError invalid_value, which names the variable, and shows its value only if that cannot be a secret */
export function readVariables(environment: Environment): Variables {
  const get = getter(environment);
  const [endpoints, skip] = [get('ENDPOINTS'), get('INSECURE_SKIP_TLS_VERIFY')];
  const given: { [Name in keyof Variables]: Variables[Name] | undefined } = {
    endpoints: endpoints === undefined ? undefined : endpointsOf(endpoints),
    discoverySrv: get('DISCOVERY_SRV'),
    ...loginOf(get('USER'), get('PASSWORD')),
    cacert: get('CACERT'),
    cert: get('CERT'),
    key: get('KEY'),
    insecureSkipVerify: skip === undefined ? undefined : switchOf('INSECURE_SKIP_TLS_VERIFY', skip),
    dialTimeout: durationOf('DIAL_TIMEOUT', get('DIAL_TIMEOUT')),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** @throws EtcdError as readVariables() does, and if an endpoint is invalid. The client would say that only at the first request */
export function readEnvironment(environment: Environment): FromEnvironment {
  const get = getter(environment);
  const { endpoints, discoverySrv, user, password, dialTimeout, ...tls } = readVariables(environment);
  checkEndpoints(endpoints ?? []);
  const commandTimeout = durationOf('COMMAND_TIMEOUT', get('COMMAND_TIMEOUT'));
  const given = password === undefined ? {} : { given: password };
  return {
    settings: {
      endpoints: endpoints ?? (discoverySrv === undefined ? [DEFAULT_ENDPOINT] : []),
      ...(endpoints === undefined && discoverySrv !== undefined && { discoverySrv }),
      ...(user !== undefined && { credentials: { user, password: openSecret({ what: 'password', ...given }) } }),
      tls,
      ...(dialTimeout !== undefined && { connectTimeout: dialTimeout }),
    },
    ...(commandTimeout !== undefined && { commandTimeout }),
  };
}

/** The password is the one that is set, or the part of the user after the colon. */
function loginOf(user: string | undefined, password: string | undefined): { user: string | undefined; password: string | undefined } {
  const at = user?.indexOf(':') ?? -1;
  if (user === undefined || password !== undefined || at < 0) return { user, password };
  return { user: user.slice(0, at) || undefined, password: user.slice(at + 1) || undefined };
}

function endpointsOf(text: string): string[] {
  const list = text.split(',').map((endpoint) => endpoint.trim());
  // Not shown: what is before the "@" may be a password.
  if (text.includes('@')) throw wrong('ENDPOINTS', 'cannot hold a user', 'set $ETCDCTL_USER and $ETCDCTL_PASSWORD');
  return list;
}

function checkEndpoints(list: readonly string[]): void {
  for (const endpoint of list.filter((it) => it !== '')) {
    try {
      parseEndpoint(endpoint);
    } catch (thrown) {
      throw isEtcdError(thrown) ? wrong('ENDPOINTS', thrown.message) : thrown;
    }
  }
}

/** Reads a boolean as Go's strconv.ParseBool does. */
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
