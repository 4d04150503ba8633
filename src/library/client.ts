/** A client of etcd for programs: text and bytes as keys, arguments checked, everything that etcd's key-value API can do. */
import {
  createClient as openClient,
  EtcdError,
  openSecret,
  readEnvironment,
  type ClusterSettings,
  type Environment,
  type MemberStatus,
  type Status,
  type TlsSettings,
} from '../client/index.js';
import { callOf, type Call } from './call.js';
import { isList, toNumber, wrongArgument, type RangeOf } from './check.js';
import { openHolds, type Holds } from './holds.js';
import { openReads, type Reads } from './reads.js';
import { transact, type Transacted, type Transaction } from './txn.js';
import { openWatching, type Watched, type WatchingOptions } from './watching.js';
import { openWrites, type Writes } from './writes.js';

export interface Settings {
  /** `host:port` or URLs. */
  endpoints: string | readonly string[];
  user?: string;
  password?: string;
  /** Files of certificates and key, as etcdctl's --cacert, --cert, --key. */
  tls?: TlsSettings;
  /** ms that a call may take, with all its attempts on all endpoints. The default is 5000. */
  timeout?: number;
  /** ms that one connection may take, within `timeout`. The default is 3000. */
  connectTimeout?: number;
  /** Hears what the user should know once, like a password in the clear, or verification that is off. */
  onNotice?: (text: string) => void;
}

export interface Etcd extends Reads, Writes, Holds, AsyncDisposable {
  /** @throws EtcdError as Client.txn(). Its `indefinite` says whether it may have been carried out */
  txn(request: Transaction, options?: Call): Promise<Transacted>;
  /** What changes in a range, until the signal aborts. It goes on after connections break: see Watched. */
  watch(range: RangeOf, options?: WatchingOptions): AsyncIterable<Watched>;
  /** @throws EtcdError unavailable if no endpoint answers */
  members(options?: Call): Promise<MemberStatus[]>;
  /** The state of the cluster, its members and the endpoints. It does not throw if a member is down: the answer says so. */
  status(options?: Call): Promise<Status>;
  /** Ends everything that is under way. */
  close(): Promise<void>;
}

const TIMEOUT = 5000;

/** Connects when it is first used. @throws EtcdError invalid_value, invalid_address */
export function createClient(settings: Settings): Etcd {
  if (typeof settings !== 'object' || (settings as unknown) === null) throw wrongArgument('settings', 'an object with endpoints');
  const { endpoints, user, password, tls, timeout, connectTimeout, onNotice } = settings;
  const list: readonly string[] = typeof endpoints === 'string' ? endpoints.split(',') : endpoints;
  if (!isList(list) || list.some((it: unknown) => typeof it !== 'string'))
    throw wrongArgument('endpoints', 'a string or a list of strings');
  if (password !== undefined && typeof password !== 'string') throw wrongArgument('password', 'a string');
  return open(
    {
      endpoints: [...list],
      ...(user !== undefined && {
        credentials: { user, password: openSecret({ what: 'password', ...(password && { given: password }) }) },
      }),
      ...(tls && { tls }),
      ...(connectTimeout !== undefined && { connectTimeout: toNumber(connectTimeout, 'connectTimeout') }),
      ...(onNotice && { onNotice }),
    },
    toNumber(timeout ?? TIMEOUT, 'timeout'),
  );
}

/**
 * A client with etcdctl's settings: $ETCDCTL_ENDPOINTS, _USER, _PASSWORD, _CACERT, _CERT, _KEY, _INSECURE_SKIP_TLS_VERIFY,
 * _COMMAND_TIMEOUT and _DIAL_TIMEOUT.
 * @param environment by default process.env
 * @throws EtcdError invalid_value that names the variable
 */
export function fromEnvironment(environment: Environment = process.env): Etcd {
  const { settings, commandTimeout = TIMEOUT } = readEnvironment(environment);
  return open(settings, commandTimeout);
}

function open(settings: ClusterSettings, usual: number): Etcd {
  const client = openClient(settings);
  const patience = (call: Call | undefined) => callOf(call, usual);
  const close = (): Promise<void> => client.close();
  return {
    ...openReads(client, patience),
    ...openWrites(client, patience),
    ...openHolds(client, patience),
    txn: (request, options) => transact(client, request, patience, options),
    watch: (range, options) => openWatching(client, range, options, usual),
    async members(options) {
      const { members } = await client.status(patience(options));
      if (!members) throw new EtcdError('unavailable', 'no endpoint tells who the members are', { retryable: true });
      return members;
    },
    status: (options) => client.status(patience(options)),
    close,
    [Symbol.asyncDispose]: close,
  };
}
