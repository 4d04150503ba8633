/** One leader among many. It is a lock whose key holds what the leader has to say. */
import { openBackoff } from './backoff.js';
import type { Key, KeyValue } from './codec.js';
import type { CallOptions, Connection } from './connection.js';
import { EtcdError, isEtcdError } from './errors.js';
import type { Leases } from './leases.js';
import { BUDGET, lock, type HoldOptions, type Lock } from './lock.js';
import { transact } from './puts.js';
import { holderOf } from './queue.js';
import { prefixEnd } from './range.js';
import { isPassing, watch } from './watch.js';

export interface Leadership extends Lock {
  /** Says something else. @throws EtcdError lease_not_found if another one leads by now */
  proclaim(value: Buffer, options?: Partial<CallOptions>): Promise<void>;
}

export interface Election {
  /** Waits until we are the leader. @param value what the others are told */
  campaign(value: Buffer, options?: Omit<HoldOptions, 'value'>): Promise<Leadership>;
  /** The key of the leader, with what it has proclaimed; undefined if there is none. */
  leader(options?: Partial<CallOptions>): Promise<KeyValue | undefined>;
  /**
   * Gives the leader now, and again each time that another one leads or the leader proclaims something else. It is undefined while
   * there is none. Of several changes at once only the last is given. It ends with the signal, and waits for an etcd that is away.
   * @throws EtcdError as Client.watch()
   */
  observe(options?: { signal?: AbortSignal; budget?: number }): AsyncIterable<KeyValue | undefined>;
}

/** As Client.election(). */
export function openElection(connection: Connection, leases: Leases, name: Key): Election {
  const leader = (options: Partial<CallOptions> = {}): Promise<KeyValue | undefined> =>
    holderOf(connection, name, { budget: BUDGET, ...options });
  return {
    async campaign(value, options) {
      const held = await lock(connection, leases, name, { ...options, value });
      return { ...held, proclaim: (next, more) => proclaim(connection, held, next, { budget: BUDGET, ...more }) };
    },
    leader,
    async *observe(options = {}) {
      const signal = AbortSignal.any([connection.closed, ...(options.signal ? [options.signal] : [])]);
      const prefix = `${name}/`;
      let last: KeyValue | undefined;
      let isFirst = true;
      for await (const item of watch(connection, { key: prefix, rangeEnd: prefixEnd(prefix) }, options)) {
        if (item.type === 'progress') continue;
        const now = await persist(() => leader(options), signal);
        if (signal.aborted) return;
        if (isFirst || now?.key !== last?.key || now?.modRevision !== last?.modRevision) yield now;
        [last, isFirst] = [now, false];
      }
    },
  };
}

/** Asks until there is an answer. @returns undefined also if the signal aborts @throws EtcdError if waiting does not help */
async function persist<Answer>(ask: () => Promise<Answer>, signal: AbortSignal): Promise<Answer | undefined> {
  const backoff = openBackoff();
  while (!signal.aborted) {
    try {
      return await ask();
    } catch (thrown) {
      if (!isEtcdError(thrown) || !isPassing(thrown)) throw thrown;
      await backoff.wait(signal);
    }
  }
  return undefined;
}

async function proclaim(connection: Connection, { key, lease, guard }: Lock, value: Buffer, options: CallOptions): Promise<void> {
  // The guard is its only compare, so it may be sent twice: the second time it puts the same again.
  const { succeeded } = await transact(connection, { compare: [guard], then: [{ op: 'put', key, value, lease }] }, options);
  if (!succeeded) throw new EtcdError('lease_not_found', `${key} is gone: the leader is another one`);
}
