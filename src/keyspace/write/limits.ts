/** What a server takes in one request: as much as etcd does by default, until it has refused that. */
import { isEtcdError, type Client } from '../../client/index.js';
import { OPERATIONS } from './plan-txn.js';

export interface Limits {
  /** In one list of a txn. */
  operations: number;
  bytes: number;
}

/** Bytes of a request that any etcd takes: 1.5 MiB, less what we may have counted wrong. */
const MOST_BYTES = 1.5 * 1024 * 1024 - 16 * 1024;
/** Operations below which the server's limit makes no sense. */
const FEWEST = 2;

/** Of each client: it is another one as soon as its settings change. */
const known = new WeakMap<Client, Limits>();

/** What the server of `client` takes, as far as it is known. The caller may change it. */
export function limitsOf(client: Client): Limits {
  return { operations: OPERATIONS, bytes: MOST_BYTES, ...known.get(client) };
}

/**
 * Halves what was refused.
 * @param limits those that were kept to; they are changed, and kept in mind for the next request if it was the server that refused
 * @returns whether there is sense in another try
 */
export function lower(client: Client, limits: Limits, thrown: unknown): boolean {
  if (isEtcdError(thrown, 'too_many_ops')) limits.operations = Math.floor(limits.operations / 2);
  else if (isEtcdError(thrown, 'too_large')) limits.bytes = Math.floor(limits.bytes / 2);
  else return false;
  if (limits.operations < FEWEST || limits.bytes === 0) return false;
  if (thrown.endpoint !== undefined) learn(client, limits);
  return true;
}

/** The server of `client` was found to take no more than that. */
export function learn(client: Client, { operations = OPERATIONS, bytes = MOST_BYTES }: Partial<Limits>): void {
  const before = limitsOf(client);
  known.set(client, { operations: Math.max(FEWEST, Math.min(before.operations, operations)), bytes: Math.min(before.bytes, bytes) });
}
