/** What a server takes in one request: as much as etcd by default, until it has refused that. */
import { isEtcdError, type Client } from '../../client/index.js';
import { OPERATIONS } from './plan-txn.js';

export interface Limits {
  /** In one list of a txn. */
  operations: number;
  bytes: number;
}

/** Bytes of a request that any etcd takes: 1.5 MiB, less what we may have counted wrong. */
const MOST_BYTES = 1.5 * 1024 * 1024 - 16 * 1024;
/** If the server's limit were below this many operations, it would make no sense. */
const FEWEST = 2;

/** By client: when the settings change, there is a new client. */
const known = new WeakMap<Client, Limits>();

/** What the server of `client` takes, as far as that is known. The caller may change it. */
export function limitsOf(client: Client): Limits {
  return { operations: OPERATIONS, bytes: MOST_BYTES, ...known.get(client) };
}

/**
 * Halves the limit that was refused.
 * @param limits those that the request kept to. They are changed, and remembered for the next request if the server has refused
 * @returns whether another try makes sense
 */
export function lower(client: Client, limits: Limits, thrown: unknown): boolean {
  if (isEtcdError(thrown, 'too_many_ops')) limits.operations = Math.floor(limits.operations / 2);
  else if (isEtcdError(thrown, 'too_large')) limits.bytes = Math.floor(limits.bytes / 2);
  else return false;
  if (limits.operations < FEWEST || limits.bytes === 0) return false;
  if (thrown.endpoint !== undefined) learn(client, limits);
  return true;
}

/** It turned out that the server of `client` takes no more than that. */
export function learn(client: Client, { operations = OPERATIONS, bytes = MOST_BYTES }: Partial<Limits>): void {
  const before = limitsOf(client);
  known.set(client, { operations: Math.max(FEWEST, Math.min(before.operations, operations)), bytes: Math.min(before.bytes, bytes) });
}
