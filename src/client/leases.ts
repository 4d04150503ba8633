/** Leases. When one ends, its keys are deleted (etcd API reference, "Lease"; https://etcd.io/docs/v3.5/learning/api/#lease-api). */
import { decodeKey, type Key } from './codec.js';
import type { CallOptions, Connection } from './connection.js';
import { fieldsOf, int64Of, listOf, wrong } from './decoders.js';
import { EtcdError, isEtcdError } from './errors.js';
import { keepAlive, type KeepAliveOptions, type KeptLease } from './keep-alive.js';

/** A lease as it was granted. */
export interface Lease {
  /** int64, in decimal; hexadecimal() gives it as etcdctl shows it. */
  id: string;
  /** Seconds. The server may have granted more than was asked for. */
  ttl: number;
  /** When it was asked for, on the clock of performance.now(). It cannot end before `sent` + `ttl` by the server's clock. */
  sent: number;
}

export interface LeaseState {
  /** Seconds that are left; -1 if there is no such lease. */
  ttl: number;
  /** Seconds it was granted for; 0 if there is none. */
  grantedTtl: number;
  /** The keys that it has, in etcd's order, if they were asked for. */
  keys: Key[];
}

export interface Leases {
  /**
   * @param request `ttl` in seconds, at least 1; `id` an int64 in decimal that no lease has, by default a random one
   * @throws EtcdError conflict if that id is taken, invalid_value for a TTL that etcd does not take, no_space
   */
  grant(request: { ttl: number; id?: string }, options: CallOptions): Promise<Lease>;
  /** Ends it, and deletes its keys. @throws EtcdError lease_not_found */
  revoke(id: string, options: CallOptions): Promise<void>;
  /** @param request `keys`: also return the keys that it has */
  timeToLive(request: { id: string; keys?: boolean }, options: CallOptions): Promise<LeaseState>;
  /** The ids of all leases, in no order. */
  list(options: CallOptions): Promise<string[]>;
  /**
   * Keeps a lease alive until it is stopped. It asks after each third of the TTL, and not before.
   * @returns at once; `lost` tells when the lease may have ended
   */
  keepAlive(lease: Lease, options?: KeepAliveOptions): KeptLease;
}

/** All about leases, over one connection. */
export function openLeases(connection: Connection): Leases {
  return {
    grant: (request, options) => grant(connection, request, options),
    revoke: (id, options) => revoke(connection, id, options),
    timeToLive: (request, options) => timeToLive(connection, request, options),
    async list(options) {
      const decode = (raw: unknown): string[] =>
        listOf(fieldsOf(raw, 'answer')['leases'], 'leases').map((lease) => int64Of(fieldsOf(lease, 'lease')['ID'], 'ID'));
      return (await connection.call({ path: '/v3/lease/leases', body: {}, decode }, options)).answer;
    },
    keepAlive: (lease, options) => keepAlive(connection, lease, options),
  };
}

/** We choose the id. If the answer is lost, we can ask for the same one again, and there is still one lease. */
async function grant(connection: Connection, { ttl, id = randomId() }: { ttl: number; id?: string }, options: CallOptions): Promise<Lease> {
  const began = performance.now();
  const decode = (raw: unknown): Lease => {
    const { ID, TTL } = fieldsOf(raw, 'lease');
    if (int64Of(ID, 'lease') !== id) throw wrong('is about another lease');
    return { id, ttl: Number(int64Of(TTL, 'TTL')), sent: began };
  };
  try {
    return (await connection.call({ path: '/v3/lease/grant', body: { TTL: String(ttl), ID: id }, decode }, options)).answer;
  } catch (thrown) {
    if (!isEtcdError(thrown) || !/lease already exists/.test(thrown.message)) throw thrown;
    // We took it ourselves, in an attempt whose answer was lost.
    if (thrown.indefinite) return { id, ttl, sent: began };
    throw new EtcdError('conflict', 'there is a lease with that id', { cause: thrown });
  }
}

async function revoke(connection: Connection, id: string, options: CallOptions): Promise<void> {
  const decode = (raw: unknown): unknown => fieldsOf(raw, 'answer');
  try {
    await connection.call({ path: '/v3/lease/revoke', body: { ID: id }, decode }, options);
  } catch (thrown) {
    if (!isEtcdError(thrown, 'lease_not_found') || !thrown.indefinite) throw thrown;
  }
}

async function timeToLive(
  connection: Connection,
  { id, keys = false }: { id: string; keys?: boolean },
  options: CallOptions,
): Promise<LeaseState> {
  const decode = (raw: unknown): LeaseState => {
    const lease = fieldsOf(raw, 'lease');
    if (int64Of(lease['ID'], 'lease') !== id) throw wrong('is about another lease');
    return {
      ttl: Number(int64Of(lease['TTL'], 'TTL')),
      grantedTtl: Number(int64Of(lease['grantedTTL'], 'grantedTTL')),
      keys: listOf(lease['keys'], 'keys').map(decodeKey).sort(),
    };
  };
  return (await connection.call({ path: '/v3/lease/timetolive', body: { ID: id, ...(keys && { keys }) }, decode }, options)).answer;
}

/** A positive int64, as etcd's own are. */
function randomId(): string {
  const id = process.getBuiltinModule('node:crypto').randomBytes(8).readBigUInt64BE() >> 1n;
  return String(id === 0n ? 1n : id);
}
